#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed "s/^$C3 .*/$C3 absent/" answers.human | answers small/human
