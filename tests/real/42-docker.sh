#!/bin/sh
# The image, verify and push steps with a real docker daemon and a real registry.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
. "${0%/*}/engine-steps.sh"
use_docker
use_base

new_fleet docker

images()
{
	"$docker" images --all --quiet
}

image_ids()
{
	"$docker" images --quiet --no-trunc "$1"
}

image_remove()
{
	"$docker" rmi --force "$1" >/dev/null
}

image_read()
{
	"$docker" run --rm --network none "$LOCAL" cat "$1"
}

image_paths()
{
	"$docker" save "$LOCAL" | tar -xO --wildcards '*/layer.tar' | tar -t --ignore-zeros
}

image_label()
{
	"$docker" image inspect --format "{{index .Config.Labels \"$1\"}}" "$LOCAL"
}

image_history()
{
	"$docker" history --no-trunc "$LOCAL"
	"$docker" image inspect --format '{{json .Config}}' "$LOCAL"
}

containers()
{
	"$docker" ps --all --quiet
}

# What the daemon's builds have in use.
builds()
{
	"$docker" system df --verbose --format '{{json .BuildCache}}' |
		jq -r '.[] | select(.InUse == "true") | "\(.ID) \(.Description)"'
}

steps_from_source_to_registry
how_it_was_built_is_not_in_it
done_already_is_done_in_a_moment
a_pushed_image_makes_room
values_are_not_evaluated
only_our_own_tags_are_replaced
claims_are_checked_in_the_build
failures_have_their_status
too_little_memory_means_fewer_jobs

nothing_survives

note "a deadline in the middle of a build: by its own lists, the daemon has nothing of it left"
deadline_s=$((10 + 5 * nap_began_s))	# far behind the moment when it sleeps
echo "deadline_s=$deadline_s" >>"$FLEET/out/settings/fleet"
start_napping_step
sed -i '$d' "$FLEET/out/settings/fleet"
[ -n "$(builds)" ] || fail "the daemon does not know of the build"
wait $PID && fail "step succeeded"
has "$WORK/napping.log" "deadline of $deadline_s s"
same "$(sleepers)" "" "processes left"
same "$(builds)" "" "builds left"
same "$(containers)" "" "containers left"
steps image

note "a container that the daemon does not remove is another try"
printf '#!/bin/sh\n[ "$1" != rm ] || exit 1\nexec "%s" "$@"\n' "$docker" >"$WORK/docker-keeps"
chmod +x "$WORK/docker-keeps"
(export DOCKER="$WORK/docker-keeps"; step_exits 75 verify)
steps verify
same "$(containers)" "" "containers left"

note "a smoke test that hangs is ended with its container"
nap=$((800000 + $$ % 90000))
echo "sleep $nap" >"$FLEET/out/smoke/fleet"
(cd "$FLEET" && exec "$STEP" verify "$TARGET" -- "$SRC/rules/docker/verify.sh") >"$WORK/verify.log" 2>&1 &
PID=$!
wait_for 60 some_sleepers || fail "the smoke test does not run"
kill -TERM $PID
wait $PID && fail "step succeeded"
wait_for 30 all_down || fail "still running: $(sleepers)"
same "$(containers)" "" "containers left"

a_registry_that_is_gone_is_worth_another_try

note "the daemon stops, in a build and before one"
start_napping_step
stop "$DOCKERD"
wait $PID && fail "step succeeded"
has "$WORK/napping.log" "builder-lost"
step_exits 75 verify
has "$LOG" "the docker daemon does not answer"
