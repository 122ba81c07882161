# shellcheck shell=sh
# lib.sh - what every step script starts with.  Sourced, not run.
#
# A step script runs in the fleet's folder.  `step` gives it GEN_TARGET, GEN_STEP,
# GEN_ID, GEN_RESULT and every setting as GEN_<KEY>, and leaves what the image is made
# of in out/recipes/$GEN_TARGET, one key=value a line (docs/design.md).  Values come from
# outside: they are read as text, never evaluated, and reach a command as one word.
#
# exit:  0 done, 75 worth another try as it is, 76 an input is lost, else failed

set -eu
export LC_ALL=C
umask 022	# modes end up in images, so they must not be the user's

top=$PWD
recipe=out/recipes/${GEN_TARGET:?}
context=out/contexts/${GEN_ID:?}

# Only this step writes here, and its lock is held: what a killed attempt left goes.
scratch=out/tmp/$GEN_TARGET.${GEN_STEP:?}
rm -rf "$scratch"

say()
{
	printf '%s: %s\n' "${0##*/}" "$*"
}

fail()
{
	say "$@" >&2
	exit 1
}

again()
{
	say "$@" >&2
	exit 75
}

lost()
{
	say "$@" >&2
	exit 76
}

# recipe KEY [FALLBACK]: its value on stdout.
recipe()
{
	while IFS= read -r line; do
		case $line in
		"$1="*)
			printf '%s\n' "${line#*=}"
			return 0 ;;
		esac
	done <"$recipe"
	[ $# -gt 1 ] || fail "$recipe: no key \"$1\""
	printf '%s\n' "$2"
}

# was_killed STATUS: by somebody, or for want of memory; of that step knows from the kernel.
was_killed()
{
	[ "$1" = 137 ] || [ "$1" = 143 ]
}

# result KEY VALUE: a line for the stamp.
result()
{
	printf '%s=%s\n' "$1" "$2" >>"${GEN_RESULT:?}"
}

scratch_make()
{
	mkdir -p "$scratch"
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

#
# Git
#

# A bare repository in $scratch/git that borrows the clone's objects.  Its own
# attributes, which outrank those of any tree, take away all that would make
# files differ from what was committed.
scratch_git_make()
{
	scratch_make
	mkdir -p "$scratch/git/objects/info" "$scratch/git/refs" "$scratch/git/info"
	echo 'ref: refs/heads/none' >"$scratch/git/HEAD"
	printf '%s\n' "${GEN_GIT_OBJECTS:?}" >"$scratch/git/objects/info/alternates"
	echo '* !export-ignore !export-subst !text !crlf !eol !ident !filter !working-tree-encoding' \
		>"$scratch/git/info/attributes"
}

# Git with no configuration, hook or environment of the user's.
git_alone()
{
	env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 \
		GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 \
		GIT_DIR="$top/$scratch/git" git "$@"
}

#
# Images
#

# with_recipe COMMAND...: run it, with the build arguments and labels of the recipe
# and then the context added.
with_recipe()
{
	while IFS= read -r line; do
		case $line in
		arg.*=*)   set -- "$@" --build-arg "${line#arg.}" ;;
		label.*=*) set -- "$@" --label "${line#label.}" ;;
		esac
	done <"$recipe"
	"$@" "$context"
}

