#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i 's/"build":/"substitutions": [ { "name": "python", "files": ["main.py"], "from": "<=3.12", "to": "<3.13",\n    "when": { "file": "pyproject.toml", "contains": "<=3.12" } } ],\n  &/' fleet.json
