#!/bin/sh
# Have the CUDA toolkit that the commit needs, and what else compiling needs.
# usage: toolkit.sh NOTES PREFIX CACHE
#        reads: BUILD_CUDA, which begins with a release ("12.4.1", or the tag of an image,
#        "12.4.1-devel-ubuntu22.04"); if it does not, torch's own counts.  Toolkits are in
#        PREFIX; packages are kept in CACHE, for the next image.
# exit:  0 there, and NOTES/cuda_home says where, else failed
. "${0%/*}/lib.sh"
notes=$1 prefix=$2 cache=$3

torch_cuda=$(torch 'torch.version.cuda or ""')
[ -n "$torch_cuda" ] || fail "torch of the base is built without CUDA"
release=$(cuda_release "${BUILD_CUDA-}")
: "${release:=$(cuda_release "$torch_cuda")}"

# torch refuses to build an extension then, but only when the compile starts.
[ "${release%%.*}" = "${torch_cuda%%.*}" ] ||
	fail "CUDA $release is wanted, but torch of the base is built for CUDA $torch_cuda"

packages=
have git || packages="$packages git"
have g++ || packages="$packages g++"
python3 -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ||
	packages="$packages $(python3 -c 'import sys; print("python%d.%d-dev" % sys.version_info[:2])')"
toolkit=cuda-toolkit-${release%.*}-${release#*.}
cuda_home "$release" "$prefix" >/dev/null || packages="$packages $toolkit"
have ccache || packages="$packages ccache"

# With lists of its own, apt leaves no trace of them in the image, nor uses stale ones.
apt()
{
	apt-get -q -o "Dir::State::lists=$lists" -o "Dir::Cache::archives=$cache" \
		-o APT::Sandbox::User=root -o Acquire::Retries=3 "$@"
}

offered()
{
	apt-cache -o "Dir::State::lists=$lists" "$@" 2>/dev/null
}

install_packages()
{
	have apt-get || fail "the base lacks$packages, and has no apt-get"
	lists=$(mktemp -d)
	trap 'rm -rf "$lists"' EXIT
	mkdir -p "$lists/partial" "$cache/partial"
	apt update
	wanted=
	for package in $packages; do
		if offered show "$package" | grep -q .; then
			wanted="$wanted $package"
		elif [ "$package" = ccache ]; then
			say "the base's package sources have no ccache: compiling without"
		elif [ "$package" = "$toolkit" ]; then
			# shellcheck disable=SC2046	# words
			fail "the base's package sources have no $toolkit; they have:" \
				$(offered pkgnames cuda-toolkit- | grep -E '^cuda-toolkit-[0-9]+-[0-9]+$' | sort -V)
		else
			fail "the base's package sources have no $package"
		fi
	done
	# shellcheck disable=SC2086	# words
	DEBIAN_FRONTEND=noninteractive apt install --yes --no-install-recommends $wanted
}

[ -z "$packages" ] || install_packages
home=$(cuda_home "$release" "$prefix") || fail "$toolkit is installed, but $prefix has no nvcc of it"
mkdir -p "$notes"
printf '%s\n' "$home" >"$notes/cuda_home"
say "CUDA $release in $home, torch is built for $torch_cuda"
