#!/bin/sh
# The vLLM fleet's report: its numbers, and in each table just the rows of fleet.json and the
# mappings.  The plan is made here, from what is known to be there; no clone is needed.
# shellcheck disable=SC2086	# lists of words
. "${0%/*}/../lib.sh"
begin
need jq

# The 30 mapped parents that have no tag: 27 to build, then the 3 that failed for good.
to_build="a6d795d59304 733e7c9e95f5 8d59dbb00044 3d925165f2b1 8bb43b9c9ee8 acaea3bb0788
ec82c3e388b9 cc466a32903d dd572c0ab3ef 4ce64e2df486 90f1e55421f1 67abdbb42fdb d263bd9df7b2
edc4fa31888b c8d70e2437fe 7d94577138e3 63d635d17962 f168b8572520 76b494444fd8 8c1e77fb585c
e642ec962cf2 4a18fd14ba4a 3e1c76cf3a87 cf2f084d56a1 c34eeec58d3a 88faa466d788 eb5741ad422f"
failed="0e74d797ce86 2a0309a646b1 51c31bc10ca7"

fleet=$WORK/fleet
mkdir -p "$fleet/out"
cp -R "$SRC/fleet.json" "$SRC/mappings" "$fleet"
cd "$fleet"

# All pairs in the order of the files: mapping, title, human, parent, model.
jq -r '.mappings[] | [.name, (.title // .name), .file] | @tsv' fleet.json >"$WORK/mappings"
while IFS="$(printf '\t')" read -r name title file; do
	jq -c --arg name "$name" --arg title "$title" '.[] | {mapping: $name, title: $title,
		human: .human_commit_full, parent: (.parent_commit_full // .parent_commit), model}' "$file"
done <"$WORK/mappings" >"$WORK/pairs"

jq -n --arg build "$to_build" --arg failed "$failed" --slurpfile pairs "$WORK/pairs" '
	def id: .parent[:12];
	{version: 2, fleet: "vllm", images: ($pairs | sort_by(.parent) | map(
		(if (id | inside($build)) then "build" elif (id | inside($failed)) then "hold" else "skip" end) as $do |
		{target: "baseline-\(id)", parent, humans: [.human], model, mapping: [.mapping],
		 image: "docker.io/anonymous/vllm-baseline:baseline-\(id)",
		 verdict: (if $do == "skip" then "present" else "absent" end), decision: $do, reason: "as planned",
		 hold: (if $do == "hold" then "failed" else null end), max_jobs: 56})),
	 unmapped_tags: ["baseline-029c71de11bc"],
	 unmapped_pairs: [{tag: "baseline-029c71de11bc", human: "2deb029d115dadd012ce5ea70487a207cb025493",
		parent: "029c71de11bc3bcf84a1b3cf9d91e79ab6949799"}]}' >out/plan.json

note "the numbers, in each form"
"$GEN" status --json >"$WORK/status.json"
same "$(jq -c '.totals | [.dataset, .entries, .parents, .present, .absent, .unknown, .unmapped_tags]' \
	"$WORK/status.json")" '[95,78,78,48,30,0,1]' totals
same "$(jq -c '.totals.states | [.present, .to_build, .held]' "$WORK/status.json")" '[48,27,3]' states
same "$(jq -c '[.mappings[].entries]' "$WORK/status.json")" '[45,33]' mappings
"$GEN" status --md >"$WORK/status.md"
for row in '| pairs in the data set | 95 |' '| all | 78 | 100.0 % |' '| present | 48 | 61.5 % |' \
	'| held | 3 | 3.8 % | failed 3 |' '| to build | 27 | 34.6 % |' '| absent from the registry | 30 (38.5 %) |' \
	') | 45 | 45 | 32 | 0 | 0 | 0 | 0 | 1 | 12 | 0 |' ') | 33 | 33 | 16 | 0 | 0 | 0 | 0 | 2 | 15 | 0 |' \
	'| all | 78 | 78 | 48 | 0 | 0 | 0 | 0 | 3 | 27 | 0 |'; do
	has "$WORK/status.md" "$row"
done
"$GEN" status >"$WORK/status"
has "$WORK/status" "  to build       27   34.6 %"
"$GEN" status --html >"$WORK/status.html"
has "$WORK/status.html" '<b>27</b> to build'

# table HEADING COLUMNS: these cells of the rows under a heading, one row a line.
table()
{
	awk -F ' [|] ' -v heading="$1" -v columns="$2" '
		BEGIN { n = split(columns, column, " ") }
		/^## / { on = index($0, heading); section = "" }
		on && /^### / { section = substr($0, 5); sub(/ \([0-9]*\)$/, "", section) }
		!on || !/^\| / { rows = 0 }
		on && /^\| / && ++rows > 2 {
			sub(/^\| /, "")
			sub(/ \|$/, " | ")
			line = $column[1]
			for (i = 2; i <= n; i++)
				line = line "\t" $column[i]
			print line (section ? "\t" section : "")
		}' "$WORK/status.md"
}

# equal WHAT: $WORK/got and $WORK/want are the same rows.
equal()
{
	[ -s "$WORK/want" ] || fail "$1: no rows are wanted"
	diff -u "$WORK/want" "$WORK/got" || fail "$1"
}

note "what is left, by mapping, in the order of the files"
for id in $to_build; do
	jq -r --arg id "$id" 'select(.parent | startswith($id)) |
		["baseline-" + .parent[:12], .human[:8], .model, .title] | @tsv' "$WORK/pairs"
done | nl -w 1 >"$WORK/want"
table 'To build' '1 2 3 4' >"$WORK/got"
equal "left to build"

note "failed for good"
jq -r '.commits | to_entries[] | select(.value.failed) |
	[.key[:12], .value.failed.error, .value.failed.reason] | @tsv' fleet.json | sort >"$WORK/want"
table 'Settings of single commits' '1 6 7' | grep -v '		$' | sort >"$WORK/got"
equal "failed for good"
jq -r '.commits | to_entries[] | select(.value.failed) | "baseline-" + .key[:12]' fleet.json | sort >"$WORK/want"
table Held 2 | sort >"$WORK/got"
equal held

note "settings of single commits"
jq -r '.commits | to_entries[] | [.key[:12], .value.max_jobs, .value.fix] | @tsv' fleet.json | sort >"$WORK/want"
table 'Settings of single commits' '1 2 3' | sort >"$WORK/got"
equal settings

note "existing images: those mapped, and the one in no mapping"
{
	jq -r '"baseline-\(.parent[:12])"' "$WORK/pairs" | grep -vwF "$(printf '%s\n' $to_build $failed)"
	echo baseline-029c71de11bc
} | sort >"$WORK/want"
same "$(wc -l <"$WORK/want")" 49 tags
{
	table Present 2
	table 'Tags in no mapping' 1
} | sort >"$WORK/got"
equal "existing images"
