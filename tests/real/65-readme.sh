#!/bin/sh
# The README: each of its commands is run, here or by another test; its links lead somewhere.
. "${0%/*}/../lib.sh"
begin
need jq make git ninja dot
readme=$SRC/README.md

# Commands stand in blocks of sh, or indented; what is behind # explains them.
awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 }
	on || /^    / { sub(/^ +/, ""); sub(/ +#.*/, ""); print }' "$readme" |
	grep -E '^(\./|gen |ninja|make |docker )' >"$WORK/commands"
[ "$(wc -l <"$WORK/commands")" -ge 15 ] || fail "only these commands: $(cat "$WORK/commands")"

# A fleet that was planned: vLLM's, with every image to build.
fleet=$WORK/fleet
mkdir -p "$fleet/out" "$WORK/bin"
cp -R "$SRC/fleet.json" "$SRC/mappings" "$fleet"
jq -s '{version: 2, fleet: "vllm", images: (add | map((.parent_commit_full // .parent_commit) as $parent |
	{target: "baseline-\($parent[:12])", parent: $parent, humans: [.human_commit_full],
	 image: "docker.io/a/b:c", verdict: "absent", decision: "build", reason: "absent"}) | sort_by(.parent))}' \
	"$fleet"/mappings/vllm-v?.json >"$fleet/out/plan.json"
ln -s "$GEN" "$WORK/bin/gen"
PATH=$WORK/bin:$PATH

# And a small one that gen itself can plan.
mkdir "$WORK/small"
cd "$WORK/small"
. "$SRC/tests/small_fleet.sh"
gen --offline --engine buildah >"$WORK/out" 2>&1 || { cat "$WORK/out"; fail "the small fleet"; }
id=$(short "$C2")
cd "$fleet"

# here COMMAND: run it as it stands.
here()
{
	note "$1"
	sh -ec "$1" >"$WORK/out" 2>&1 || { cat "$WORK/out"; fail "\"$1\" does not work"; }
}

# small COMMAND: run it in the small fleet, of an image that is there.
small()
{
	note "$1"
	(cd "$WORK/small" && sh -ec "$(printf %s "$1" | sed "s/9bde5ba12709/$id/")") >"$WORK/out" 2>&1 ||
		{ cat "$WORK/out"; fail "\"$1\" does not work"; }
}

# there COMMAND FILE TEXT: another test runs it; it holds the text.
there()
{
	grep -qF -e "$3" "$SRC/$2" || fail "\"$1\": $2 does not run it any more"
}

while IFS= read -r command; do
	case $command in
	'gen status --watch') there "$command" tests/real/61-status-terminal.sh 'status --watch' ;;
	'gen diff') small "$command" ;;
	'gen status' | 'gen explain '* | 'gen graph '*) here "$command" ;;
	'gen classify LOG...') here "gen classify '$SRC'/tests/classify/oom/*.log" ;;
	'gen check') there "$command" tests/real/23-registry-gen.sh ' check' ;;
	'./gen && ninja' | './gen' | ninja) there "$command" examples/demo/demo.sh 'run ninja -C' ;;
	'ninja -n') small "$command" ;;
	'ninja baseline-'* | 'ninja local-baseline-'*) small "ninja -n ${command#ninja }" ;;
	'ninja -t graph '*) small "$command" ;;
	'./configure --install-deps && make demo' | './configure --install-deps && make check')
		there "$command" tests/real/01-configure.sh install-deps ;;
	'docker login') ;;	# asks for a password
	*) fail "\"$command\": no test runs it" ;;
	esac
done <"$WORK/commands"
[ -s "$fleet/image.svg" ] || fail "gen graph: no picture"
[ -s "$WORK/small/image.svg" ] || fail "ninja -t graph: no picture"

note "make picture"
make -s -C "$BUILD" picture FLEET="$fleet" TARGET=baseline-9bde5ba12709
has "$fleet/baseline-9bde5ba12709.svg" "<title>baseline-9bde5ba12709</title>"
exits 2 make -s -C "$BUILD" picture

note "links"
grep -o '](\([^):#]*\))' "$readme" | sed 's/^](\(.*\))$/\1/' >"$WORK/links"
while read -r link; do
	[ -e "$SRC/$link" ] || fail "README.md: $link is not there"
done <"$WORK/links"
