# bash completion for stampmill, and for gen, as it is called in its source tree.

# The names of images in the plan that $1 leads to: targets, and, where $2 may be digits of
# a commit, the first 12 of parents and humans.
_stampmill_images()
{
	local plan=$1/out/plan.json
	[ -r "$plan" ] || return
	tr '{[,]' '\n' <"$plan" | sed -n -e 's/^"target":"\(baseline-[0-9a-f]*\)"$/\1/p' \
		-e 's/^"\([0-9a-f]\{8\}\)[0-9a-f]\{32\}"$/human-\1/p'
	case $2 in
	*[!0-9a-f]*) ;;
	??*)
		tr '{[,]' '\n' <"$plan" |
			sed -n 's/^\("parent":\)*"\([0-9a-f]\{12\}\)[0-9a-f]\{28\}"$/\2/p' ;;
	esac
}

_stampmill()
{
	local commands="generate check status explain diff graph classify digest forget prune"
	local common="--directory --fleet --help --version"
	local how="--repo --registry --engine --native --no-push --offline --registry-timeout
		--dry-run --json"
	local cur=${COMP_WORDS[COMP_CWORD]} prev='' command='' folder=. i word
	COMPREPLY=()

	# "--format=svg" comes as three words.
	[ "$COMP_CWORD" -lt 1 ] || prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-C | --directory)
			[ "${COMP_WORDS[i + 1]-}" != = ] || i=$((i + 1))
			folder=${COMP_WORDS[i + 1]-.}
			i=$((i + 1)) ;;
		-f | --fleet | --repo | --registry | --engine | --native | --format | --registry-timeout)
			[ "${COMP_WORDS[i + 1]-}" != = ] || i=$((i + 1))
			i=$((i + 1)) ;;
		-*) ;;
		*) [ -n "$command" ] || command=$word ;;
		esac
	done
	case $folder in
	\~/*) folder=$HOME/${folder#\~/} ;;
	esac

	case $prev in
	-C | --directory | --repo)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	-f | --fleet)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	--engine)
		mapfile -t COMPREPLY < <(compgen -W "docker buildah" -- "$cur")
		return ;;
	--native)
		mapfile -t COMPREPLY < <(compgen -W "auto compile" -- "$cur")
		return ;;
	--format)
		mapfile -t COMPREPLY < <(compgen -W "dot svg" -- "$cur")
		return ;;
	--registry | --registry-timeout)
		return ;;
	esac

	case $cur in
	-*)
		case $command in
		'' | generate) word="$common $how" ;;
		check) word="$common --repo --registry --offline --registry-timeout --dry-run --no-push --json" ;;
		status) word="$common --json --md --html --files --watch" ;;
		explain) word="$common --json" ;;
		diff) word="$common --repo --registry --offline --registry-timeout --json" ;;
		graph) word="$common --format" ;;
		prune) word="$common --dry-run" ;;
		digest) word="$common --registry --registry-timeout --image-id" ;;
		*) word=$common ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$word" -- "$cur")
		return ;;
	esac

	case $command in
	'')
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	explain | graph)
		mapfile -t COMPREPLY < <(compgen -W "$(_stampmill_images "$folder" "$cur")" -- "$cur") ;;
	forget)
		mapfile -t COMPREPLY < <(compgen -W "$(_stampmill_images "$folder" baseline-)" -- "$cur") ;;
	classify)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

complete -o filenames -F _stampmill stampmill gen
