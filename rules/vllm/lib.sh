# shellcheck shell=sh disable=SC2034
# lib.sh - what the scripts beside it share.  Sourced.
#
# They run inside the image build, in what vllm.Dockerfile mounts and copies; each takes
# all its places as arguments, absolute, so that it can be tried anywhere.
set -eu
export LC_ALL=C.UTF-8

# A base has these for its own use; ours is to install over it, as root, once, and to
# leave nothing behind.
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
export PIP_NO_INPUT=1 PIP_RETRIES=5 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1

here=$(cd "${0%/*}" && pwd -P)

say()
{
	printf '%s: %s\n' "${0##*/}" "$*"
}

fail()
{
	say "$@" >&2
	exit 1
}

# What the plan says of the objects is not so: the image step compiles instead.
lost()
{
	echo "stampmill: native claim lost: $*"
	exit 1
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# Go to an empty folder, so that no import finds anything in the current one.
go_nowhere()
{
	nowhere=$(mktemp -d)
	trap 'cd / && rm -rf "$nowhere"' EXIT
	trap 'exit 143' HUP INT TERM
	cd "$nowhere"
}

# torch EXPRESSION: what Python prints for it, with torch imported.
torch()
{
	python3 -c "import torch; print($1)" || fail "python3 of the base has no torch that works"
}

# cuda_release TEXT: the release it begins with, 12.4 for 12.4.1-devel-ubuntu22.04, or nothing.
cuda_release()
{
	printf '%s\n' "$1" | sed -n 's/^\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p'
}

# cuda_home RELEASE PREFIX: the folder of that release's toolkit; fails if there is none.
cuda_home()
{
	for home in "$2/cuda-$1" "$2/cuda"; do
		if "$home/bin/nvcc" --version 2>/dev/null | grep -qF "release $1,"; then
			printf '%s\n' "$home"
			return 0
		fi
	done
	return 1
}
