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

note "the demo again while its registry is in use, or a second registry: they say so"
exits 1 env DEMO_ENGINE=buildah sh "$DEMO/demo.sh"
has "$WORK/stderr" "another demo is running in $DEMO, or its registry is"
exits 1 sh "$DEMO/demo.sh" registry
has "$WORK/stderr" "another demo is running in $DEMO, or its registry is"
exits 1 sh "$DEMO/demo.sh" regsitry
has "$WORK/stderr" 'unknown argument "regsitry"'

# changed WHAT WANT: gen and ninja after a change, started as a person does: ninja alone.
# WANT are the edges that run, sorted.
changed()
{
	note "$1"
	go_on >"$WORK/ninja.log" 2>&1 || { cat "$WORK/ninja.log"; fail "ninja failed"; }
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
stop "$PID"

note "killed in the middle of a build, it leaves nothing mounted: out/ can be deleted"
new_demo third
exits 1 sh "$DEMO/demo.sh" registry
has "$WORK/stderr" "there is no registry yet"
cp "$DEMO/files/build.sh" "$WORK/build.sh"
sed -i '1a echo napping; sleep 10000' "$DEMO/files/build.sh"
start third env DEMO_ENGINE=buildah DEMO_CACHE="$CACHE" setsid sh "$DEMO/demo.sh"
# shellcheck disable=SC2016	# for the other shell
wait_for 60 sh -c 'grep -q napping "$0"/out/logs/*/image.1.log' "$DEMO" ||
	{ cat "$WORK/third.log"; fail "no build naps"; }
kill -KILL "-$PID"
wait_for 30 rm -rf "$DEMO/out" || fail "out/ cannot be deleted: $(rm -rf "$DEMO/out" 2>&1)"

note "a build that fails: the demo says how to go on, and that works"
sed 's/^make install/exit 7/' "$WORK/build.sh" >"$DEMO/files/build.sh"
exits 1 env DEMO_ENGINE=buildah DEMO_CACHE="$CACHE" sh "$DEMO/demo.sh"
has "$WORK/stderr" "start it again: sh $DEMO/demo.sh registry"
restart_registry
cp "$WORK/build.sh" "$DEMO/files/build.sh"
go_on || fail "the demo does not go on"
check_native
check_registry
