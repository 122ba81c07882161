#!/bin/sh
# The demo with a docker daemon: what it leaves in the registry and in the daemon.
# shellcheck disable=SC2086	# lists of words
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

objects_in()
{
	run_image "$1" sh -c 'sha256sum /usr/src/tally/*.o /usr/local/bin/tally'
}

note "the demo, which finds the daemon by itself"
new_demo first
run_demo ''
has "$WORK/demo.log" "--engine docker"
check_what_it_said "2 reuse, 1 share, 4 compile"
check_native
check_compiles
restart_registry
check_registry
check_versions
objects >"$WORK/first.objects"

note "what the daemon holds of it"
same "$("$docker" images --format '{{.Tag}}' stampmill-demo | sort | xargs)" \
	"$(printf 'baseline-%s\n' $parents | sort | xargs)" "images"
same "$("$docker" ps --all --quiet)" "" "containers left"

note "again, on top of what is there, and all compiled: the same objects, with no run of the compiler"
stop "$PID"
run_demo docker compile
check_what_it_said "7 compile"
same "$(cat "$DEMO"/out/logs/*/image.*.log | grep -c 'compiled: -')" 0 "runs of the compiler"
restart_registry
objects | diff "$WORK/first.objects" - || fail "other objects"
