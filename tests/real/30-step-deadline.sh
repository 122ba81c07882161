#!/bin/sh
# A deadline, and the end of a command, end all that it started, however it hides.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
finally end_marked
step_fleet fleet
setting deadline_s=1 grace_s=1 jobs=8 deadline_s.source=1000 deadline_s.patch=1000

note "a command that ignores TERM, with children in sessions of their own"
exits 1 env "$MARK" "$STEP" image $TARGET -i sha256:feed -- "$STUBBORN"
has "$WORK/stderr" "step: image of $TARGET failed: timeout"
has "$WORK/stderr" "deadline of 1 s"
nobody_left || fail "left running: $(marked_pids)"
[ ! -e out/stamps/$TARGET.image ] || fail "there is a stamp"
same "$(jq -r '.until' out/failures.jsonl)" deadline
same "$(jq -r 'select(.event == "ended") | .class' out/journal.jsonl)" timeout
[ ! -e out/run/$TARGET.image ] || fail "the lock is still there"

note "another deadline for one step"
exits 0 env "$MARK" "$STEP" source $TARGET -- sh -c 'sleep 1.2'
[ -e out/stamps/$TARGET.source ] || fail "no stamp"

note "what a command leaves behind when it ends well is ended, too"
exits 0 env "$MARK" "$STEP" patch $TARGET -- sh -c 'setsid sleep 1007 & sleep 1008 & exit 0'
nobody_left || fail "left running: $(marked_pids)"

note "the log of a command that is killed is whole"
for deadline_s in 1 10 100; do	# on a slow machine it says nothing in a second
	setting deadline_s=$deadline_s
	exits 1 env "$MARK" "$STEP" image $TARGET -i sha256:feed -- sh -c 'echo first; echo second >&2; sleep 1009'
	! grep -q second out/build_errors/0123456789ab.log || break
done
has out/build_errors/0123456789ab.log first
has out/build_errors/0123456789ab.log second

note "a command that is not there"
exits 1 "$STEP" verify $TARGET -- ./no-such-command
has out/logs/$TARGET/verify.1.log "./no-such-command: No such file or directory"
