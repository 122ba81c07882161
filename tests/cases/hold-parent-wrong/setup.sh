#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i "s/\"parent_commit\": \"$C4\"/\"parent_commit\": \"$C3\"/" mapping.json
sed "s/$(short "$C4")/$(short "$C3")/" answers.baseline | answers small/baseline
