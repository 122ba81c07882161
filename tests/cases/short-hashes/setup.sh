#!/bin/sh
. "$SRC/tests/small_fleet.sh"
cat >mapping.json <<END
{ "$(printf %.8s "$C3")": { "parent_commit": "$(printf %.10s "$C2")", "model": "org/model" } }
END
