#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i "s/\"build\":/\"commits\": { \"$(short "$C2")\": { \"failed\": { \"error\": \"CUDA\", \"reason\": \"too old\" } } },\n  &/" fleet.json
