#!/bin/sh
# Compile the commit's vLLM and install it, editable, where its source is.
# usage: compile.sh TREE NOTES CACHE ENVIRONMENT SETTINGS
#        reads: BUILD_ARCH_LIST, BUILD_COMMIT, BUILD_VERSION; ENVIRONMENT, lines of export,
#        has the last word on all but the number of jobs, which is jobs= in SETTINGS
# exit:  0 installed, else failed
. "${0%/*}/lib.sh"
tree=$1 notes=$2 cache=$3 environment=$4 settings=$5

setting()
{
	value=$(sed -n "s/^$1=//p" "$settings")
	case $value in
	'' | *[!0-9]* | 0*) fail "$settings: $1: \"$value\" is not a number above 0" ;;
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

# Objects are found again when compiled in another image's folder, by a compiler that was
# installed anew.
export CCACHE_DIR="$cache" CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=100G

# shellcheck source=/dev/null
. "$environment"

# No driver is here; what links with it, links with its stub.
export LIBRARY_PATH="${LIBRARY_PATH:+$LIBRARY_PATH:}$CUDA_HOME/lib64/stubs"

go_nowhere
STAMPMILL_CMAKE=$(command -v cmake || :) STAMPMILL_JOBS=$jobs
export STAMPMILL_CMAKE STAMPMILL_JOBS
cp "$here/cmake.sh" "$nowhere/cmake"
chmod 755 "$nowhere/cmake"
[ -z "$STAMPMILL_CMAKE" ] || PATH=$nowhere:$PATH
export MAX_JOBS="$jobs" CMAKE_BUILD_PARALLEL_LEVEL="$jobs" NVCC_THREADS="$threads"

# An install that unpacks or copies into the tree must not change what is committed.
sources=$nowhere/sources
(cd "$tree" && find vllm -name '*.py' -type f -exec sha256sum {} +) >"$sources"

say "$jobs jobs of $threads threads, for ${TORCH_CUDA_ARCH_LIST-all architectures}"
python3 -m pip install --verbose --no-compile --no-build-isolation \
	--constraint "$notes/constraints.txt" --editable "$tree"
! have ccache || ccache --show-stats

(cd "$tree" && sha256sum --quiet --check "$sources") || fail "the install changed files of the commit"
find "$tree/vllm" -name '*.so' | grep . || fail "nothing was compiled: no .so in $tree/vllm"

# What remains of the compile: objects, and the sources that it fetched.
rm -rf "$tree/build" "$tree/.deps"
