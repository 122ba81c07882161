#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir -p out/pushed
: >"out/pushed/baseline-$(short "$C1").begun"
