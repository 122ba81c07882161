# bash completion for stampmill, and for gen, its name in the source tree.

# What "gen --list" prints; make puts it here.
_stampmill_list()
{
	cat <<'END'
@list@
END
}

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
	local cur=${COMP_WORDS[COMP_CWORD]} prev=- command='' folder=. words='' i word
	local what name letter kind values of flags
	local -A kinds=() choices=() takes=() offered=()
	COMPREPLY=()

	while IFS='|' read -r what name letter _ kind values of flags _; do
		if [ "$what" = command ]; then
			takes[$name]=$letter	# the second field: its words
			words+=" $name"
			continue
		fi
		for word in "--$name" ${letter:+"-$letter"}; do
			kinds[$word]=$kind choices[$word]=$values
		done
		[ "$flags" = hidden ] || offered[--$name]=" ${of:-all} "
	done < <(_stampmill_list)

	# "--format=svg" comes as three words.  No option is called "-", an empty word neither.
	[ "$COMP_CWORD" -lt 1 ] || prev=${COMP_WORDS[COMP_CWORD - 1]:--}
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]:--}
	fi

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]:--}
		if [ "${kinds[$word]-switch}" != switch ]; then
			[ "${COMP_WORDS[i + 1]-}" != = ] || i=$((i + 1))
			i=$((i + 1))
			case $word in
			-C | --directory) folder=${COMP_WORDS[i]-.} ;;
			esac
		elif [ "${word#-}" = "$word" ]; then
			command=${command:-$word}
		fi
	done
	case $folder in
	\~/*) folder=$HOME/${folder#\~/} ;;
	esac

	kind=${kinds[$prev]-switch}
	if [ "$kind" = switch ]; then
		kind=${takes[${command:-none}]-}	# a word of the command, not a value
		case $cur in
		-*) kind=option ;;
		esac
	fi
	[ -z "$command" ] || words=
	case $kind in
	option)
		words=
		for word in "${!offered[@]}"; do
			case ${offered[$word]} in
			' all ' | *" ${command:-generate} "*) words+=" $word" ;;
			esac
		done ;;
	choice) words=${choices[$prev]} ;;
	host | seconds | text) words= ;;
	IMAGE) words=$(_stampmill_images "$folder" "$cur") ;;
	TARGET) words=$(_stampmill_images "$folder" baseline-) ;;
	esac
	case $kind in
	folder) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	file | '[LOG...]') mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur") ;;
	esac
}

complete -o filenames -F _stampmill stampmill gen
