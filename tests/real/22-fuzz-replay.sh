#!/bin/sh
# The fuzz targets, each once over the inputs that are kept for it.
. "${0%/*}/../lib.sh"
begin

n=0
for target in "$SRC"/tests/fuzz/fuzz_*.c; do
	name=$(basename "${target##*fuzz_}" .c)
	note "$name"
	"$BUILD/obj/fuzz/replay_$name" "$SRC/tests/fuzz/corpus/$name"/*
	n=$((n + 1))
done
[ "$n" -gt 0 ] || fail "there are no targets"
