#!/bin/sh
# See that src/ is laid out as docs/design.md says, or list its pure sources.
# usage: rooms.sh [--pure]     reads: SRC (else the tree of this script), BUILD (else SRC)
# exit:  0 nothing found, else stdout says what was found
#
# From the #include lines: a file includes only its own room and rooms before it, and rooms of
# one rank not each other; a file whose header's first line says "Pure." includes only such
# headers, or base/; no basename stands twice; libgit2, libcurl and the part of libcurl that
# reads URLs are each included by one file, jansson in one room.  From the objects of a build: no two files need each other, not even through a third,
# and what is pure calls nothing of the world outside.
# Lists of files are words:
# shellcheck disable=SC2086
set -u
LC_ALL=C
export LC_ALL
: "${SRC=$(cd "${0%/*}/.." && pwd -P)}"
: "${BUILD=$SRC}"
cd "$SRC/src" || exit 1

# A line for each rank.
order='base
json
os
http git logs
registry record
fleet
plan
ninja status step
cmd'


# What only a file that is not pure may call.
outside='f?open|fdopen|openat?|creat|read|write|close|stat|lstat|unlink|rename|mkdir|opendir'
outside="$outside|getenv|secure_getenv|setenv|putenv|time|clock|clock_gettime|gettimeofday"
outside="$outside|localtime|localtime_r|fork|vfork|exec[lv]p?e?|posix_spawnp?|system|popen|kill"
outside="$outside|socket|connect|getaddrinfo|getpid|gethostname|getcwd|random|rand|isatty"

pure_headers()
{
	awk 'FNR == 1 { if (/Pure\./) print FILENAME; nextfile }' ./*/*.h | sed 's|^\./||'
}

# A source is as pure as the header it includes first.
pure_sources()
{
	pure_headers >"$scratch/pure"
	awk 'NR == FNR { pure[$0] = 1; next }
		/^#include "/ { gsub(/.*include "|".*/, ""); if ($0 in pure || /^base\//) print FILENAME; nextfile }' \
		"$scratch/pure" ./*/*.c | sed 's|^\./||'
}

# A line for each include of ours: the file, what it includes.
includes()
{
	awk '/^#include "/ { gsub(/.*include "|".*/, ""); print FILENAME, $0 }' ./*/*.[ch] | sed 's|^\./||'
}

to_the_right()
{
	echo "$order" | awk '{ for (i = 1; i <= NF; i++) print $i, NR }' >"$scratch/ranks"
	includes | awk 'NR == FNR { rank[$1] = $2; next }
		{
			split($1, from, "/")
			split($2, to, "/")
			if (from[1] != to[1] && !(rank[to[1]] < rank[from[1]]))
				print "src/" $1 ": includes \"" $2 "\", which is not before its room"
			if (!rank[from[1]])
				print "src/" $1 ": its folder is not a room"
		}' "$scratch/ranks" -
}

impure()
{
	{
		pure_headers
		pure_sources
	} >"$scratch/pure"
	includes | awk 'NR == FNR { pure[$0] = 1; next }
		pure[$1] && !pure[$2] && $2 !~ /^base\// && $1 !~ /^base\// {
			print "src/" $1 ": is pure, and includes \"" $2 "\", which is not" }' "$scratch/pure" -
	pure_sources | sed "s|^|$BUILD/obj/src/|; s|c\$|o|" | xargs nm -A -u |
		grep -E " U ($outside)(64)?\$" | sed 's|^.*/obj/||; s|$|: what is pure reaches the world outside|'
}

twice()
{
	find . -name '*.[ch]' | sed 's|.*/||' | sort | uniq -d | sed 's|$|: a name that stands twice in src/|'
}

in_one_file()
{
	users=$(grep -lrE "^#include <$1>" .)
	[ "$(echo "$users" | wc -l)" = 1 ] || echo "<$1> is included by more than one file:" $users
}

# in_one_room HEADER ROOM
in_one_room()
{
	grep -lE "^#include <$1>" ./*/*.[ch] | grep -v "^\./$2/" | sed "s|^\./|src/|; s|\$|: includes <$1>, which is for $2/ alone|"
}

# A line for each symbol that one object has, or needs, from another: symbol, file.
circles()
{
	objects=$(for source in */*.c; do echo "${source%c}o"; done)
	(cd "$BUILD/obj/src" && nm -A $objects) | sed 's|\.o:| |' >"$scratch/symbols"
	awk 'NR == FNR { if (NF == 4 && $3 ~ /[TDRBC]/) has[$4] = $1; next }
		NF == 3 && $2 == "U" && has[$3] && has[$3] != $1 { print $1, has[$3] }' \
		"$scratch/symbols" "$scratch/symbols" | sort -u |
		tsort 2>&1 >/dev/null | sed 's|^tsort: ||; s|^-: .*|these files need each other:|'
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/stampmill-rooms.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

case ${1-} in
--pure)
	pure_sources | sed "s|^|$SRC/src/|"
	exit ;;
esac
found=$(
	to_the_right
	impure
	twice
	in_one_file git2.h
	in_one_file curl/curl.h
	in_one_file curl/urlapi.h
	in_one_room jansson.h json
	circles
)
[ -z "$found" ] || {
	echo "$found"
	exit 1
}
