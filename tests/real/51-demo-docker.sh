#!/bin/sh
# The demo with a docker daemon: what it leaves in the registry and in the daemon.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
. "${0%/*}/demo-runs.sh"
use_docker

run_image()
{
	image=$1
	shift
	"$docker" pull --quiet "$image" >"$WORK/null"
	"$docker" run --rm --network none "$image" "$@"
}

note "the demo, which finds the daemon by itself"
new_demo first
run_demo ''
has "$WORK/demo.log" "--engine docker"
check_what_it_said
restart_registry
check_registry
check_versions

note "what the daemon holds of it"
same "$("$docker" images --format '{{.Tag}}' stampmill-demo | sort | xargs)" \
	"baseline-0463809e237d baseline-6fba4e3d1b09 baseline-8a1ac4582e09 baseline-d26278459e60" "images"
same "$("$docker" ps --all --quiet)" "" "containers left"

note "again, on top of what is there"
stop "$PID"
run_demo docker
check_what_it_said
