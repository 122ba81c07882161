#!/bin/sh
# The status page in a real browser: numbers, sorting, filtering, light, dark and narrow, and
# names of models and lines of logs that would like to be scripts.  SHOTS, if set, is a folder
# that keeps the pictures.
. "${0%/*}/../lib.sh"
begin
need python3 flock jq
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
	skip "chromium is not installed"
driver=$(command -v chromedriver) || skip "chromedriver is not installed"
note "$("$chromium" --version 2>"$WORK/null")"

cp -R "$SRC/tests/fleets/every-state" "$WORK/fleet"
mkdir "$WORK/fleet/out/run"
SOURCE_DATE_EPOCH=1795500000
export SOURCE_DATE_EPOCH

# status FORM: with the two steps at work whose locks are held.
status()
{
	flock "$WORK/fleet/out/run/baseline-a7a7a7a7a7a7.image" \
		flock "$WORK/fleet/out/run/baseline-a8a8a8a8a8a8.image" \
		"$GEN" -C "$WORK/fleet" status "$1"
}
status --html >"$WORK/status.html"
status --json >"$WORK/status.json"

shots=${SHOTS-$WORK/shots}
mkdir -p "$shots"
python3 "$SRC/tests/real/browser.py" "$driver" "$WORK/status.html" "$WORK/status.json" "$shots" || {
	tail -n 20 "$shots/driver.log"
	fail "the page is not as it should be"
}
