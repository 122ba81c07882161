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

note "every command and option, in the words and in the order of gen --help, and no other"
"$GEN" --list >"$WORK/list"
mandoc -T utf8 -O width=500 "$SRC/docs/stampmill.1" | sed 's/.\x08//g' | tr -s ' \n' ' ' >"$WORK/manual"
awk -F'|' '
	{ words = tolower($1 == "command" ? $3 : $4); sub(/[.][.][.]/, " ...", words) }
	$1 == "command" { entry = $2 (words ? " " words : "") }
	$1 == "option" {
		letter = $3 ? "-" $3 (words ? " " words : "") ", " : ""
		entry = letter "--" $2 (words ? "=" words : "")
	}
	{ print entry, toupper(substr($NF, 1, 1)) substr($NF, 2) "." }' "$WORK/list" >"$WORK/entries"
[ "$(wc -l <"$WORK/entries")" -ge 30 ] || fail "entries: $(cat "$WORK/entries")"
while read -r entry; do
	grep -qF -e " $entry " "$WORK/manual" || fail "stampmill.1: not there: $entry"
done <"$WORK/entries"
same "$(sed -n -e '/^\.Ss Commands/,/^\.Ss Targets/s/^\.It Cm \([a-z]*\).*/\1/p' \
	-e '/^\.Ss Options/,/^\.Ss Targets/s/^\.It .*Fl -\([a-z-]*\).*/\1/p' "$SRC/docs/stampmill.1")" \
	"$(cut -d '|' -f 2 "$WORK/list")" "entries of stampmill.1"

note "every command has a page of help"
sed -n 's/^command|\([a-z]*\)|.*/\1/p' "$WORK/list" | while read -r command; do
	"$GEN" "$command" --help | grep -q "^usage: gen \[*$command\]* " || fail "no help for $command"
done

note "every key that fleet.json may have"
tr '\n' ' ' <"$SRC/src/fleet/fleet.c" | grep -o 'KNOWN(&*[a-z]*, [^)]*)' >"$WORK/keys"
tr '\n' ' ' <"$SRC/src/fleet/fleet_rules.c" | grep -o 'KNOWN(&*[a-z]*, [^)]*)' >>"$WORK/keys"
grep -o '"[a-z0-9_]*"' "$WORK/keys" | tr -d '"' | sort -u >"$WORK/names"
[ "$(wc -l <"$WORK/names")" -ge 60 ] || fail "keys: $(wc -l <"$WORK/names")"
while read -r key; do
	grep -qw -e "$key" "$WORK/fleet.json.5.txt" || fail "fleet.json.5: no key $key"
	grep -q -e "\`$key\`" "$SRC/docs/fleet.md" || fail "docs/fleet.md: no key $key"
done <"$WORK/names"
