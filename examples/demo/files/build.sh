#!/bin/sh
# Build the parent's tally, /usr/src/baseline, in the place of the human's.
# usage: build.sh     reads: BUILD_NATIVE: compile, or reuse or share: take the objects from
#                     /run/objects, the base or another image of the fleet
# exit:  0 built and installed, else failed
set -eu
# shellcheck source=/dev/null
. /run/environment
# shellcheck source=/dev/null
. /run/secrets/settings
objects=/run/objects/usr/src/tally

lost()
{
	echo "stampmill: native claim lost: $*"
	exit 1
}

# That image has the sources of its objects: only of the very same sources they will do.
take_objects()
{
	sha256sum Makefile VERSION ./*.[ch] >"$notes/sources"
	(cd "$objects" && sha256sum --quiet --check "$notes/sources") ||
		lost "the objects there are of other sources"
	cp "$objects"/*.o .
}

# The same unit is compiled once for all images; whoever comes meanwhile waits (ccache.sh).
use_cache()
{
	export STAMPMILL_CCACHE=/usr/bin/ccache CCACHE_DIR=/run/ccache CCACHE_NOHASHDIR=1
	export CCACHE_COMPILERCHECK='gcc --version' CCACHE_STATSLOG="$notes/ccache.log"
	CC="sh /run/files/ccache.sh $CC"
}

# Every run of the compiler, and what the cache did.
tell()
{
	sed 's/^/compiled: /' "$RUNS"
	[ ! -f "$notes/ccache.log" ] || echo "stampmill: ccache" \
		"hits=$(grep -cE '^(direct|preprocessed)_cache_hit' "$notes/ccache.log")" \
		"misses=$(grep -c '^cache_miss' "$notes/ccache.log")"
	rm -rf "$notes"
}

make -C /usr/src/tally uninstall
rm -r /usr/src/tally
mv /usr/src/baseline /usr/src/tally
cd /usr/src/tally

notes=$(mktemp -d)
trap tell EXIT
export RUNS="$notes/runs"
: >"$RUNS"
CC=/run/files/gcc
if [ "$BUILD_NATIVE" = compile ]; then
	use_cache
else
	take_objects
fi
make -j "$jobs" CC="$CC"
make install
