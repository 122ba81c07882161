#!/bin/sh
# Stands before the real cmake while vLLM is compiled, and sees to the number of jobs.
# usage: as cmake     reads: STAMPMILL_CMAKE (the real one), STAMPMILL_JOBS
#
# vLLM's setup.py works it out anew in each age: from the processors only, from MAX_JOBS
# times four by NVCC_THREADS, from MAX_JOBS by NVCC_THREADS.  But all tell it to cmake in
# the same two places, the ninja pool of a configuration and the -j of a build.
set -eu

count=$#
build=no jobs=no
while [ "$count" -gt 0 ]; do
	argument=$1
	shift
	count=$((count - 1))
	case $argument in
	--build) build=yes ;;
	-DCMAKE_JOB_POOLS*=compile=*)
		argument=${argument%%=*}=compile=$STAMPMILL_JOBS
		;;
	-j | --parallel)
		# The number is an argument of its own, if it is there.
		case ${1-} in
		[0-9]*)
			if [ "$count" -gt 0 ]; then
				shift
				count=$((count - 1))
			fi
			;;
		esac
		argument=-j$STAMPMILL_JOBS jobs=yes
		;;
	-j* | --parallel=*) argument=-j$STAMPMILL_JOBS jobs=yes ;;
	esac
	set -- "$@" "$argument"
done
[ $build$jobs != yesno ] || set -- "$@" "-j$STAMPMILL_JOBS"
printf 'cmake:'
printf ' %s' "$@"
echo
exec "$STAMPMILL_CMAKE" "$@"
