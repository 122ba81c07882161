#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i "s/\"build\":/\"extra_commits\": [ { \"human\": \"$C4\", \"parent\": \"$C3\" } ],\n  &/" fleet.json
echo "baseline-$(short "$C3") absent" | cat - answers.baseline | answers small/baseline
echo "$C4 absent" | cat - answers.human | answers small/human
