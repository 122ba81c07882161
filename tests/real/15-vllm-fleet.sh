#!/bin/sh
# The vLLM fleet, planned against its real history and a real registry.
# VLLM_REPO names a clone of vLLM with its history up to August 2025.
# shellcheck disable=SC2086	# lists of words
. "${0%/*}/../lib.sh"
begin
[ -n "${VLLM_REPO-}" ] || skip "optional: VLLM_REPO names no clone of vLLM"
need docker-registry curl jq ninja

# The 30 mapped parents that have no tag: 27 to build, then the 3 that failed for good.
to_build="a6d795d59304 733e7c9e95f5 8d59dbb00044 3d925165f2b1 8bb43b9c9ee8 acaea3bb0788
ec82c3e388b9 cc466a32903d dd572c0ab3ef 4ce64e2df486 90f1e55421f1 67abdbb42fdb d263bd9df7b2
edc4fa31888b c8d70e2437fe 7d94577138e3 63d635d17962 f168b8572520 76b494444fd8 8c1e77fb585c
e642ec962cf2 4a18fd14ba4a 3e1c76cf3a87 cf2f084d56a1 c34eeec58d3a 88faa466d788 eb5741ad422f"
failed="0e74d797ce86 2a0309a646b1 51c31bc10ca7"

fleet=$WORK/fleet
mkdir "$fleet"
cp -R "$SRC/fleet.json" "$SRC/mappings" "$fleet"
[ ! -d "$SRC/patches" ] || cp -R "$SRC/patches" "$fleet"

start_registry registry
registry_pid=$PID

note "tags: one tiny manifest under many names"
jq -r '.[] | (.parent_commit_full // .parent_commit)[:12]' "$fleet"/mappings/vllm-v?.json |
	grep -vwF "$(printf '%s\n' $to_build $failed)" >"$WORK/parents"
echo 029c71de11bc >>"$WORK/parents"
same "$(wc -l <"$WORK/parents")" 49 "tags"
jq -r '.[].human_commit_full' "$fleet"/mappings/vllm-v?.json >"$WORK/humans"
same "$(wc -l <"$WORK/humans")" 78 "humans"

# put_blob REPOSITORY FILE: its digest on stdout.
put_blob()
{
	digest=sha256:$(sha256sum "$2" | cut -d' ' -f1)
	place=$(curl -sSf -X POST -D - -o "$WORK/null" "http://$REGISTRY/v2/$1/blobs/uploads/" |
		tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
	curl -sSf -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" \
		"$place&digest=$digest" >"$WORK/null"
	echo "$digest"
}

# put_tags REPOSITORY: a manifest under each name that stdin holds.
put_tags()
{
	echo '{}' >"$WORK/config"
	digest=$(put_blob "$1" "$WORK/config")
	jq -n --arg d "$digest" '{schemaVersion: 2,
		mediaType: "application/vnd.docker.distribution.manifest.v2+json",
		config: {mediaType: "application/vnd.docker.container.image.v1+json", size: 3, digest: $d},
		layers: []}' >"$WORK/manifest"
	while read -r tag; do
		echo "next"
		echo "url = http://$REGISTRY/v2/$1/manifests/$tag"
		echo 'request = PUT'
		echo "data-binary = @$WORK/manifest"
		echo 'header = "Content-Type: application/vnd.docker.distribution.manifest.v2+json"'
		echo 'fail'
	done | sed 1d >"$WORK/put"
	curl -sS -K "$WORK/put" >"$WORK/null"
}
sed 's/^/baseline-/' "$WORK/parents" | put_tags anonymous/vllm-baseline
put_tags anonymous/vllm-bench <"$WORK/humans"

# The engine is not what is tried here.
plan()
{
	"$GEN" -C "$fleet" --repo "$VLLM_REPO" --registry "$REGISTRY" --engine buildah "$@"
}

note "the numbers"
plan --json >"$WORK/plan"
totals=$(jq -c '.totals | [.entries, .parents, .present, .absent, .unknown, .build, .hold,
	.unmapped_tags, .dataset]' "$WORK/plan")
same "$totals" '[78,78,48,30,0,27,3,1,95]' totals
same "$(jq -c '.totals | [.reuse, .share, .wheel, .compile]' "$WORK/plan")" '[24,0,0,3]' "how objects come about"
same "$(jq -r '.images[] | select(.native == "compile").target' "$WORK/plan" | xargs)" \
	"baseline-88faa466d788 baseline-90f1e55421f1 baseline-edc4fa31888b" "images to compile"
# found RULE: the parents that it matches.
found()
{
	jq -r --arg rule "$1: " '.images[] | select(any(.preflight[]; startswith($rule))).target' "$WORK/plan" |
		cut -d- -f2 | xargs
}
same "$(found python-constraint)" 9bde5ba12709 "parents that reject the base's Python"
same "$(found cumem-links-libcuda)" "0e74d797ce86 2a0309a646b1 3e1c76cf3a87 7206ce4ce112 eb5741ad422f" \
	"parents that link -lcuda"
same "$(jq -c .unmapped_tags "$WORK/plan")" '["baseline-029c71de11bc"]' "unmapped tags"
same "$(jq -r '.images[] | select(.decision == "build").target' "$WORK/plan")" \
	"$(printf 'baseline-%s\n' $to_build | sort)" "images to build"
same "$(jq -r '.images[] | select(.patches | index("sub-01-python-3.12-patch.patch")).target' "$WORK/plan")" \
	"" "Python constraint among what is to be built"
jq -e 'all(.images[] | select(.decision == "build"); .base.digest | startswith("sha256:"))' \
	"$WORK/plan" >"$WORK/null" || fail "a base without a digest"

note "ninja plans exactly those"
same "$(ninja -C "$fleet" -n -v | sed -n 's/.* image \(baseline-[0-9a-f]*\) .*/\1/p' | sort)" \
	"$(printf 'baseline-%s\n' $to_build | sort)" "images that ninja would build"
ninja -C "$fleet" -n baseline-9bde5ba12709 >"$WORK/out"
has "$WORK/out" "no work to do"
exits 1 ninja -C "$fleet" baseline-51c31bc10ca7
has "$WORK/stdout" "failed for good: CUDA API mismatch: vLLM v0.4.0 requires CUDA 11"

note "a second run changes nothing"
before=$(stat -c '%y %i' "$fleet/build.ninja" "$fleet/out/plan.json")
plan >"$WORK/summary"
same "$(stat -c '%y %i' "$fleet/build.ninja" "$fleet/out/plan.json")" "$before" "files' times"

note "a human image goes away: its image is held, by name"
human=7661e92ef85e552936195ae4b803e292b9a96776	# of parent f168b8572520
rm -r "$WORK/registry/docker/registry/v2/repositories/anonymous/vllm-bench/_manifests/tags/$human"
plan --json >"$WORK/plan"
same "$(jq -c '.totals | [.build, .hold]' "$WORK/plan")" '[26,4]' "build and hold"
same "$(jq -r '.images[] | select(.target == "baseline-f168b8572520").reason' "$WORK/plan")" \
	"base image absent: anonymous/vllm-bench:$human" "reason"

note "the registry stops: exit 1, nothing written"
stop "$registry_pid"
before=$(stat -c '%y %i' "$fleet/build.ninja" "$fleet/out/plan.json")
exits 1 plan --registry-timeout 5
same "$(stat -c '%y %i' "$fleet/build.ninja" "$fleet/out/plan.json")" "$before" "files' times"
