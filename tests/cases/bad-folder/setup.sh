#!/bin/sh
. "$SRC/tests/small_fleet.sh"
