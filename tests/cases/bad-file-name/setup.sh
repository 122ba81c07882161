#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mv mapping.json 'a|b.json'
sed -i 's/mapping\.json/a|b.json/' fleet.json
