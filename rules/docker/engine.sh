# shellcheck shell=sh
# engine.sh - check that there is a docker client, and a daemon that answers.  Sourced.
# reads: DOCKER (the client; else the first in PATH that fits)
. "${0%/*}/client.sh"

docker_find ||
	fail "no docker client that can build with BuildKit: install docker-buildx, or set DOCKER"

# Also called after a failure: if the daemon has stopped, the step tries again later.
daemon_check()
{
	"$docker" version --format '{{.Server.Version}}' >/dev/null ||
		again "the docker daemon does not answer"
}
daemon_check

# local_name IMAGE: print the engine's name for a local image.
local_name()
{
	printf '%s\n' "$1"
}

# label IMAGE NAME: print its value, or nothing if there is no such image or label.
label()
{
	"$docker" image inspect --format "{{index .Config.Labels \"$2\"}}" -- "$1" 2>/dev/null || :
}

image_id()
{
	"$docker" image inspect --format '{{.Id}}' -- "$1"
}

# image_made NAME OLD_ID: report its id, and remove the image that had the name before.
image_made()
{
	id=$(image_id "$1")
	if [ "$2" ] && [ "$2" != "$id" ]; then
		"$docker" rmi "$2" >/dev/null || :
	fi
	result image_id "$id"
}

image_drop()
{
	"$docker" rmi -- "$1"
}
