# shellcheck shell=sh
# engine.sh - run buildah.  Sourced.     reads: GEN_ISOLATION, GEN_INSECURE

command -v buildah >/dev/null || fail "buildah is not installed: install it, or run gen --engine docker"
[ -z "${GEN_ISOLATION-}" ] || export BUILDAH_ISOLATION="$GEN_ISOLATION"

# isolated NETWORK build|run ARGUMENT...: run buildah, with this network for its commands.
#
# Under oci isolation, the processes of a RUN have a process group of their own and outlive a killed
# buildah; in a PID namespace they end with it.  Under chroot isolation, buildah cannot take the
# network away, so it runs in a namespace without one.  unshare exits with 1 if buildah is killed; a
# shell between them exits with 137.
isolated()
{
	network=$1 command=$2 namespaces='--pid --fork --kill-child --mount-proc'
	shift 2
	if [ "$network" = none ] && [ "${BUILDAH_ISOLATION-}" = chroot ]; then
		namespaces="$namespaces --net"
	elif [ "$network" != default ]; then
		set -- --network "$network" "$@"
	fi
	set -- buildah "$command" "$@"
	# shellcheck disable=SC2016,SC2086	# expanded there; a list of options
	[ "$(id -u)" != 0 ] || set -- unshare $namespaces -- sh -c '"$@"; exit $?' sh "$@"
	"$@"
}

# The limits that this process has, as options of build and from: a RUN gets the same.  On its
# own, buildah 1.35 and newer raise the limits of open files and processes to 1,048,576.  Only
# CAP_SYS_RESOURCE may raise a limit, so that no RUN starts in most containers and batch jobs.
# Buildah 1.28 lowers its own limit of processes to pid_max: it could not go back above that.
limits()
{
	awk -v pid_max="$(cat /proc/sys/kernel/pid_max)" '
		function most(n) { return n == "unlimited" || n + 0 > pid_max + 0 ? pid_max : n }
		/^Max processes /  { print "--ulimit=nproc=" most($3) ":" most($4) }
		/^Max open files / { print "--ulimit=nofile=" $4 ":" $5 }' /proc/self/limits
}

# local_name IMAGE: print the engine's name for a local image.
local_name()
{
	printf 'localhost/%s\n' "$1"
}

# label IMAGE NAME: print its value, or nothing if there is no such image or label.
label()
{
	buildah inspect --type image --format "{{index .OCIv1.Config.Labels \"$2\"}}" "$1" \
		2>/dev/null || :
}

image_id()
{
	buildah inspect --type image --format 'sha256:{{.FromImageID}}' "$1"
}

# image_made NAME OLD_ID: report its id, and remove the image that had the name before.
image_made()
{
	id=$(image_id "$1")
	if [ "$2" ] && [ "$2" != "$id" ]; then
		buildah rmi "${2#sha256:}" >/dev/null || :
	fi
	result image_id "$id"
}

# containers_remove NAME: remove working containers that a killed attempt left.
containers_remove()
{
	# buildah fails if a container disappears while it makes the list.
	tries=5
	until names=$(buildah containers --format '{{.ContainerName}}'); do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || again "buildah does not list its containers"
		sleep 1
	done
	for left in $names; do
		case $left in
		"$1" | "$1"-[0-9]*)
			say "removing $left, left by an attempt that was killed"
			buildah rm "$left" >/dev/null ;;
		esac
	done
}

# tls IMAGE: print the option that its registry needs.
tls()
{
	if [ "${GEN_INSECURE:-0}" = 1 ] || loopback "$1"; then
		echo --tls-verify=false
	else
		echo --tls-verify=true
	fi
}

image_drop()
{
	buildah rmi "localhost/$1"
}
