#!/bin/sh
# A registry that misbehaves in every way we can think of: verdicts, words, exit statuses,
# requests, time and memory, and who was shown credentials.
. "${0%/*}/../lib.sh"
begin
need python3
real=$SRC/tests/real

start badregistry python3 "$real/badregistry.py" "$WORK/requests"
wait_for 30 grep -q TRAP "$WORK/badregistry.log" || fail "no registry"
port=$(sed -n 's/^REGISTRY //p' "$WORK/badregistry.log")
trap_port=$(sed -n 's/^TRAP //p' "$WORK/badregistry.log")

python3 "$real/registry_faults.py" "$BUILD/obj/tools/registry_probe" "$WORK/faults" \
	"$WORK/requests" "$port" "$trap_port" || fail "see above"

# Nothing that a thread of the server tripped over was taken for a fault of ours.
lacks "$WORK/badregistry.log" Traceback
