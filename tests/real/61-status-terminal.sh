#!/bin/sh
# gen status on a terminal: colours there and only there, lines that fit, and --watch, live.
. "${0%/*}/../lib.sh"
begin
need python3 flock

cp -R "$SRC/tests/fleets/every-state" "$WORK/fleet"
mkdir "$WORK/fleet/out/run"
cd "$WORK/fleet"
unset NO_COLOR COLUMNS || :
TERM=xterm
SOURCE_DATE_EPOCH=1795500000
export TERM SOURCE_DATE_EPOCH
escape=$(printf '\033')

on_terminal()
{
	python3 "$SRC/tests/real/terminal.py" "$@"
}

# widest FILE: columns of its widest line, colours left out.
widest()
{
	python3 -c 'import re, sys
text = re.sub("\x1b\\[[0-9;]*m", "", open(sys.argv[1], encoding="utf-8").read())
print(max(map(len, text.split("\n"))))' "$1"
}

note "colours on a terminal, cut to its width"
on_terminal 60 24 "$GEN" status >"$WORK/page"
has "$WORK/page" "${escape}[1;31m  failed "
has "$WORK/page" "${escape}[1;31mFailed (3)${escape}[0m"
same "$(widest "$WORK/page")" 60 "columns of the widest line"
on_terminal 300 24 "$GEN" status >"$WORK/page"
has "$WORK/page" "(out/logs/baseline-a9a9a9a9a9a9/image.2.log:8)"

note "and nowhere else"
NO_COLOR=1 on_terminal 60 24 "$GEN" status >"$WORK/page"
lacks "$WORK/page" "$escape"
NO_COLOR='' on_terminal 60 24 "$GEN" status >"$WORK/page"
has "$WORK/page" "${escape}[0m"
TERM=dumb on_terminal 60 24 "$GEN" explain a9 >"$WORK/page"
lacks "$WORK/page" "$escape"
"$GEN" status >"$WORK/page"
lacks "$WORK/page" "$escape"
has "$WORK/page" "(out/logs/baseline-a9a9a9a9a9a9/image.2.log:8)"

note "--watch"
exits 2 "$GEN" status --watch
has "$WORK/stderr" "gen: --watch: stdout is not a terminal; gen status shows it once"
unset SOURCE_DATE_EPOCH
flock out/run/baseline-a7a7a7a7a7a7.image flock out/run/baseline-a8a8a8a8a8a8.image \
	python3 "$SRC/tests/real/terminal.py" --watch out/logs/baseline-a7a7a7a7a7a7/image.1.log 100 30 \
	"$GEN" status --watch

note "a fleet that goes away under it is said"
mv out/plan.json out/gone.json
on_terminal 80 24 "$GEN" status --watch >"$WORK/page" && fail "it went on"
has "$WORK/page" "gen: out/plan.json: not there: run gen first, it plans the fleet"
