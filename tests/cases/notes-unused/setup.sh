#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir -p patches/000000000000 patches/notes
echo "why these patches" >patches/README
mkdir "patches/a|b"
sed -i 's/"build":/"commits": { "000000000000": { "max_jobs": 1 } },\n  &/' fleet.json
