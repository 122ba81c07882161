#!/bin/sh
# One step an edge, one ninja a folder; whoever is dead does not count.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
need ninja
finally end_marked
step_fleet fleet

cat >wait.sh <<'END'
#!/bin/sh
touch "started.$GEN_STEP"
until [ -e go ]; do sleep 0.1; done
END
chmod +x wait.sh

note "a second step for the same edge"
env "$MARK" "$STEP" source $TARGET -- ./wait.sh &
FIRST=$!
wait_for 60 test -e started.source || fail "the step does not start"
exits 1 "$STEP" source $TARGET -- ./wait.sh
has "$WORK/stderr" "step: out/run/$TARGET.source: another step is at work on this: process $(marked_named step) on $(uname -n), since 20"

note "another edge is free"
exits 0 "$STEP" patch $TARGET -- true
exits 0 "$STEP" source baseline-000000000001 -- true
touch go
wait $FIRST || fail "the first step failed"
exits 0 "$STEP" source $TARGET -- true

note "a second ninja"
rm -f go started.*
build_start
edge source ./wait.sh
edge patch ./wait.sh
rm -f out/stamps/*
env "$MARK" ninja -j1 >"$WORK/first.log" 2>&1 &
FIRST=$!
wait_for 60 sh -c 'test -e started.source || test -e started.patch' || fail "ninja does not start"
exits 1 ninja -j1
has "$WORK/stdout" "step: another ninja is at work in this folder: process $(marked_named ninja) on $(uname -n), since 20"
touch go
wait $FIRST || { cat "$WORK/first.log"; fail "the first ninja failed"; }
exits 0 ninja
has "$WORK/stdout" "no work to do"

note "a dead ninja's note does not block"
printf 'pid=1\nstart=99999999999\n' >out/run/ninja
rm -f out/stamps/*
exits 0 ninja

note "what a note says after a crash may be cut off"
printf 'pid=12\nsta' >out/run/$TARGET.source
exits 0 "$STEP" source $TARGET -- true

note "a second gen; a dry run writes nothing, and may look"
need git
mkdir "$WORK/small"
cd "$WORK/small"
. "$SRC/tests/small_fleet.sh"
mkdir -p out/run
printf 'pid=%s\nhost=here\nsince=2026-11-24T05:00:00Z\n' $$ >out/run/gen
exec 7<out/run/gen
flock 7
exits 1 "$GEN" --offline
has "$WORK/stderr" "gen: another gen is at work in this folder: process $$ on here, since 2026-11-24T05:00:00Z"
[ ! -e build.ninja ] || fail "it wrote build.ninja"
exits 0 "$GEN" --offline --dry-run

note "a dead gen's lock does not block"
exec 7<&-
exits 0 "$GEN" --offline --engine buildah
[ -e build.ninja ] || fail "build.ninja is not written"
[ ! -e out/run/gen ] || fail "the note is still there"
