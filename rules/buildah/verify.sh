#!/bin/sh
# Check that the image belongs to the commit, and run the smoke test in it, without network.
# usage: verify.sh     reads: GEN_ISOLATION
# exit:  0 good, 76 the image is lost, else failed
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
local=localhost/$(recipe local)
container=$(recipe local | tr : .)-verify

image_check "$(label "$local" stampmill.input)" \
	"$(label "$local" org.opencontainers.image.revision)"

trap 'buildah rm "$container" >/dev/null 2>&1 || :' EXIT
trap 'exit 143' HUP INT TERM
containers_remove "$container"
# shellcheck disable=SC2046	# options without blanks
buildah from --pull-never $(limits) --name "$container" "$local" >/dev/null
isolated none run "$container" -- sh -c "$(cat out/smoke/fleet)" || {
	status=$?
	! was_killed $status || again "$local: the smoke test was killed"
	fail "$local: the smoke test failed"
}
trap - EXIT
buildah rm "$container" >/dev/null || again "$container is not removed"	# nobody else would remove it
id=$(image_id "$local")
result image_id "$id"
