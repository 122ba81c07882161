#!/bin/sh
# A tag that was pushed from here and then removed from the registry is pushed again.
. "${0%/*}/../lib.sh"
begin
need docker-registry python3 ninja jq

fleet=$WORK/fleet
mkdir "$fleet"
cd "$fleet"
. "$SRC/tests/small_fleet.sh"
start_registry registry
push_tags()
{
	python3 "$SRC/tests/real/push_tags.py" "http://$REGISTRY" "$@" >"$WORK/pushed"
}
push_tags small/human "$C2" "$C3" "$C5"
push_tags small/baseline "baseline-$(short "$C1")" "baseline-$(short "$C4")"
target=baseline-$(short "$C4")

# What a push leaves, and an engine is not needed for that.
pushed()
{
	"$GEN" --registry "$REGISTRY" --engine buildah >"$WORK/plan"
	input=$(jq -r ".images[] | select(.target == \"$target\").input" out/plan.json)
	mkdir -p out/stamps
	printf 'step=push\ntarget=%s\ninput=%s\n' "$target" "$input" >"out/stamps/$target.push"
}

note "while the tag is there, the stamp stays"
pushed
exits 0 "$GEN" --registry "$REGISTRY" --engine buildah
[ -f "out/stamps/$target.push" ] || fail "the stamp is gone, and the tag is not"

note "the tag is removed: the stamp says what is no longer so"
rm -r "$WORK/registry/docker/registry/v2/repositories/small/baseline/_manifests/tags/$target"
exits 0 "$GEN" --registry "$REGISTRY" --engine buildah --dry-run
[ -f "out/stamps/$target.push" ] || fail "a dry run removed the stamp"
exits 0 "$GEN" --registry "$REGISTRY" --engine buildah --offline
[ -f "out/stamps/$target.push" ] || fail "old answers removed the stamp"
exits 0 "$GEN" --registry "$REGISTRY" --engine buildah
[ ! -f "out/stamps/$target.push" ] || fail "the stamp is still there"
ninja -n "$target" >"$WORK/ninja"
has "$WORK/ninja" "push     $target"
