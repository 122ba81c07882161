#!/bin/sh
# make bench: what needs no server, on a hundred entries, once.
. "${0%/*}/../lib.sh"
begin
need python3 make ninja git

make -C "$BUILD" --no-print-directory bench MOST=100 RUNS=1 PAGE="$WORK/page.md" \
	PARTS="gen_beside_minimal gen_beside_generators ninja_load"
# What is not installed is not measured, but not in silence.
while read -r tool; do
	grep -q "^| \`gen --offline\`, 100 entries | $tool | " "$WORK/page.md" ||
		has "$WORK/page.md" "**Not measured: $tool**"
done <<END
ninja_syntax
CMake
Meson
END
has "$WORK/page.md" "| ninja, to plan 100 entries in a tree of groups | flat groups | "
! grep -e "$BUILD" -e "$SRC" -e "$(uname -n)" "$WORK/page.md" || fail "the page tells of this machine"
