#!/bin/sh
# Whatever patch people bring: git apply in a work tree, gen, and the patch step are of one mind,
# and make the same tree.  N and SEED choose the patches.
. "${0%/*}/../lib.sh"
begin
need git ninja jq tar python3

: "${N:=300}" "${SEED:=7}"
note "$N patches, SEED=$SEED"
fleet=$WORK/fleet
mkdir "$fleet"
python3 "$SRC/tests/real/patches.py" "$N" "$SEED" "$fleet"
cd "$fleet"
printf 'ARG BASE\nFROM $BASE\nCOPY source /app\n' >Dockerfile
cat >fleet.json <<'END'
{
  "version": 1, "name": "patches",
  "source": { "path": "source" },
  "mappings": [ { "name": "v1", "file": "mapping.json" } ],
  "registry": "registry.example",
  "baseline_repository": "small/baseline",
  "human_repository": "small/human",
  "build": { "dockerfile": "Dockerfile", "smoke_test": "true" }
}
END

# answers REPOSITORY ANSWER FILTER: what an earlier run would have kept; the filter makes tags.
answers()
{
	mkdir -p out/registry
	jq --arg repository "$1" --argjson answer "$2" '{version: 1, registry: "registry.example",
		repository: $repository, source: "https://registry.example", time: "2026-01-02T03:04:05Z",
		tags: (map({(['"$3"']|first): $answer}) | add), others: []}' \
		mapping.json >"out/registry/registry.example+$(echo "$1" | tr / +).json"
}

digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
answers small/baseline '{"verdict": "absent"}' '"baseline-" + .parent_commit[:12]'
answers small/human "{\"verdict\": \"present\", \"digest\": \"$digest\"}" .human_commit

# check WHAT FILE: its lines "PARENT TREE" are those expected.
check()
{
	sort "$2" >"$WORK/got"
	sort expected | comm -3 - "$WORK/got" | awk '{ print $1 }' | sort -u >"$WORK/differ"
	[ ! -s "$WORK/differ" ] || {
		while read -r parent; do
			grep "^$parent" kinds
			grep "^$parent" expected | sed 's/^/   git apply:   /'
			grep "^$parent" "$2" | sed 's/^/   '"$1"': /'
			jq -r --arg t "baseline-$parent" '.images[] | select(.target == $t).reason' "$WORK/plan" |
				sed 's/^/   reason:      /'
		done <"$WORK/differ"
		fail "$1 and git apply differ"
	}
}

note "gen"
"$GEN" --offline --engine buildah --json >"$WORK/plan" || fail "gen failed"
jq -r '.images[] | select(.decision == "hold") | .target[9:] + " -"' "$WORK/plan" >held
jq -r '.images[] | select(.decision == "build") | .target' "$WORK/plan" >built
while read -r target; do
	parent=${target#baseline-}
	before=$(git -C source rev-parse "$parent^{tree}")
	printf '%s %s\n' "$parent" "$(sed -n "s/^$before [^ ]* \([0-9a-f]*\)\$/\1/p" out/patched/answers |
		while read -r tree; do grep -qx "$parent $tree" expected && echo "$tree" && break; done)"
done <built >planned
check gen "$(cat held planned >both; echo both)"
note "$(wc -l <built) of $N patches apply"

note "the patch step"
sed 's|.*|out/stamps/&.patch|' built | xargs ninja -k 0 >"$WORK/ninja.log" 2>&1 || {
	tail -n 40 "$WORK/ninja.log"
	fail "a step failed"
}
while read -r target; do
	printf '%s %s\n' "${target#baseline-}" "$(sed -n 's/^tree=//p' "out/stamps/$target.patch")"
done <built >stepped
check step "$(cat held stepped >both; echo both)"

note "an unchanged patch asks git nothing"
mkdir "$WORK/bin"
cat >"$WORK/bin/git" <<END
#!/bin/sh
[ "\$1" = version ] || echo "\$*" >>$WORK/asked
exec $(command -v git) "\$@"
END
chmod +x "$WORK/bin/git"
PATH=$WORK/bin:$PATH "$GEN" --offline --engine buildah --json >"$WORK/again" || fail "gen failed"
[ ! -e "$WORK/asked" ] || fail "git was asked: $(head -n 3 "$WORK/asked")"
cmp "$WORK/plan" "$WORK/again" || fail "another plan"
