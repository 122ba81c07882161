#!/bin/sh
# Stands before the real git while vLLM is compiled: what the build clones comes from
# mirrors in a folder that all images share.  Each is made once, and brought up to date
# when a commit is not in it.
# usage: as git     reads: STAMPMILL_GIT (the real one), STAMPMILL_MIRRORS
set -eu

say()
{
	echo "git.sh: $*" >&2
}

# mirror_make FOLDER URL COMMIT
mirror_make()
{
	if [ ! -d "$1" ]; then
		say "making a mirror of $2"
		rm -rf "$1.part"
		"$STAMPMILL_GIT" clone --quiet --mirror "$2" "$1.part" && mv "$1.part" "$1"
	elif [ "$3" ] && ! "$STAMPMILL_GIT" --git-dir="$1" rev-parse --quiet --verify "$3^{commit}" >/dev/null; then
		say "$3 is not in the mirror of $2: fetching"
		"$STAMPMILL_GIT" --git-dir="$1" -c gc.auto=0 fetch --quiet --prune origin
	fi
}

# mirror URL [COMMIT]: there is a mirror of it, with that commit, if it can be had.
mirror()
{
	case $1 in
	*://*) ;;
	*) return 0 ;;
	esac
	folder=$STAMPMILL_MIRRORS/$(printf '%s' "${1#*://}" | tr -c 'A-Za-z0-9._-' _)
	mkdir -p "$STAMPMILL_MIRRORS"
	(
		! command -v flock >/dev/null || flock 9
		mirror_make "$folder" "$1" "${2-}"
	) 9>"$folder.lock" || say "no mirror of $1: the build fetches it itself"
}

# real ARGUMENT...: git, to which each mirror's URL is the mirror.
real()
{
	for folder in "$STAMPMILL_MIRRORS"/*; do
		url=$("$STAMPMILL_GIT" config --file "$folder/config" remote.origin.url 2>/dev/null) || continue
		set -- -c "url.$folder.insteadOf=$url" "$@"
	done
	"$STAMPMILL_GIT" -c protocol.file.allow=always "$@"
}

# The clone's commit is what its mirror shall have.
has_commit()
{
	"$STAMPMILL_GIT" rev-parse --quiet --verify "$1^{commit}" >/dev/null
}

mirror_submodules()
{
	[ -f .gitmodules ] || return 0
	"$STAMPMILL_GIT" config --file .gitmodules --get-regexp '^submodule\..*\.path$' |
		while read -r key path; do
			url=$("$STAMPMILL_GIT" config --file .gitmodules "${key%.path}.url") || continue
			mirror "$url" "$("$STAMPMILL_GIT" rev-parse --quiet --verify "HEAD:$path" || :)"
		done
}

# The command, and its first argument that is no option; a clone's --branch.
command='' first='' branch='' value=''
for argument; do
	case $value in
	skip) value= ;;
	branch) branch=$argument value= ;;
	*)
		case $command$argument in
		-c | -C) value=skip ;;
		clone--branch | clone-b) value=branch ;;
		clone--depth | clone--config | clone-c | clone--origin | clone-o) value=skip ;;
		"$command"-*) ;;
		*)
			if [ -z "$command" ]; then
				command=$argument
			elif [ -z "$first" ]; then
				first=$argument
			fi ;;
		esac ;;
	esac
done

case $command in
clone)
	mirror "$first" "$branch"
	real "$@" ;;
checkout)
	if [ "$first" ] && ! has_commit "$first"; then
		mirror "$("$STAMPMILL_GIT" config remote.origin.url || :)" "$first"
		real fetch --quiet --tags origin || :
	fi
	real "$@" ;;
submodule)
	mirror_submodules
	real "$@" ;;
*)
	exec "$STAMPMILL_GIT" "$@" ;;
esac
