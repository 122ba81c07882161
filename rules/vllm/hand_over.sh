#!/bin/sh
# Stands in for cmake where a setup.py compiles, whatever it is told: what it would
# compile is there, and is put where it looks for it.
# usage: as cmake     reads: STAMPMILL_CMAKE (the real one), STAMPMILL_OBJECTS (a package
#        vllm), STAMPMILL_LOST (a file that takes the reason if that cannot be)
set -eu

target='' next=''
for argument; do
	case $next$argument in
	--version) exec "$STAMPMILL_CMAKE" "$@" ;;
	-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=*)
		echo "${argument#*=}" >stampmill-output
		exit 0 ;;
	target*) target=$argument next='' ;;
	--target) next=target ;;
	--target=*) target=${argument#*=} ;;
	esac
done
if [ -z "$target" ] || [ ! -f stampmill-output ]; then
	echo "setup.py of the commit compiles, whatever it is told" | tee "$STAMPMILL_LOST"
	exit 1
fi
output=$(cat stampmill-output)
mkdir -p "$output"
echo "hand_over.sh: $target goes to $output"
cp "$STAMPMILL_OBJECTS/$target".*so "$output"