# The human commit, which the base's tag is; nothing if that is another.
human()
{
	tag=$(recipe base_name '')
	tag=${tag##*:}
	case $tag in
	*[!0-9a-f]*) ;;
	*) [ ${#tag} != 40 ] || printf '%s\n' "$tag" ;;
	esac
}

# The recipe's Dockerfile, absolute: a relative path might be looked up in the context.
dockerfile()
{
	path=$(recipe dockerfile)
	case $path in
	/*) printf '%s\n' "$path" ;;
	*)  printf '%s\n' "$top/$path" ;;
	esac
}

# What may differ from one build to the next without making another image: given
# as a secret, since it is then in no layer, history or cache key.
settings_make()
{
	printf 'jobs=%s\nnvcc_threads=%s\n' "${GEN_JOBS:?}" "${GEN_NVCC_THREADS:?}" \
		>"$scratch/settings"
}

context_check()
{
	[ -f "$context/environment" ] || lost "$context is gone, it will be made again"
}

# image_check INPUT COMMIT: what its labels say that the local image was made from.
image_check()
{
	[ "$1" = "$(recipe input)" ] ||
		lost "$(recipe local) is gone, or is not what $recipe makes: it will be built again"
	[ "$2" = "$(recipe commit)" ] ||
		fail "$(recipe local): label org.opencontainers.image.revision is \"$2\", not the commit"
}

# loopback IMAGE: is its registry on this machine, where http is fine?
loopback()
{
	host=${1%%/*}
	case $host in
	\[::1\] | \[::1\]:*) return 0 ;;
	esac
	host=${host%%:*}
	case $host in
	localhost)   return 0 ;;
	*[!0-9.]*)   return 1 ;;
	127.*.*.*)   return 0 ;;
	*)           return 1 ;;
	esac
}

#
# Pushing
#

# The images that take their objects from this one: in the plan, each image has a line.
takers()
{
	[ ! -f out/plan.json ] ||
		sed -n "s/^{\"target\":\"\([^\"]*\)\".*,\"objects\":\"$GEN_TARGET\".*/\1/p" out/plan.json
}

# The image is in the registry: with keep_local off its copy here may go, unless another
# image is still to take its objects from it.  image_drop is the engine's.
make_room()
{
	[ "${GEN_KEEP_LOCAL:-1}" = 0 ] || return 0
	name=$(recipe local)
	for other in $(takers); do
		[ -e "out/stamps/$other.image" ] || {
			say "$name stays: $other is to take objects from it"
			return 0
		}
	done
	image_drop "$name" >/dev/null || return 0
	say "$name is in the registry, and no longer here"
}

# Image, image id and digest of what was pushed from here last, a line each; and beside it
# the ids of images whose push has begun since.
pushed=out/pushed/$GEN_TARGET

# push_begins IMAGE_ID: to be called before anything is pushed.
push_begins()
{
	mkdir -p "${pushed%/*}"
	printf '%s\n' "$1" >>"$pushed.begun"
}

# pushed_note IMAGE IMAGE_ID DIGEST: that is what the tag holds, and it is from here.
pushed_note()
{
	mkdir -p "${pushed%/*}"
	printf '%s\n' "$1" "$2" "$3" >"$scratch/pushed"
	mv "$scratch/pushed" "$pushed"
	rm -f "$pushed.begun"
}

# pushed_recall IMAGE IMAGE_ID: what the tag holds may be of a push that was killed when it
# was done, but before it could say so.
pushed_recall()
{
	registry_ask "$1" --image-id
	[ "$verdict" = present ] || again "$1: the registry does not say what is there: $answer"
	id_there=${answer#*"$tab"}
	answer=${answer%%"$tab"*}
	if printf '%s\n' "$2" | cat - "$pushed.begun" 2>/dev/null | grep -qxF -e "$id_there"; then
		say "$1 is from here: the push of $id_there was killed when it was done"
		pushed_note "$1" "$id_there" "$answer"
	else
		rm -f "$pushed.begun"	# it is somebody else's: gen need not have it pushed again
	fi
}

# pushed_earlier IMAGE IMAGE_ID: true if this very image is in the registry already;
# its digest goes into the stamp.  A tag that holds what was not pushed from here is
# never overwritten.
pushed_earlier()
{
	registry_ask "$1"
	case $verdict in
	absent) return 1 ;;
	present) ;;
	*) again "$1: the registry does not say whether it is there: $answer" ;;
	esac
	grep -qxF -e "$answer" "$pushed" 2>/dev/null || pushed_recall "$1" "$2"
	if printf '%s\n' "$1" "$2" "$answer" | cmp -s - "$pushed"; then
		say "$1 is in the registry already: $answer"
		result image "$1"
		result digest "$answer"
		make_room
		return 0
	fi
	# Ours, of other inputs: gen decided to replace it.
	if [ "$(sed 2d "$pushed" 2>/dev/null)" = "$(printf '%s\n' "$1" "$answer")" ]; then
		say "$1 is replaced: the registry still has what was pushed from here, $answer"
		return 1
	fi
	fail "$1: the registry has it already, as $answer, pushed by somebody else: not overwritten" \
		"(./gen leaves it as it is; or remove the tag)"
}

# pushed IMAGE IMAGE_ID DIGEST: the engine says that it pushed; see that it is so.
pushed()
{
	pushed_note "$1" "$2" "$3"
	registry_ask "$1"
	case $verdict in
	present) ;;
	absent) again "$1: pushed, but the registry says that it is not there" ;;
	*) again "$1: pushed, but the registry does not say so: $answer" ;;
	esac
	[ "$answer" = "$3" ] ||
		fail "$1: pushed $3, but the registry has $answer"
	say "$1 is $3"
	result image "$1"
	result digest "$3"
	make_room
}

# registry_ask IMAGE [OPTION]: sets verdict, and answer (a digest, or why it is not known).
registry_ask()
{
	verdict=$("${GEN_GEN:?}" digest "$@") || :
	tab=$(printf '\t')
	answer=${verdict#*"$tab"}
	verdict=${verdict%%"$tab"*}
}
