#!/bin/sh
. "$SRC/tests/small_fleet.sh"

# commit SUBJECT [FILE TEXT]...
commit()
{
	subject=$1
	shift
	while [ $# -gt 0 ]; do
		printf '%s\n' "$2" >"src/$1"
		shift 2
	done
	commit_all src "$subject"
}

# pair PARENT HUMAN MODEL: a pair of which only the base is in the registry.
pairs=
pair()
{
	pairs="$pairs${pairs:+,
}  { \"parent_commit\": \"$1\", \"human_commit\": \"$2\", \"model\": \"$3\" }"
	printf '%s present %s\n' "$2" "$digest" >>answers.human
	printf 'baseline-%.12s absent\n' "$1" >>answers.baseline
}

mkdir src/csrc
: >answers.human
: >answers.baseline
commit 'Parent: as its child' csrc/a.c 'int a = 1;' Dockerfile 'FROM nvidia/cuda:12.1.0-devel' \
	pyproject.toml 'requires-python = ">=3.9,<3.13"' build.txt 'torch==2.4.0' marker old
same=$COMMIT
commit 'Child: Python only' main.py 'print(1)'
pair "$same" "$COMMIT" reused

commit 'Parent: its child changes an object' csrc/a.c 'int a = 2;'
differs=$COMMIT
git -C src tag v1
commit 'Child: an object' csrc/a.c 'int a = 3;'
pair "$differs" "$COMMIT" compiled

commit 'Parent: the same objects as an earlier one' csrc/a.c 'int a = 2;' main.py 'print(2)'
shared=$COMMIT
commit 'Child: a pin' build.txt 'torch==2.5.0'
pair "$shared" "$COMMIT" shared

commit 'Parent: another toolkit, and Python 3.12.1 is too new' csrc/a.c 'int a = 4; /* FA3 */' \
	Dockerfile 'FROM nvidia/cuda:12.4.1-devel' pyproject.toml 'requires-python = ">=3.9,<=3.12"'
cured=$COMMIT
commit 'Child: neither' pyproject.toml 'requires-python = ">=3.9,<3.13"' marker new
pair "$cured" "$COMMIT" cured
fixed=$COMMIT

commit 'Parent: its objects were looked for before' csrc/a.c 'int a = 5;'
lost=$COMMIT
commit 'Child: Python only' main.py 'print(3)'
pair "$lost" "$COMMIT" lost
mkdir -p out/native
printf 'lost=the base has no vllm installed\nnative=reuse\nfrom=registry.example/small/human:%s@%s\n' \
	"$COMMIT" "$digest" >"out/native/baseline-$(short "$lost")"

commit 'Parent: to be compiled, whatever there is' csrc/a.c 'int a = 6;'
forced=$COMMIT
commit 'Child: Python only' main.py 'print(4)'
pair "$forced" "$COMMIT" forced

printf '[\n%s\n]\n' "$pairs" >mapping.json
answers small/baseline <answers.baseline
answers small/human <answers.human
rm -f answers.*
cat >note.patch <<'END'
--- /dev/null
+++ b/note
@@ -0,0 +1 @@
+Its toolkit is 12.1.
END

cat >fleet.json <<END
{
  "version": 1,
  "name": "small",
  "source": { "path": "src" },
  "mappings": [ { "name": "v1", "file": "mapping.json" } ],
  "registry": "registry.example",
  "baseline_repository": "small/baseline",
  "human_repository": "small/human",
  "build": {
    "dockerfile": "Dockerfile", "max_jobs": 4, "smoke_test": "true",
    "gb_per_job": 8,
    "gb_per_job_when": [ { "file": "csrc/*", "contains": "FA3", "gb_per_job": 18 } ],
    "args": { "ARCH": "9.0" },
    "tree_args": [
      { "arg": "CUDA", "files": [ "docker/Dockerfile", "Dockerfile" ], "after": "FROM nvidia/cuda:" },
      { "arg": "NOTHING", "files": [ "Dockerfile" ], "after": "ARG NOTHING=", "default": "none" }
    ]
  },
  "commits": { "$(short "$forced")": { "native": "compile" } },
  "native": {
    "inputs": [ "csrc", "setup.py" ],
    "pins": [ { "package": "torch", "files": [ "requirements.txt", "build.txt" ] } ],
    "args": [ "CUDA", "ARCH" ],
    "compile_minutes": 90
  },
  "substitutions": [
    { "name": "python", "files": [ "pyproject.toml" ], "from": "<=3.12", "to": "<3.13" }
  ],
  "preflight": [
    { "name": "python", "predicts": "python-constraint", "says": "pip refuses Python 3.12.9",
      "when": [ { "file": "pyproject.toml", "rejects_python": "3.12.9" } ],
      "cure": { "substitution": "python" }, "apply": true },
    { "name": "old toolkit", "predicts": "compile-error",
      "when": [ { "arg": "CUDA", "below": "12.3" }, { "file": "marker", "lacks": "new" } ],
      "cure": { "patch": "note.patch", "args": { "CUDA": "12.3" }, "env": { "OLD": "yes" } },
      "apply": true },
    { "name": "no version", "predicts": "scm-version", "when": [ { "no_tag": "v" } ] },
    { "name": "until it was fixed", "predicts": "import-check",
      "introduced_by": "$differs", "fixed_by": "$fixed" },
    { "name": "no change", "predicts": "unknown", "when": [ { "arg": "ARCH", "below": "10" } ],
      "cure": { "args": { "ARCH": "9.0" } }, "apply": true },
    { "name": "never", "predicts": "unknown", "when": [ { "file": "marker", "contains": "never" } ] }
  ]
}
END
