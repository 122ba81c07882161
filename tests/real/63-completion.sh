#!/bin/sh
# Completion in bash and zsh: commands, options, values, targets and digits of commits.
. "${0%/*}/../lib.sh"
begin
need bash

cp -R "$SRC/tests/fleets/every-state" "$WORK/fleet"
cd "$WORK/fleet"

cat >"$WORK/bash" <<'END'
. "$BUILD/obj/docs/completion/stampmill.bash"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_stampmill
echo "${COMPREPLY[*]}"
END

# bash_completes WANT WORD...: the words that bash would offer for the last of the words.
bash_completes()
{
	want=$1
	shift
	same "$(bash "$WORK/bash" "$@")" "$want" "$*"
}
note bash
bash_completes explain gen ex
bash_completes "diff digest" stampmill di
bash_completes baseline-a9a9a9a9a9a9 gen explain baseline-a9
bash_completes human-17171717 gen explain --json human-17
bash_completes 2f2f2f2f2f2f gen graph 2f
bash_completes "" gen graph 99
bash_completes baseline-dddddddddddd gen forget baseline-dd
bash_completes baseline-dddddddddddd gen -C "$WORK/fleet" forget baseline-dd
bash_completes baseline-dddddddddddd gen --directory = "$WORK/fleet" forget baseline-dd
bash_completes "" gen -C / explain baseline-
bash_completes "--watch" gen status --w
bash_completes "" gen explain --w
bash_completes "docker buildah" gen --engine ''
bash_completes svg gen graph --format = s
bash_completes "dot svg" gen graph --format =
bash_completes "compile" gen --native comp
bash_completes "v1.json" gen classify v1
bash_completes "" gen --registry ''
bash_completes explain gen '' ex
[ "$(bash "$WORK/bash" gen explain baseline- | wc -w)" = 15 ] || fail "not all images are offered"

# Each command is offered the options of its help.
"$GEN" --list | sed -n 's/^command|\([a-z]*\)|.*/\1/p' | while read -r command; do
	bash "$WORK/bash" gen "$command" -- | tr ' ' '\n' | sort >"$WORK/offered"
	"$GEN" "$command" --help | sed -n 's/^  .\{4\}\(--[a-z-]*\).*/\1/p' | sort >"$WORK/helped"
	diff "$WORK/offered" "$WORK/helped" || fail "options of gen $command"
done

command -v zsh >"$WORK/null" || skip "zsh is not installed"
# zsh_completes WANT LINE: what zsh makes of LINE and a tab.
zsh_completes()
{
	same "$(zsh -f "$SRC/tests/real/complete.zsh" "$BUILD/obj/docs/completion" "$2")" "$1" "$2"
}
note zsh
zsh_completes "gen explain " "gen exp"
zsh_completes "gen explain baseline-a9a9a9a9a9a9 " "gen explain baseline-a9"
zsh_completes "gen explain human-17171717 " "gen explain human-17"
zsh_completes "gen graph 2f2f2f2f2f2f " "gen graph 2f"
zsh_completes "gen forget baseline-dddddddddddd " "gen forget baseline-dd"
zsh_completes "gen -C $WORK/fleet explain baseline-a9a9a9a9a9a9 " "gen -C $WORK/fleet explain baseline-a9"
zsh_completes "gen graph --format=svg " "gen graph --format=s"
zsh_completes "gen status --watch " "gen status --wa"
zsh_completes "gen --engine=docker " "gen --engine=d"
zsh_completes "gen digest --image-id " "gen digest --im"
zsh_completes "gen check --wa" "gen check --wa"
