# shellcheck shell=sh
# engine.sh - see that there is a docker client, and a daemon that answers.  Sourced.
# reads: DOCKER (the client; else the first of PATH that fits)
. "${0%/*}/client.sh"

docker_find ||
	fail "no docker client that can build with BuildKit: install docker-buildx, or set DOCKER"
"$docker" version --format '{{.Server.Version}}' >/dev/null ||
	again "the docker daemon does not answer"

# label IMAGE NAME: its value, nothing if there is no such image or label.
label()
{
	"$docker" image inspect --format "{{index .Config.Labels \"$2\"}}" -- "$1" 2>/dev/null || :
}

image_id()
{
	"$docker" image inspect --format '{{.Id}}' -- "$1"
}
