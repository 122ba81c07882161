#!/bin/sh
# Every state, every reason to hold and every class of failure in one fleet: each parent is in
# one place of each form, and all four forms have the same numbers.
# shellcheck disable=SC2086	# lists of words
. "${0%/*}/../lib.sh"
begin
need jq flock

cp -R "$SRC/tests/fleets/every-state" "$WORK/fleet"
mkdir "$WORK/fleet/out/run"
cd "$WORK/fleet"
SOURCE_DATE_EPOCH=1795500000
export SOURCE_DATE_EPOCH

# What the fleet lacks: images that failed in all other classes, a base that nobody knows of,
# and a parent that gen has not planned yet.
classes=$(ls "$SRC/tests/classify")
have=$(jq -r .class out/failures.jsonl)
add()
{
	jq -n --arg id "$1" --arg hold "$2" '($id * 10 + "0000000000")[:40] as $parent |
		{parent: $parent, target: "baseline-\($parent[:12])", humans: ["e" + $parent[1:]], model: null,
		 mapping: ["v2"], image: "reg.example/d/base:baseline-\($parent[:12])", verdict: "absent",
		 decision: (if $hold == "" then "build" else "hold" end), reason: "as planned",
		 hold: (if $hold == "" then null else $hold end), max_jobs: 56}'
}
number=0
for class in $(printf '%s\n' $classes | grep -vxF "$have"); do
	number=$((number + 1))
	id=$(printf 'f1%02d' $number)
	add $id '' >>"$WORK/more"
	jq -nc --arg target "baseline-$id$id$id" --arg class $class '{time: "2026-11-24T04:20:00Z", $target,
		step: "image", $class, line: "it is \($class)", line_number: 1,
		log: "out/logs/\($target)/image.1.log", attempts: 1, jobs: 56, input: "", until: "input"}' >>out/failures.jsonl
done
add f200 base-unknown >>"$WORK/more"
add f300 '' >"$WORK/unplanned"
jq --slurpfile more "$WORK/more" '.images |= (. + $more | sort_by(.parent))' out/plan.json >"$WORK/plan"
jq --slurpfile more "$WORK/more" --slurpfile new "$WORK/unplanned" \
	'. + ($more + $new | map({human_commit: .humans[0], parent_commit: .parent}))' v2.json >"$WORK/v2"
mv "$WORK/plan" out/plan.json
mv "$WORK/v2" v2.json

note "the four forms"
flock out/run/baseline-a7a7a7a7a7a7.image flock out/run/baseline-a8a8a8a8a8a8.image sh -eu -c '
	for form in json md html text; do
		! "$1" status $([ $form = text ] || echo --$form) >"$2/status.$form" 2>"$2/stderr.$form"
	done' sh "$GEN" "$WORK"
for form in json md html text; do
	same "$(cat "$WORK/stderr.$form")" "gen: v2.json: /$(($(jq length v2.json) - 1)): \"f300f300f300f300f300f300f300f300f300f300\": this parent \
commit is not in out/plan.json yet; run gen" "what --$form says of the parent that is not planned"
done

# What there has to be, from the names that the sources have; of those held, the registry's
# silence counts as unknown, and a failure as failed.
same "$(jq -r '.totals.kinds.failed | keys[]' "$WORK/status.json")" "$classes" "classes of failures"
same "$(jq -r '.totals.kinds.held | keys[]' "$WORK/status.json")" \
	"$(sed -n 's/^	\[HOLD_.*"\(.*\)",/\1/p' "$SRC/src/plan/decision.c" | grep -vxE 'registry|failure|other' | sort)" "reasons to hold"
same "$(jq -c '.totals.kinds | [.running, .unknown]' "$WORK/status.json")" \
	'[{"image":1,"waiting":1},{"not-planned":1,"registry":1}]' "kinds of running and unknown"
same "$(jq -r '.totals.states | to_entries[] | select(.value == 0).key' "$WORK/status.json")" "" "states without an image"
jq -e '[.images[] | select(.stale)] | length == 1' "$WORK/status.json" >"$WORK/null"

note "each adds up"
jq -e '. as $all | .totals | (.states | add) == .parents and ($all.images | length) == .parents and
	.present + .absent + .unknown == .parents and
	all(.kinds | to_entries[]; .key as $state | (.value | add) == $all.totals.states[$state]) and
	all(.states | to_entries[]; .key as $state | .value == ([$all.images[] | select(.state == $state)] | length))' \
	"$WORK/status.json" >"$WORK/null" || fail "the JSON does not add up"

# "state number" and "state kind number", a line each.
{
	jq -r '.totals | (.states | to_entries[] | "\(.key) \(.value)"), (.kinds | to_entries[] |
		.key as $state | .value | to_entries[] | "\($state) \(.key) \(.value)")' "$WORK/status.json"
} | sort >"$WORK/numbers"
states='present|built now|verified|running|failed|held|to build|unknown'
short='s/built now/built/; s/to build/to_build/'
# "state|number|kind number, kind number", as the numbers are.
numbers()
{
	sed -E "$short" | awk -F '|' '{
		print $1, $2
		n = split($3, kinds, ",")
		for (i = 1; i <= n; i++) {
			gsub(/^ *| *$/, "", kinds[i])
			if (kinds[i] != "")
				print $1, kinds[i]
		}}' | sort
}
sed -nE "s/^\| ($states) \| ([0-9]+) \| [0-9.]+ % \|(.*)\|$/\1|\2|\3/p" "$WORK/status.md" | numbers |
	diff "$WORK/numbers" - || fail "the Markdown has other numbers"
sed -nE "s/^  ($states) +([0-9]+) +[0-9.]+ %/\1|\2|/p" "$WORK/status.text" | numbers |
	diff "$WORK/numbers" - || fail "the text has other numbers"
sed -nE 's/^<tr class="([a-z_]+)"><td class="n">[0-9]+<\/td><td class="state">.*/\1/p' "$WORK/status.html" |
	sort | uniq -c | awk '{ print $2, $1 }' >"$WORK/html"
grep -E '^[a-z_]+ [0-9]+$' "$WORK/numbers" | diff - "$WORK/html" || fail "the page's rows have other numbers"
jq -r '.totals.states[]' "$WORK/status.json" | sort >"$WORK/counts"
grep -oE "<b>[0-9]+</b> ($states)" "$WORK/status.html" | sed -E 's/<b>([0-9]+).*/\1/' | sort |
	diff "$WORK/counts" - || fail "the page's head has other numbers"

note "each parent is in one section"
jq -r '.images[] | "\(.parent[:12]) \(.state)"' "$WORK/status.json" | sort >"$WORK/rows"
awk '
	/^## / { state = "" }
	/^## (Running|Failed|Unknown|Held|Verified|Built|Present)/ { state = tolower($2); sub(/,/, "", state) }
	/^## To build/ { state = "to_build" }
	state && match($0, /^\| [0-9]+ \| baseline-/) { print substr($0, RLENGTH + 1, 12), state }
	' "$WORK/status.md" | sort >"$WORK/sections"
diff "$WORK/rows" "$WORK/sections" || fail "the Markdown's sections"
sed -nE 's/^<tr class="([a-z_]+)"><td class="n">[0-9]+<.*href="#baseline-([0-9a-f]{12})".*/\2 \1/p' \
	"$WORK/status.html" | sort | diff "$WORK/rows" - || fail "the page's rows"
