# shellcheck shell=sh
# native.sh - how an image's compiled objects come about.  Sourced by the image steps, after
# engine.sh; they define
#
#	image_run NATIVE OBJECTS ARGUMENT...	build the image, one command; its status counts
#
# The plan's word is a claim: "reuse" says that the base holds the objects, "share" that
# another image of this fleet does, "wheel" that the project built a wheel of the commit.
# Only the build can see whether it is so.  If not, it prints a line
#
#	stampmill: native claim lost: REASON
#
# and fails (a build's exit status does not come through BuildKit).  The image is then built
# again with everything compiled, and out/native/TARGET says so to the next plan:
#
#	lost=REASON		one line
#	native=reuse		what was claimed
#	from=REFERENCE		of what: the base, the image's name, or the wheel's URL
#
# A build that takes a wheel prints "stampmill: wheel sha256:...", which goes into the stamp.
# One that compiles may print "stampmill: ccache hits=H misses=M before_hits=...", as counted by
# the compiler cache: out/native/TARGET.stats is that, as ccache_hits= and so on.
: "${scratch:?}"	# of lib.sh

# What the claim is about; another one may hold.
native_from()
{
	case $1 in
	share) recipe objects ;;
	wheel) recipe wheel ;;
	*)     recipe base ;;
	esac
}

# native_known NATIVE: why that was lost before; fails if it was not.
native_known()
{
	note=out/native/$GEN_TARGET
	[ -f "$note" ] || return 1
	[ "$(sed 1d "$note")" = "$(printf 'native=%s\nfrom=%s' "$1" "$(native_from "$1")")" ] || return 1
	sed -n '1s/^lost=//p' "$note" | grep .
}

# native_absent NATIVE: why the image to share with is of no use; fails if it is there.
native_absent()
{
	[ "$1" = share ] || return 1
	other=$(recipe objects)
	theirs=$(sed -n 's/^input=//p' "out/recipes/${other##*:}" 2>/dev/null) || :
	[ -z "$theirs" ] || [ "$(label "$(local_name "$other")" stampmill.input)" != "$theirs" ] || return 1
	echo "$other is not here, or is not what out/recipes/${other##*:} makes"
}

# native_run NATIVE REASON: build; fails if that does.  What it said is in $scratch/output.
# A build whose command was killed says nothing of the image.
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

# said TEXT: the rest of the first line that the build printed and that starts so.
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

# native_lost NATIVE REASON: the claim is not so.
native_lost()
{
	say "$1 is not possible: $2"
	printf '%s\n' "lost=$2" "native=$1" "from=$(native_from "$1")" >"$scratch/lost"
	mkdir -p out/native
	mv "$scratch/lost" "out/native/$GEN_TARGET"
}

# What the stamp says of it.
native_result()
{
	result native "$native"
	result journal.native "$native"
	wheel=$(said 'wheel ')
	[ "$native" != wheel ] || [ -z "$wheel" ] || result wheel_digest "$wheel"
}

# Build the image, one way or the other; fails if neither goes.  Sets native to what it was.
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

	# This edge is in a pool for what compiles nothing.
	mkdir -p out/locks
	exec 7>out/locks/native-fallback
	flock 7
	native_run compile "$1"
}
