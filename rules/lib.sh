# shellcheck shell=sh
# lib.sh - functions that every step script needs.  Sourced, not run.
#
# A step script runs in the fleet's folder.  `step` gives it GEN_TARGET, GEN_STEP, GEN_ID,
# GEN_RESULT and every setting as GEN_<KEY>, and writes the inputs of the image to
# out/recipes/$GEN_TARGET, one key=value per line (docs/design.md).  The values come from outside:
# a script reads them as text, never evaluates them, and passes each to a command as one word.
#
# exit:  0 done, 75 try again, 76 an input is lost, else failed

set -eu
export LC_ALL=C
umask 022	# modes end up in images, so they must not be the user's

top=$PWD
recipe=out/recipes/${GEN_TARGET:?}
context=out/contexts/${GEN_ID:?}

# Only this step writes here, and it holds its lock: remove what a killed attempt left.
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

# recipe KEY [FALLBACK]: print its value.
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

# was_killed STATUS: somebody killed the command, or it ran out of memory; step asks the kernel which.
was_killed()
{
	[ "$1" = 137 ] || [ "$1" = 143 ]
}

# result KEY VALUE: add a line to the stamp.
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

# Make a bare repository in $scratch/git that borrows the clone's objects.  Its own attributes
# override those of any tree, and switch off everything that would make files differ from what was
# committed.
scratch_git_make()
{
	scratch_make
	mkdir -p "$scratch/git/objects/info" "$scratch/git/refs" "$scratch/git/info"
	echo 'ref: refs/heads/none' >"$scratch/git/HEAD"
	printf '%s\n' "${GEN_GIT_OBJECTS:?}" >"$scratch/git/objects/info/alternates"
	echo '* !export-ignore !export-subst !text !crlf !eol !ident !filter !working-tree-encoding' \
		>"$scratch/git/info/attributes"
}

# Run git without the user's configuration, hooks and environment.
git_alone()
{
	env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 \
		GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 \
		GIT_DIR="$top/$scratch/git" git "$@"
}

#
# Images
#

# with_recipe COMMAND...: run it with the build arguments and labels of the recipe, and then the
# context, as further arguments.
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

# Print the human commit, if the tag of the base is one.
human()
{
	tag=$(recipe base_name '')
	tag=${tag##*:}
	case $tag in
	*[!0-9a-f]*) ;;
	*) [ ${#tag} != 40 ] || printf '%s\n' "$tag" ;;
	esac
}

# Print the absolute path of the recipe's Dockerfile: an engine may look up a relative one in the
# context.
dockerfile()
{
	path=$(recipe dockerfile)
	case $path in
	/*) printf '%s\n' "$path" ;;
	*)  printf '%s\n' "$top/$path" ;;
	esac
}

# These settings may differ between builds of the same image.  A secret carries them, because a
# secret is in no layer, history or cache key.
settings_make()
{
	printf 'jobs=%s\nnvcc_threads=%s\n' "${GEN_JOBS:?}" "${GEN_NVCC_THREADS:?}" \
		>"$scratch/settings"
}

context_check()
{
	[ -f "$context/environment" ] || lost "$context is gone, it will be made again"
}

# image_check INPUT COMMIT: check what the labels of the local image say that it was made from.
image_check()
{
	[ "$1" = "$(recipe input)" ] ||
		lost "$(recipe local) is gone, or is not what $recipe makes: it will be built again"
	[ "$2" = "$(recipe commit)" ] ||
		fail "$(recipe local): label org.opencontainers.image.revision is \"$2\", not the commit"
}

# loopback IMAGE: is its registry on this machine?  Then http is safe.
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

# Print the images that take their objects from this one: the plan has one line per image.
takers()
{
	[ ! -f out/plan.json ] ||
		sed -n "s/^{\"target\":\"\([^\"]*\)\".*,\"objects\":\"$GEN_TARGET\".*/\1/p" out/plan.json
}

# The image is in the registry.  With keep_local off, remove the local copy, unless another image
# is still to take its objects.  engine.sh has image_drop.
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

# This file has image, image id and digest of the last push from here, one per line.  $pushed.begun
# has the ids of images whose push has begun since.
pushed=out/pushed/$GEN_TARGET

# push_begins IMAGE_ID: call this before a push.
push_begins()
{
	mkdir -p "${pushed%/*}"
	printf '%s\n' "$1" >>"$pushed.begun"
}

# pushed_note IMAGE IMAGE_ID DIGEST: note that the tag holds this, and that it is from here.
pushed_note()
{
	mkdir -p "${pushed%/*}"
	printf '%s\n' "$1" "$2" "$3" >"$scratch/pushed"
	mv "$scratch/pushed" "$pushed"
	rm -f "$pushed.begun"
}

# pushed_recall IMAGE IMAGE_ID: the tag may hold the image of a push from here that was killed after
# its end, but before its note.
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
		rm -f "$pushed.begun"	# somebody else pushed it: gen must not plan another push
	fi
}

# pushed_earlier IMAGE IMAGE_ID: true if this very image is in the registry already; its digest
# goes into the stamp.  A tag that was not pushed from here is never overwritten.
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
	# It is ours, from other inputs: gen has decided to replace it.
	if [ "$(sed 2d "$pushed" 2>/dev/null)" = "$(printf '%s\n' "$1" "$answer")" ]; then
		say "$1 is replaced: the registry still has what was pushed from here, $answer"
		return 1
	fi
	fail "$1: the registry has it already, as $answer, pushed by somebody else: not overwritten" \
		"(./gen leaves it as it is; or remove the tag)"
}

# pushed IMAGE IMAGE_ID DIGEST: the engine has pushed; check what the registry has.
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

# registry_ask IMAGE [OPTION]: set verdict, and answer (a digest, or why it is unknown).
registry_ask()
{
	verdict=$("${GEN_GEN:?}" digest "$@") || :
	tab=$(printf '\t')
	answer=${verdict#*"$tab"}
	verdict=${verdict%%"$tab"*}
}
