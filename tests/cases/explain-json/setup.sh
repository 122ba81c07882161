cp -R "$SRC/tests/fleets/every-state/." .
mkdir out/run
