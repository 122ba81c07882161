#!/bin/sh
# Stands before the real ccache while vLLM is compiled: what another image's build compiles
# just now is waited for, and then found.  Without, two builds that start together compile
# the same files side by side, and find nothing.
# usage: as ccache     reads: STAMPMILL_CCACHE (the real one), CCACHE_DIR
set -eu

# The unit, by name: as arguments, in folders of their own, no two builds' are the same.
unit=
for argument; do
	case $argument in
	-*) ;;
	*.c | *.cc | *.cpp | *.cxx | *.cu) unit=$argument ;;
	esac
done
case $unit in
"${TMPDIR:-/tmp}"/*/*) unit=${unit#"${TMPDIR:-/tmp}"/*/} ;;
esac

# The lock goes with the process that holds it.
if [ "$unit" ] && command -v flock >/dev/null; then
	mkdir -p "$CCACHE_DIR/stampmill-locks"
	exec 9>"$CCACHE_DIR/stampmill-locks/$(printf '%s' "$unit" | cksum | tr ' ' -)"
	flock 9
fi
exec "$STAMPMILL_CCACHE" "$@"
