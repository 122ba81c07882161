#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i "s/\"human_commit\": \"$C5\"/\"human_commit\": \"$C3\"/" mapping.json
