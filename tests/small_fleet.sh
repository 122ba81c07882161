# shellcheck shell=sh disable=SC2034
# small_fleet.sh - a fleet in the current folder, for a case's setup.sh.  Sourced.
#
# A source with five commits in a row, C1 to C5; a mapping of three pairs, whose parents are
# C1 (its image is in the registry), C2 (to build) and C4 (to build); the registry's answers
# as an earlier run would have kept them.  No network, no engine is needed with --offline.
# All ids are the same everywhere.
. "$SRC/tests/lib.sh"

new_repo src
echo 'print("one")' >src/main.py
printf '[project]\nrequires-python = ">=3.9,<=3.12"\n' >src/pyproject.toml
commit_all src 'First'
C1=$COMMIT
echo 'print("two")' >src/main.py
commit_all src 'Second'
C2=$COMMIT
echo 'print("three")' >src/main.py
commit_all src 'Third'
C3=$COMMIT
printf '[project]\nrequires-python = ">=3.9"\n' >src/pyproject.toml
commit_all src 'Fourth'
C4=$COMMIT
echo 'print("five")' >src/main.py
commit_all src 'Fifth'
C5=$COMMIT

# short COMMIT: the digits that a tag carries.
short()
{
	printf %.12s "$1"
}

# good_patch: a patch that applies to C2.
good_patch()
{
	cat <<'END'
--- a/main.py
+++ b/main.py
@@ -1 +1 @@
-print("two")
+print("2")
END
}

printf 'ARG BASE\nFROM $BASE\nCOPY source /app\n' >Dockerfile

cat >fleet.json <<END
{
  "version": 1,
  "name": "small",
  "source": { "path": "src" },
  "mappings": [ { "name": "v1", "file": "mapping.json" } ],
  "registry": "registry.example",
  "baseline_repository": "small/baseline",
  "human_repository": "small/human",
  "build": { "dockerfile": "Dockerfile", "max_jobs": 4, "smoke_test": "python3 /app/main.py" }
}
END

cat >mapping.json <<END
[
  { "human_commit": "$C2", "parent_commit": "$C1", "model": "org/model" },
  { "human_commit": "$C3", "parent_commit": "$C2", "model": "org/model" },
  { "human_commit": "$C5", "parent_commit": "$C4" }
]
END

# answers REPOSITORY: keep what stdin says of its tags, "TAG VERDICT [DIGEST]" a line.
answers()
{
	mkdir -p out/registry
	{
		printf '{ "version": 1, "registry": "registry.example", "repository": "%s",\n' "$1"
		printf '  "source": "https://registry.example", "time": "2026-01-02T03:04:05Z",\n  "tags": {'
		comma=
		sort | while read -r tag verdict digest; do
			printf '%s\n    "%s": { "verdict": "%s"%s }' "$comma" "$tag" "$verdict" \
				"${digest:+, \"digest\": \"$digest\"}"
			comma=,
		done
		printf '\n  },\n  "others": [%s] }\n' "${2-}"
	} >"out/registry/registry.example+$(echo "$1" | tr / +).json"
}

digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
printf 'baseline-%s present\n' "$(short "$C1")" >answers.baseline
printf 'baseline-%s absent\n' "$(short "$C2")" "$(short "$C4")" >>answers.baseline
printf "%s present $digest\n" "$C2" "$C3" "$C5" >answers.human
answers small/baseline '"baseline-029c71de11bc"' <answers.baseline
answers small/human <answers.human
