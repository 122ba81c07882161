cp -R "$SRC/tests/fleets/every-state/." .
mkdir out/run out/settings
printf "%s\n" "gen=$GEN" engine=buildah attempts=1 >out/settings/fleet
