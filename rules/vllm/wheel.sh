#!/bin/sh
# Take the objects of a wheel that the project built of the commit, and install around them.
# usage: wheel.sh TREE NOTES MOUNTS      see install.sh
#        reads: BUILD_WHEEL, its URL; BUILD_WHEEL_DIGEST, "sha256:..." or empty
. "${0%/*}/install.sh"
. "${0%/*}/objects.sh"

status=0
python3 "$here/fetch_wheel.py" "$BUILD_WHEEL" "${BUILD_WHEEL_DIGEST-}" "$nowhere/wheel" \
	>"$nowhere/fetched" || status=$?
cat "$nowhere/fetched"
case $status in
0) echo "stampmill: wheel $(tail -n 1 "$nowhere/fetched")" ;;
3) lost "$(tail -n 1 "$nowhere/fetched")" ;;
*) fail "$BUILD_WHEEL cannot be fetched" ;;
esac
objects_install "$nowhere/wheel/vllm"
