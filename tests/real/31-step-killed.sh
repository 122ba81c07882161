#!/bin/sh
# Whatever is killed with -9, no stamp lies, nothing runs on, and the next ninja finishes.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
need ninja jq
finally end_marked
step_fleet fleet
setting jobs=8

# The first time the edge runs it does not end; the second time it does.
cat >work.sh <<END
#!/bin/sh
echo run >>runs
[ ! -e started ] || { rm started; echo digest=sha256:01 >>"\$GEN_RESULT"; exit 0; }
exec $STUBBORN
END
chmod +x work.sh
build_start
edge image ./work.sh

# Start ninja, and wait until the edge's command has started all that it starts.
ninja_start()
{
	rm -f started runs out/stamps/$TARGET.image
	env "$MARK" ninja >"$WORK/ninja.log" 2>&1 &
	NINJA=$!
	wait_for 60 test -e started || { cat "$WORK/ninja.log"; fail "the edge does not start"; }
}

# After the murder: no stamp, nobody left, and the same ninja again finishes.
check_recovery()
{
	wait "$NINJA" 2>/dev/null || :
	wait_for 60 nobody_left || fail "left running after $1: $(marked_pids)"
	[ ! -e out/stamps/$TARGET.image ] || fail "$1: a stamp without its image"
	ninja >"$WORK/ninja.log" 2>&1 || { cat "$WORK/ninja.log"; fail "$1: ninja does not finish"; }
	has out/stamps/$TARGET.image digest=sha256:01
	same "$(wc -l <runs)" 2 "runs of the edge, $1"
	jq -e . out/build_progress.json >/dev/null || fail "$1: progress is no JSON"
	same "$(jq -r '.images[].state' out/build_progress.json)" 'done'
	jq -e . out/journal.jsonl >/dev/null || fail "$1: the journal is no JSON"
	same "$(ls out/run)" "$(printf 'admission\nninja\nprogress')" "locks, $1"
	note "killed $1: recovered"
}

ninja_start
kill -KILL "$(marked_named step)"
check_recovery step

# The step sees that its keeper is gone, ends what it kept, and tries again itself.
ninja_start
kill -KILL "$(marked_named step-keeper)"
wait $NINJA || { cat "$WORK/ninja.log"; fail "killed keeper: ninja does not finish"; }
nobody_left || fail "left running: $(marked_pids)"
has out/stamps/$TARGET.image digest=sha256:01
same "$(wc -l <runs)" 2 "runs of the edge, keeper"
note "killed keeper: recovered"

# Both at once: the command's children have nobody.  The next run of the edge ends them.
ninja_start
# shellcheck disable=SC2046	# two numbers
kill -KILL $(marked_named step) $(marked_named step-keeper)
wait "$NINJA" || :
[ -n "$(marked_pids)" ] || fail "nothing was left: this test tests nothing"
ninja >"$WORK/ninja.log" 2>&1 || { cat "$WORK/ninja.log"; fail "ninja does not finish"; }
has "$WORK/ninja.log" "left by a run that was killed"
wait_for 60 nobody_left || fail "left running: $(marked_pids)"
has out/stamps/$TARGET.image digest=sha256:01
note "killed step and keeper: recovered"

# ninja: the step goes on and the next ninja waits for it.
cat >work.sh <<'END'
#!/bin/sh
echo run >>runs
touch started
until [ -e go ]; do sleep 0.1; done
echo digest=sha256:02 >>"$GEN_RESULT"
END
ninja_start
kill -KILL $NINJA
wait $NINJA 2>/dev/null || :
env "$MARK" ninja >"$WORK/second.log" 2>&1 &
SECOND=$!
two_steps()
{
	[ "$(marked_named step | wc -l)" = 2 ]
}
wait_for 60 two_steps || fail "the second ninja starts no step"
touch go
wait $SECOND || { cat "$WORK/second.log"; fail "the second ninja failed"; }
has out/stamps/$TARGET.image digest=sha256:02
wait_for 60 nobody_left || fail "left running: $(marked_pids)"
note "killed ninja: the next one waited"

# A progress entry of a step that was killed says so when the next step writes.
rm -f go started runs
ninja_start
same "$(jq -r '.images[].state' out/build_progress.json)" running
# shellcheck disable=SC2046
kill -KILL $(marked_named step) $(marked_named step-keeper)
wait "$NINJA" || :
end_marked
"$STEP" source baseline-000000000001 -- true
same "$(jq -r ".images[\"$TARGET\"].state" out/build_progress.json)" killed

note "a torn line of the journal is no more than one line lost"
printf '{"time":"2026' >>out/journal.jsonl
"$STEP" source baseline-000000000001 -- true
same "$(jq -cR 'fromjson? // "torn"' out/journal.jsonl | grep -c torn)" 1
same "$(tail -n 1 out/journal.jsonl | jq -r .event)" ended
