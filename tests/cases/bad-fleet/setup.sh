#!/bin/sh
. "$SRC/tests/small_fleet.sh"
sed -i 's/"max_jobs"/"max_job"/' fleet.json
