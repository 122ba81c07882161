# shellcheck shell=sh
# install.sh - how the scripts that BUILD_NATIVE names install the tree.  Sourced by them.
#
#	compile.sh, reuse.sh, share.sh, wheel.sh   TREE NOTES MOUNTS
#
# MOUNTS has environment (lines of export; the last word on all but the number of jobs),
# settings (jobs=, nvcc_threads=), objects/ (the files of the image that holds the objects),
# ccache/ and sources/ (which all builds share).
# reads: BUILD_ARCH_LIST, BUILD_COMMIT, BUILD_VERSION
# exit:  0 installed, else failed
. "${0%/*}/lib.sh"
tree=$1 notes=$2 mounts=$3

setting()
{
	value=$(sed -n "s/^$1=//p" "$mounts/settings")
	case $value in
	'' | *[!0-9]* | 0*) fail "$mounts/settings: $1: \"$value\" is not a number above 0" ;;
	esac
	printf '%s\n' "$value"
}

jobs=$(setting jobs)
threads=$(setting nvcc_threads)
CUDA_HOME=$(cat "$notes/cuda_home")

# The base may carry settings of its own build; of these, none may reach ours.
unset VLLM_USE_PRECOMPILED VLLM_PRECOMPILED_WHEEL_LOCATION CMAKE_BUILD_TYPE SETUPTOOLS_SCM_PRETEND_VERSION
export CUDA_HOME CUDA_PATH="$CUDA_HOME" CUDAToolkit_ROOT="$CUDA_HOME" CUDACXX="$CUDA_HOME/bin/nvcc"
export PATH="$CUDA_HOME/bin:$PATH" VLLM_TARGET_DEVICE=cuda
[ -z "${BUILD_ARCH_LIST-}" ] || export TORCH_CUDA_ARCH_LIST="$BUILD_ARCH_LIST"

# vLLM asks setuptools-scm for its version, and that asks git, which is not there.  0.0 is
# what vLLM takes for a development version; tags are left out of it, since which of them
# a clone has would then decide what is in the image.
commit=$(printf '%.12s' "${BUILD_COMMIT-}")
export SETUPTOOLS_SCM_PRETEND_VERSION="${BUILD_VERSION:-0.0.0${commit:++g$commit}}"

# shellcheck source=/dev/null
. "$mounts/environment"

# No driver is here; what links with it, links with its stub.
export LIBRARY_PATH="${LIBRARY_PATH:+$LIBRARY_PATH:}$CUDA_HOME/lib64/stubs"
export MAX_JOBS="$jobs" CMAKE_BUILD_PARALLEL_LEVEL="$jobs" NVCC_THREADS="$threads"
go_nowhere

# stand_before PROGRAM SCRIPT: it is found first.  The real one, or nothing, is its
# STAMPMILL_<PROGRAM>.
stand_before()
{
	real=$(command -v "$1") || return 0
	export "STAMPMILL_$(echo "$1" | tr '[:lower:]' '[:upper:]')=$real"
	mkdir -p "$nowhere/bin"
	cp "$here/$2" "$nowhere/bin/$1"
	chmod 755 "$nowhere/bin/$1"
}

# What pip ran says in a file what it has to say to the image step: pip indents what it prints.
install_failed()
{
	[ ! -s "$nowhere/lost" ] || lost "$(cat "$nowhere/lost")"
	fail "pip cannot install $tree"
}

# What else is to be done when pip is done, whether it failed or not.
installed()
{
	:
}

# install_tree: by pip, which has it compiled, or not.  An install that unpacks or copies
# into the tree must not change what is committed.
install_tree()
{
	(cd "$tree" && find vllm -name '*.py' -type f -exec sha256sum {} +) >"$nowhere/sources"
	installed=yes
	PATH=$nowhere/bin:$PATH python3 -m pip install --verbose --no-compile \
		--no-build-isolation --constraint "$notes/constraints.txt" --editable "$tree" ||
		installed=no
	installed
	[ $installed = yes ] || install_failed
	(cd "$tree" && sha256sum --quiet --check "$nowhere/sources") ||
		fail "the install changed files of the commit"
	find "$tree/vllm" -name '*.so' | sort | grep . || fail "nothing was compiled: no .so in $tree/vllm"

	# What remains of a compile: objects, and the sources that it fetched.
	rm -rf "$tree/build" "$tree/.deps"
}
