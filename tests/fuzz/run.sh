#!/bin/sh
# Fuzz with libFuzzer; what it finds is left in obj/fuzz/found/.
# usage: run.sh SECONDS [TARGET...]      from the build folder; reads: CC_FUZZ, LIBS
# exit:  0 nothing found, 1 something was, 77 no clang with libFuzzer
set -eu
LC_ALL=C
export LC_ALL

src=$(cd "${0%/*}/../.." && pwd -P)
seconds=$1
shift
: "${CC_FUZZ=}" "${LIBS=-lcurl -ljansson -lnettle}"
for cc in $CC_FUZZ clang clang-14 clang-15 clang-16; do
	command -v "$cc" >/dev/null 2>&1 && break
done
out=obj/fuzz/libfuzzer
mkdir -p $out/objects obj/fuzz/found
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { (void)d; return n > 1000000000; }' >$out/probe.c
"$cc" -fsanitize=fuzzer,address,undefined -o $out/probe $out/probe.c 2>$out/probe.log || {
	echo "skip: no clang with libFuzzer (apt-get install clang)"
	exit 77
}

[ $# -gt 0 ] || set -- "$src"/tests/fuzz/fuzz_*.c
each=$((seconds / $#))
[ $each -gt 0 ] || each=1

flags="-std=c11 -D_GNU_SOURCE -I$src/src -I$src/tests -g -O1 -fno-omit-frame-pointer"
flags="$flags -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined"
if [ ! -e $out/built ] || [ -n "$(find "$src/src" -name '*.[ch]' -newer $out/built)" ]; then
	rm -f $out/objects/*
	for file in $(sh "$src/tests/rooms.sh" --pure); do
		# shellcheck disable=SC2086	# flags are words
		$cc $flags -c -o "$out/objects/$(basename "$file" .c).o" "$file"
	done
	: >$out/built
fi

status=0
for target; do
	name=$(basename "${target##*fuzz_}" .c)
	# shellcheck disable=SC2086	# flags are words
	$cc $flags -fsanitize=fuzzer -o "$out/$name" "$src/tests/fuzz/fuzz_$name.c" \
		$out/objects/*.o $LIBS
	mkdir -p "obj/fuzz/corpus/$name"
	echo "-- $name, $each s"
	"$out/$name" -max_total_time="$each" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix="obj/fuzz/found/$name-" "obj/fuzz/corpus/$name" \
		"$src/tests/fuzz/corpus/$name" >"obj/fuzz/$name.log" 2>&1 || {
		status=1
		tail -n 40 "obj/fuzz/$name.log"
	}
	grep -E 'stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)|^#[0-9]*.DONE' \
		"obj/fuzz/$name.log" || :
done
exit $status
