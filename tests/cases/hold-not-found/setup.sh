#!/bin/sh
. "$SRC/tests/small_fleet.sh"
x=0123456789abcdef0123456789abcdef01234567
sed -i "s/\"parent_commit\": \"$C4\"/\"parent_commit\": \"$x\"/" mapping.json
sed "s/$(short "$C4")/$(short "$x")/" answers.baseline | answers small/baseline
