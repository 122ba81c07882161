#!/bin/sh
. "$SRC/tests/small_fleet.sh"
echo '[ { "human_commit": 1 } ' >mapping.json
