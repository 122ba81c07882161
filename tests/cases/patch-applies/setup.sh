#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir -p "patches/$(short "$C2")"
good_patch >"patches/$(short "$C2")/01-right.patch"
sed -i 's/"build":/"substitutions": [ { "name": "python", "files": ["pyproject.toml"], "from": "<=3.12", "to": "<3.13",\n    "when": { "file": "pyproject.toml", "contains": "<=3.12" } } ],\n  &/' fleet.json
