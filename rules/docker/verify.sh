#!/bin/sh
# Check that the image belongs to the commit, and run the smoke test in it, without network.
# usage: verify.sh
# exit:  0 good, 75 the daemon does not answer, 76 the image is lost, else failed
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
local=$(recipe local)
container=$(recipe local | tr : .)-verify

image_check "$(label "$local" stampmill.input)" \
	"$(label "$local" org.opencontainers.image.revision)"

remove_container()
{
	"$docker" rm --force --volumes "$container" >/dev/null
}
trap 'remove_container 2>/dev/null || :' EXIT
trap 'exit 143' HUP INT TERM
remove_container 2>/dev/null || :	# from a killed attempt: the daemon still runs it

"$docker" run --name "$container" --network none --entrypoint sh "$local" \
	-c "$(cat out/smoke/fleet)" &	# in the background, so that the trap runs at once
wait $! || {
	status=$?
	daemon_check
	! was_killed $status || again "$local: the smoke test was killed"
	fail "$local: the smoke test failed"
}
trap - EXIT
remove_container || again "$container is not removed"	# nobody else would remove it
id=$(image_id "$local")
result image_id "$id"
