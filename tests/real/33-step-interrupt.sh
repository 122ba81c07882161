#!/bin/sh
# ^C, TERM and HUP on ninja bring everything down, and the next ninja goes on.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
need ninja jq
finally end_marked
step_fleet fleet
setting jobs=8 grace_s=36000

build_start
edge image "$STUBBORN"

# The grace of a deadline is ten hours here: only ^C's short one can end this in time.
interrupt()
{
	rm -f started
	# An interactive shell's child: one that a script starts behind itself ignores INT.
	env --default-signal=INT "$MARK" ninja >"$WORK/ninja.log" 2>&1 &
	NINJA=$!
	wait_for 60 test -e started || { cat "$WORK/ninja.log"; fail "the edge does not start"; }
	kill "-$1" $NINJA
	wait_for 30 nobody_left || fail "left running after $1: $(marked_pids)"
	! wait $NINJA || fail "$1: ninja says that all is well"
	has "$WORK/ninja.log" "interrupted by user"
	[ ! -e out/stamps/$TARGET.image ] || fail "$1: there is a stamp"
	same "$(jq -r '.images[].state' out/build_progress.json)" interrupted
	[ ! -e out/failures.jsonl ] || fail "$1 counts as a failure"
	note "$1: all down"
}

interrupt INT
interrupt TERM
interrupt HUP

note "the next ninja goes on"
build_start
edge image true
ninja
[ -e out/stamps/$TARGET.image ] || fail "no stamp"

note "^C while a step waits for its next attempt"
setting retry_wait_s=500
cat >net.sh <<'END'
#!/bin/sh
echo 'curl: (6) Could not resolve host: example.org'
exit 1
END
chmod +x net.sh
env "$MARK" "$STEP" push $TARGET -- ./net.sh >"$WORK/push.log" 2>&1 &
PUSH=$!
wait_for 60 grep -q '"event":"waiting"' out/journal.jsonl || fail "it does not wait"
kill -TERM "$(marked_named step)"
status=0
wait $PUSH || status=$?
same $status 143 "exit status"
same "$(jq -r '.images[].state' out/build_progress.json)" interrupted

note "HUP is ignored under nohup"
setting retry_wait_s=0.1
cat >hup.sh <<'END'
#!/bin/sh
touch hup.started
until [ -e hup.go ]; do sleep 0.1; done
END
chmod +x hup.sh
env "$MARK" nohup "$STEP" patch $TARGET -- ./hup.sh >"$WORK/hup.log" 2>&1 &
HUP=$!
wait_for 60 test -e hup.started || fail "it does not start"
kill -HUP "$(marked_named step)"
touch hup.go
wait $HUP || { cat "$WORK/hup.log"; fail "HUP ended it"; }
