# shellcheck shell=sh
# engine.sh - which docker client to use, and whether its daemon answers.  Sourced.
# reads: DOCKER (a client's path; else the first of PATH that fits)

# A client can build with BuildKit by itself up to version 22, later ones by way of
# the buildx plugin.  Without BuildKit there are no secrets and no mounts.
docker_fits()
{
	version=$("$1" --version 2>/dev/null) || return 1
	version=${version#Docker version }
	[ "${version%%.*}" -lt 23 ] 2>/dev/null || "$1" buildx version >/dev/null 2>&1
}

docker_find()
{
	IFS=:
	for folder in $PATH; do
		if docker_fits "$folder/docker"; then
			unset IFS
			docker=$folder/docker
			return
		fi
	done
	fail "no docker client that can build with BuildKit: install docker-buildx, or set DOCKER"
}

docker=${DOCKER-}
[ -n "$docker" ] || docker_find
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
