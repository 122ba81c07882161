#!/bin/sh
# One check of how sources, scripts and pages are written.
# usage: lint.sh CHECK, or --list           reads: SRC BUILD (a build that is up to date)
# exit:  0 nothing found, 77 the tool is not there, else stdout says what was found
set -u

# One more pattern than files is no harm: what matches nothing is left out.
files()
{
	for file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

sources()
{
	files src/*.c src/*/*.c tests/unit/*.c tests/fakes/*.c
}

headers()
{
	files src/*.h src/*/*.h
}

# What ends as a shell script's name does, or starts as one does, for shell $1: sh or bash.
scripts()
{
	find configure tools .ci tests rules examples patches docs/completion -type f ! -path '*/out/*' \
		! -path '*.so' -exec awk -v shell="$1" '
		FNR == 1 {
			bash = /^#!.*bash/
			posix = /^#! *\/bin\/sh/ || (!bash && FILENAME ~ /\.sh$/)
			if (shell == "bash" ? bash : posix)
				print FILENAME
			nextfile
		}' {} + 2>/dev/null | LC_ALL=C sort
}

manual_pages()
{
	files docs/*.[1-8]
}

need()
{
	command -v "$1" >/dev/null 2>&1 || {
		echo "skip: $1 is not installed"
		exit 77
	}
}

# What clang says of good code and gcc does not.
quiet_clang='-Wno-string-concatenation -Wno-implicit-int-float-conversion'

# The compiler's flags for any of the sources, quoted for eval.
flags()
{
	# -I is relative to the build folder, and we are in the source's.
	(cd "$BUILD" && make -s show-cppflags) | sed 's|-I[^ /][^ ]*/src |-Isrc |; s|$| -Itests '"$quiet_clang|"
}

# Run a command for each of the files on stdin, which takes the place of {}, with the
# flags after it; as many at once as there are processors.
for_each()
{
	eval "xargs -P '$(nproc)' -I '{}' \"\$@\" $(flags)"
}

found=0

complain()
{
	echo "$*"
	found=1
}

# ---- the checks --------------------------------------------------------------------

# Off: 1087, arrays, which sh has not; 2016, text in single quotes on purpose; 2154, set by the file that was read.
check_shell()
{
	need shellcheck
	scripts sh | xargs -P "$(nproc)" -n 20 shellcheck -x -s sh -e SC1087,SC2016,SC2154 || found=1
	scripts bash | xargs shellcheck -x -e SC1087,SC2016,SC2154 || found=1
	return $found
}

check_posix()
{
	need dash
	for script in $(scripts sh); do
		dash -n "$script" || found=1
	done
	return $found
}

# A second compiler's opinion.
check_clang()
{
	need clang
	sources | for_each clang -fsyntax-only -Werror '{}'
}

check_tidy()
{
	need clang-tidy
	mkdir -p "$BUILD/obj/tests"
	# The finding, without the notes on it: a page each when a macro is there.
	files src/*.c src/*/*.c | for_each clang-tidy --quiet '{}' -- >"$BUILD/obj/tests/tidy" 2>&1 || found=1
	grep -E '(error|warning): ' "$BUILD/obj/tests/tidy"
	return $found
}

# Off: readdir_r, which glibc advises against; null pointers and variables not set, which it
# sees on ways that cannot be gone, and which sanitizers and valgrind see if they can.
check_cppcheck()
{
	need cppcheck
	cppcheck --quiet -j "$(nproc)" --error-exitcode=1 --inline-suppr --std=c11 --language=c \
		--enable=warning,performance,portability --suppress=missingIncludeSystem \
		--suppress=uninitvar --suppress=legacyUninitvar --suppress=readdirCalled \
		--suppress=nullPointer --suppress=nullPointerRedundantCheck \
		--suppress=ctunullpointer \
		-D'json_object_foreach(object, key, value)=while (key)' \
		-D'json_array_foreach(array, i, value)=while (i)' \
		--library=posix,gnu -Isrc -D_GNU_SOURCE src
}

# Each header compiles alone.
check_headers()
{
	headers | for_each "${CC:-cc}" -fsyntax-only -Werror -x c '{}'
}

check_rooms()
{
	sh tests/rooms.sh || found=1
	return $found
}

# step starts for every edge: what it loads is paid for each time.
check_linking()
{
	need readelf
	! readelf -d "$BUILD/out/bin/step" | grep -E 'NEEDED.*(git2|curl|ssl|crypto)' ||
		complain "step is linked to more than it needs"
	return $found
}

# Messages have one voice: no capital at their start, no full stop at their end.  A name
# and a value behind it, as in Link "...", may begin one.
check_messages()
{
	files src/*.c src/*/*.c rules/*.sh rules/*/*.sh configure tools/* examples/*/*.sh | xargs awk '
		BEGIN {
			calls = "(error_(set|prefix|remedy)|fields_error|entry_error|session_words|" \
				"question_fail|list_break|grant_fail|fail_at|wrong|refuse|bad_usage|program_say|fprintf)\\("
		}
		$0 ~ calls || /^[^#]*(fail|again|lost|say|warn) "/ {
			said = $0
			place = FILENAME ":" FNR
			while (FILENAME ~ /c$/ && said !~ /[;{]$/ && (getline line) > 0)
				said = said line
			if (said ~ /fprintf\(/ && said !~ /stderr/)
				next
			if (said ~ /"(gen: |step: |%s: )*[A-Z][a-z]+ [a-z%]/ || said ~ /[a-z]\.(\\n)?"[,)]/ ||
			    said ~ /[a-z]\."$/)
				print place ": " said
		}' >"$BUILD/obj/tests/messages"
	[ ! -s "$BUILD/obj/tests/messages" ] || complain "$(cat "$BUILD/obj/tests/messages")"
	return $found
}

check_manual()
{
	need mandoc
	# shellcheck disable=SC2046	# a list of files without blanks
	mandoc -T lint -W warning $(manual_pages)
}

# One version: configure holds it; gen and CHANGELOG.md agree with it.
check_version()
{
	release=$(sh configure --version)
	[ "$("$BUILD/gen" --version)" = "$release" ] || complain "gen --version is not \"$release\""
	release=${release#* }
	grep '^## ' CHANGELOG.md | head -n 1 | grep -qF "## $release - " ||
		complain "CHANGELOG.md: the first release is not $release"
	return $found
}

list()
{
	echo shell posix clang tidy cppcheck headers rooms linking messages version | tr ' ' '\n'
	[ -z "$(manual_pages)" ] || echo manual
}

cd "$SRC" || exit 1
case $1 in
--list) list ;;
*) "check_$1" ;;
esac
