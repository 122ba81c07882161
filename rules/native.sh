# shellcheck shell=sh
# native.sh - get an image's compiled objects.  The image steps source it after engine.sh, and
# define
#
#	image_run NATIVE OBJECTS ARGUMENT...	build the image, one command; its status counts
#
# The plan makes a claim: "reuse" says that the base holds the objects, "share" that another image
# of this fleet holds them, "wheel" that the project built a wheel of the commit.  Only the build can
# check the claim.  If it is wrong, the build prints a line
#
#	stampmill: native claim lost: REASON
#
# and fails (BuildKit does not pass on the exit status of a build).  The image step then builds the
# image again, compiling everything, and writes out/native/TARGET for the next plan:
#
#	lost=REASON		one line
#	native=reuse		the claim
#	from=REFERENCE		its object: the base, the image's name, or the wheel's URL
#
# A build that takes a wheel prints "stampmill: wheel sha256:...", which goes into the stamp.  A
# build that compiles may print the counts of the compiler cache, "stampmill: ccache hits=H misses=M
# before_hits=..."; out/native/TARGET.stats has them as ccache_hits= and so on.
: "${scratch:?}"	# from lib.sh

# Print what the claim is about; a claim about something else may hold.
native_from()
{
	case $1 in
	share) recipe objects ;;
	wheel) recipe wheel ;;
	*)     recipe base ;;
	esac
}

# native_known NATIVE: print why this claim was lost before; fail if it was not.
native_known()
{
	note=out/native/$GEN_TARGET
	[ -f "$note" ] || return 1
	[ "$(sed 1d "$note")" = "$(printf 'native=%s\nfrom=%s' "$1" "$(native_from "$1")")" ] || return 1
	sed -n '1s/^lost=//p' "$note" | grep .
}

# native_absent NATIVE: print why the image to share with is useless; fail if it is there.
native_absent()
{
	[ "$1" = share ] || return 1
	other=$(recipe objects)
	theirs=$(sed -n 's/^input=//p' "out/recipes/${other##*:}" 2>/dev/null) || :
	[ -z "$theirs" ] || [ "$(label "$(local_name "$other")" stampmill.input)" != "$theirs" ] || return 1
	echo "$other is not here, or is not what out/recipes/${other##*:} makes"
}

# native_run NATIVE REASON: build the image, and fail if the build does.  Its output is in
# $scratch/output.  If the build was killed, that says nothing about the image.
native_run()
{
	native=$1
	reason=$2
	objects=$(recipe base)
	[ "$native" != share ] || objects=$(recipe objects)
	say "objects: $native${reason:+, $reason}"
	set -- --label "stampmill.native=$native" --label "stampmill.native.reason=$reason" \
		--build-arg "BUILD_NATIVE=$native"
	[ "$native" != wheel ] || set -- "$@" --build-arg "BUILD_WHEEL=$(recipe wheel)" \
		--build-arg "BUILD_WHEEL_DIGEST=$(recipe wheel_digest '')"
	{ status=0; image_run "$native" "$objects" "$@" || status=$?; echo $status >"$scratch/status"; } 2>&1 |
		tee "$scratch/output"
	native_stats
	status=$(cat "$scratch/status")
	! was_killed "$status" || again "the build was killed"
	[ "$status" = 0 ]
}

# said TEXT: print the rest of the first line of the build's output that starts with TEXT.
said()
{
	sed -n "s/^\(#[0-9]* [0-9.]* \)\{0,1\}stampmill: $1//p" "$scratch/output" | head -n 1
}

native_stats()
{
	said 'ccache ' | tr ' ' '\n' | sed 's/^/ccache_/' >"$scratch/stats"
	[ -s "$scratch/stats" ] || return 0
	sed 's/^/journal./' "$scratch/stats" >>"$GEN_RESULT"
	mkdir -p out/native
	mv "$scratch/stats" "out/native/$GEN_TARGET.stats"
}

# native_lost NATIVE REASON: record that the claim is wrong.
native_lost()
{
	say "$1 is not possible: $2"
	printf '%s\n' "lost=$2" "native=$1" "from=$(native_from "$1")" >"$scratch/lost"
	mkdir -p out/native
	mv "$scratch/lost" "out/native/$GEN_TARGET"
}

# Write the result into the stamp.
native_result()
{
	result native "$native"
	result journal.native "$native"
	wheel=$(said 'wheel ')
	[ "$native" != wheel ] || [ -z "$wheel" ] || result wheel_digest "$wheel"
}

# Build the image as claimed, or else by compiling; fail if both fail.  Set native to the way.
native_build()
{
	native=$(recipe native compile)
	rm -f "out/native/$GEN_TARGET.stats"
	if [ "$native" != compile ] && ! lost=$(native_known "$native" || native_absent "$native"); then
		if native_run "$native" "$(recipe native_reason '')"; then
			return 0
		fi
		lost=$(said 'native claim lost: ')
		[ "$lost" ] || return 1
	fi
	if [ "$native" = compile ]; then
		native_run compile "$(recipe native_reason '')"
		return
	fi
	native_lost "$native" "$lost"
	set -- "$native was not possible: $lost"

	# This edge is in a pool for images that compile nothing, so such builds run one at a time.
	mkdir -p out/locks
	exec 7>out/locks/native-fallback
	flock 7
	native_run compile "$1"
}
