#!/bin/sh
# The demo with buildah: what it leaves in the registry, the same bytes from scratch, and
# what runs again after a change.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
. "${0%/*}/demo-runs.sh"
use_buildah	# to look at what the demo, with its own storage, made

run_image()
{
	image=$1
	shift
	container=$(buildah from --quiet --tls-verify=false "$image")
	buildah run --isolation chroot "$container" "$@"
	buildah rm "$container" >/dev/null
}

objects_in()
{
	container=$(buildah from --quiet --tls-verify=false "$1")
	(cd "$(buildah mount "$container")" && sha256sum usr/src/tally/*.o usr/local/bin/tally)
	buildah rm "$container" >/dev/null
}

note "the demo"
new_demo first
run_demo buildah
check_what_it_said "2 reuse, 1 share, 4 compile"
check_native
check_compiles
digests >"$WORK/first.digests"
restart_registry
check_registry
check_versions
objects >"$WORK/first.objects"

note "two at a time in one folder: the second says so"
exec 7>"$DEMO/out/lock"
flock 7
exits 1 env DEMO_ENGINE=buildah sh "$DEMO/demo.sh"
has "$WORK/stderr" "another demo is running in "
exec 7>&-

# changed WHAT WANT: gen and ninja after a change, started as a person does: ninja alone.
# WANT are the edges that run, sorted.
changed()
{
	note "$1"
	(cd "$DEMO" && ninja) >"$WORK/ninja.log" 2>&1 || { cat "$WORK/ninja.log"; fail "ninja failed"; }
	same "$(sed -n 's/^\[[0-9/]*\] \([a-z]*\) *\(baseline-[0-9a-f]*\)$/\1 \2/p' "$WORK/ninja.log" | sort | xargs)" \
		"$2" "edges that ran"
}

export CONTAINERS_STORAGE_CONF="$DEMO/out/storage.conf"
"$GEN" -C "$DEMO" --registry "$REGISTRY" --engine buildah >"$WORK/plan"
has "$WORK/plan" "      8 present"
changed "nothing" ""

patched=baseline-8a1ac4582e09
sed -i '1s/$/ (reworded)/' "$DEMO/patches/8a1ac4582e09/01-unused-variable.patch"
changed "words in a patch: only the image that it is for" \
	"image $patched patch $patched push $patched verify $patched"
has "$DEMO/out/logs/$patched/push.2.log" "is replaced"
changed "nothing" ""

sed -i 's/"max_jobs": 2/"max_jobs": 1/' "$DEMO/fleet.json"
changed "the number of jobs: nothing" ""
has "$DEMO/out/settings/fleet" "jobs=1"

sed -i '/"name": "commit-time"/s/commit-time/time-of-commit/' "$DEMO/fleet.json"
changed "the name of a substitution: the images that it is for" "$(
	for t in baseline-0463809e237d baseline-6fba4e3d1b09; do
		printf '%s\n' "patch $t" "image $t" "verify $t" "push $t"
	done | sort | xargs)"

note "a second time, from scratch: the same bytes"
stop "$PID"
new_demo second
run_demo buildah
digests | diff "$WORK/first.digests" - || fail "other digests"

note "and the first again, where it was, with what it left, all compiled: the same objects"
DEMO=$WORK/first/examples/demo
cp "$SRC/examples/demo/fleet.json" "$DEMO/fleet.json"
cp "$SRC/examples/demo/patches/8a1ac4582e09/01-unused-variable.patch" "$DEMO/patches/8a1ac4582e09/"
sed -i 's/"\$RUNS" ;;/"$RUNS"; sleep 0.5 ;;/' "$DEMO/files/gcc"	# for two to meet at one unit
run_demo buildah compile
check_what_it_said "7 compile"
check_compiles
restart_registry
objects | diff "$WORK/first.objects" - || fail "other objects"
