# shellcheck shell=sh
# client.sh - find a docker client that can build with BuildKit.  Sourced.

# Clients up to version 22 have BuildKit themselves; later ones need the buildx plugin.  Without
# BuildKit, a build has no secrets and no mounts.
docker_fits()
{
	version=$("$1" --version 2>/dev/null) || return 1
	version=${version#Docker version }
	[ "${version%%.*}" -lt 23 ] 2>/dev/null || "$1" buildx version >/dev/null 2>&1
}

# Set docker: $DOCKER, or else the first client in PATH that fits.
docker_find()
{
	docker=${DOCKER-}
	[ -z "$docker" ] || return 0
	IFS=:
	for folder in $PATH; do
		if docker_fits "$folder/docker"; then
			docker=$folder/docker
			break
		fi
	done
	unset IFS
	[ "$docker" ]
}
