#!/bin/sh
# Compile the commit's vLLM and install it, editable, where its source is.
# usage: compile.sh TREE NOTES MOUNTS      see install.sh

# Objects are found again when compiled in another image's folder, by a compiler that was
# installed anew.  pip compiles in a temporary folder: of what is in there, paths count
# from there.
export CCACHE_DIR="$3/ccache" CCACHE_NOHASHDIR=1 CCACHE_BASEDIR="${TMPDIR:-/tmp}"
export CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=100G
export CCACHE_SLOPPINESS=include_file_ctime,include_file_mtime
. "${0%/*}/install.sh"
export CCACHE_STATSLOG="$nowhere/ccache.log"

# nvcc has the host's compiler do half of its work, which ccache does not see.
if have g++; then
	CCACHE_EXTRAFILES=$(readlink -f "$(command -v g++)")
	export CCACHE_EXTRAFILES
fi

# ccache_counts: hits and misses of all that used the cache so far, as two numbers.
ccache_counts()
{
	ccache --print-stats 2>/dev/null | {
		hits=0 misses=0
		while read -r name number; do
			case $name in
			direct_cache_hit | preprocessed_cache_hit) hits=$((hits + number)) ;;
			cache_miss) misses=$((misses + number)) ;;
			esac
		done
		echo "$hits $misses"
	}
}

# What this build had of the cache.
installed()
{
	have ccache || return 0
	after=$(ccache_counts)
	# shellcheck disable=SC2086	# four numbers
	set -- $before $after
	if [ -s "$CCACHE_STATSLOG" ]; then
		hits=$(grep -cxE '(direct|preprocessed)_cache_hit' "$CCACHE_STATSLOG") || :
		misses=$(grep -cx cache_miss "$CCACHE_STATSLOG") || :
	else
		# Before ccache 4.4, and wrong by what other builds did meanwhile.
		hits=$(($3 - $1)) misses=$(($4 - $2))
	fi
	ccache --show-stats
	echo "stampmill: ccache hits=$hits misses=$misses" \
		"before_hits=$1 before_misses=$2 after_hits=$3 after_misses=$4"
}

stand_before cmake cmake.sh
stand_before ccache ccache.sh
stand_before git git.sh
export STAMPMILL_JOBS="$jobs" STAMPMILL_MIRRORS="$mounts/sources"
say "$jobs jobs of $threads threads, for ${TORCH_CUDA_ARCH_LIST-all architectures}"
if have ccache; then
	ccache --show-stats
	before=$(ccache_counts)
fi
install_tree
