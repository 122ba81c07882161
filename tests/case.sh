#!/bin/sh
# Run one case: a whole run of gen on a small fleet, compared with what is expected.
# usage: case.sh FOLDER        reads: SRC BUILD GEN STEP, and ACCEPT to write the expectation
# exit:  0 as expected, 1 not, and stdout says how
#
# A case is a folder:
#
#	why		one line: what it shows
#	cmd		the command, shell text; $GEN and $STEP are the programs, and the folder it
#			runs in is a copy of the case: "$GEN" --offline
#	setup.sh	if there, run before, in the copy (git repositories, say); may read
#			"$SRC/tests/lib.sh"
#	bin/		if there, first in PATH: programs that stand in for others
#	expect/exit	the exit status; without the file, 0
#	expect/stdout	what it prints; not looked at without the file
#	expect/stderr	the same
#	expect/files/	files that are then in the copy, byte for byte
#	expect/absent	paths that must not be there, one a line
#	anything else	the fleet: fleet.json, mappings/, patches/, ...
#
# In what is printed, and in files, @CASE@ stands for the absolute path of the copy, @BUILD@
# for that of the build folder and @SRC@ for the source's.  Each build.ninja in the copy must
# be one that ninja reads and can plan.  Nothing of the user reaches the run: HOME is empty,
# and of the environment there is what is set below.
set -u

case_folder=$(cd "$1" && pwd -P) || exit 1
name=${case_folder##*/}
expect=$case_folder/expect
copy=$BUILD/obj/tests/cases/$name
got=$copy.got
home=$copy.home
wrong=0

complain()
{
	echo "$name: $*"
	wrong=1
}

make_copy()
{
	rm -rf "$copy" "$got" "$home"
	mkdir -p "$copy" "$got" "$home"
	cp -R "$case_folder/." "$copy"
	rm -rf "$copy/expect" "$copy/why" "$copy/cmd" "$copy/setup.sh"
}

# Run a command in the copy, in an environment that is the same everywhere.
in_copy()
{
	(
		cd "$copy" && exec env -i PATH="$copy/bin:$PATH" HOME="$home" LC_ALL=C TZ=UTC \
			SRC="$SRC" BUILD="$BUILD" GEN="$GEN" STEP="$STEP" \
			GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$copy/.." \
			${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
			${UBSAN_OPTIONS:+UBSAN_OPTIONS="$UBSAN_OPTIONS"} \
			"$@"
	) </dev/null
}

# A pattern for sed that matches text $1.
pattern()
{
	printf '%s' "$1" | sed 's/[].[^$*\\|]/\\&/g'
}

# The file $1 with words in place of the paths of this machine.
without_paths()
{
	sed -e "s|$(pattern "$copy")|@CASE@|g" -e "s|$(pattern "$BUILD")|@BUILD@|g" \
		-e "s|$(pattern "$SRC")|@SRC@|g" "$1"
}

# Compare file $2 that came out with expectation $1, if there is one, or accept it.
compare()
{
	[ -z "$ACCEPT" ] || cp "$2" "$1"
	[ ! -f "$1" ] || cmp -s "$1" "$2" || {
		complain "${1#"$expect"/} is not as expected:"
		diff -u "$1" "$2" | sed '1s/.*/--- expected/; 2s/.*/+++ got/'
	}
}

run_command()
{
	in_copy sh "$case_folder/cmd" >"$got/stdout.raw" 2>"$got/stderr.raw"
	echo $? >"$got/exit"
	without_paths "$got/stdout.raw" >"$got/stdout"
	without_paths "$got/stderr.raw" >"$got/stderr"
}

check_output()
{
	[ -n "$ACCEPT" ] || [ -f "$expect/exit" ] || [ "$(cat "$got/exit")" = 0 ] || {
		complain "exit status $(cat "$got/exit"), and none is expected; it said:"
		cat "$got/stderr"
	}
	compare "$expect/exit" "$got/exit"
	compare "$expect/stdout" "$got/stdout"
	compare "$expect/stderr" "$got/stderr"
}

check_files()
{
	[ -d "$expect/files" ] || return 0
	find "$expect/files" -type f >"$got/files"
	while read -r file; do
		path=${file#"$expect/files/"}
		if [ -f "$copy/$path" ]; then
			without_paths "$copy/$path" >"$got/file"
			compare "$file" "$got/file"
		else
			complain "files/$path is not there"
		fi
	done <"$got/files"
}

check_absent()
{
	[ -f "$expect/absent" ] || return 0
	while read -r path; do
		[ ! -e "$copy/$path" ] || complain "\"$path\" is there"
	done <"$expect/absent"
}

check_build_files()
{
	find "$copy" -name build.ninja -type f >"$got/build-files"
	while read -r file; do
		folder=${file%/*}
		for what in '-t targets all' -n; do
			# shellcheck disable=SC2086	# words
			in_copy ninja -C "$folder" $what >"$got/ninja" 2>&1 || {
				complain "ninja $what does not like ${file#"$copy"/}:"
				cat "$got/ninja"
			}
		done
	done <"$got/build-files"
}

[ -s "$case_folder/why" ] || complain "no why"
[ -s "$case_folder/cmd" ] || complain "no cmd"
[ -n "$ACCEPT" ] || [ -d "$expect" ] || complain "no expect: see tests/run --accept"
[ $wrong = 0 ] || exit 1
[ -z "$ACCEPT" ] || mkdir -p "$expect"

make_copy
if [ -f "$case_folder/setup.sh" ]; then
	in_copy sh "$case_folder/setup.sh" || {
		complain "setup.sh failed"
		exit 1
	}
fi
run_command
check_output
check_files
check_absent
check_build_files
exit $wrong
