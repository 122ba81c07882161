#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i 's/"registry":/"pools": { "cuda": "auto" },\n  &/' fleet.json
