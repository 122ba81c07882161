#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir -p "patches/$(short "$C2")"
echo x >"patches/$(short "$C2")/readme.txt"
