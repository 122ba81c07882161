#!/bin/sh
# The manual pages: mandoc finds nothing, and they tell of every command, option and key.
. "${0%/*}/../lib.sh"
begin
need mandoc

note "mandoc's opinion"
for page in "$SRC"/docs/*.[1-8]; do
	# Which other manuals are installed here is no fault of the page.
	mandoc -T lint -W all "$page" >"$WORK/lint" 2>&1 || :
	grep -v -e 'referenced manual not found' -e 'mandoc\.db' "$WORK/lint" && fail "${page##*/}"
	mandoc -T utf8 "$page" | sed 's/.\x08//g' >"$WORK/${page##*/}.txt"
done
manual=$WORK/stampmill.1.txt

note "every command and option of gen --help"
"$GEN" --help >"$WORK/help"
sed -n '/^commands:/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p' "$WORK/help" >"$WORK/commands"
[ "$(wc -l <"$WORK/commands")" -ge 8 ] || fail "commands: $(cat "$WORK/commands")"
while read -r command; do
	grep -q "^     $command" "$manual" || fail "stampmill.1: no command $command"
	"$GEN" "$command" --help | grep -q "^usage: gen $command" || fail "no help of $command"
done <"$WORK/commands"
"$GEN" --help | grep -o -e '--[a-z][a-z-]*' | sort -u >"$WORK/options"
while read -r option; do
	grep -qF -e "$option" "$manual" || fail "stampmill.1: no option $option"
done <"$WORK/options"

note "every key that fleet.json may have"
tr '\n' ' ' <"$SRC/src/fleet/fleet.c" | grep -o 'KNOWN(&*[a-z]*, [^)]*)' >"$WORK/keys"
tr '\n' ' ' <"$SRC/src/fleet/fleet_rules.c" | grep -o 'KNOWN(&*[a-z]*, [^)]*)' >>"$WORK/keys"
grep -o '"[a-z0-9_]*"' "$WORK/keys" | tr -d '"' | sort -u >"$WORK/names"
[ "$(wc -l <"$WORK/names")" -ge 60 ] || fail "keys: $(wc -l <"$WORK/names")"
while read -r key; do
	grep -qw -e "$key" "$WORK/fleet.json.5.txt" || fail "fleet.json.5: no key $key"
	grep -q -e "\`$key\`" "$SRC/docs/fleet.md" || fail "docs/fleet.md: no key $key"
done <"$WORK/names"
