# shellcheck shell=sh
# objects.sh - install the tree around objects that are compiled already.  Sourced by
# reuse.sh, share.sh and wheel.sh, after install.sh.
#
# How a vLLM installs without compiling, its setup.py decides; it finds all it may look for:
#
#	to 18 March 2024	VLLM_USE_PRECOMPILED: no extensions, *.so packaged as found
#	to 3 May 2024		none: it has cmake compile, which hands the objects over
#	to 4 December 2024	VLLM_USE_PRECOMPILED, as at first
#	since			the same, out of a wheel, VLLM_PRECOMPILED_WHEEL_LOCATION
: "${here:?}" "${tree:?}" "${notes:?}" "${nowhere:?}"	# of install.sh

# object FOLDER NAME: the one file there that NAME, "vllm/_C", is loaded from.
object()
{
	set -- "$1/${2#vllm/}".*so
	[ $# = 1 ] && [ -f "$1" ] && printf '%s\n' "$1"
}

# objects_take FOLDER: put what that package vllm has of the tree's extensions into the tree,
# and flash-attention's Python files.  Their names are in $nowhere/taken.
objects_take()
{
	python3 "$here/extensions.py" "$tree" >"$nowhere/extensions" ||
		fail "setup.py does not say what it compiles"
	: >"$nowhere/taken"
	while read -r need name; do
		if file=$(object "$1" "$name"); then
			take "$1" "${file#"$1"/}"
		elif [ "$need" = need ]; then
			lost "no object of $name is in $1"
		fi
	done <"$nowhere/extensions"
	[ -s "$nowhere/taken" ] || lost "setup.py of the commit compiles nothing"

	# An install that compiles copies these; those of the commit's own count.
	grep -q ' vllm/vllm_flash_attn/' "$nowhere/extensions" || return 0
	(cd "$1" && find vllm_flash_attn -name '*.py' 2>/dev/null | sort) >"$nowhere/python"
	while read -r file; do
		[ -e "$tree/vllm/$file" ] || take "$1" "$file"
	done <"$nowhere/python"
}

# take FOLDER FILE
take()
{
	mkdir -p "$(dirname "$tree/vllm/$2")"
	cp "$1/$2" "$tree/vllm/$2"
	echo "vllm/$2" >>"$nowhere/taken"
	(cd "$tree" && sha256sum "vllm/$2") >>"$nowhere/objects"
}

# objects_install FOLDER: that package vllm has the objects.
objects_install()
{
	[ -f "$tree/CMakeLists.txt" ] || grep -q VLLM_USE_PRECOMPILED "$tree/setup.py" ||
		lost "vLLM of this age cannot be installed without compiling"
	objects_take "$1"
	sh "$notes/check.sh" "$tree" objects >"$nowhere/loaded" 2>&1 || {
		cat "$nowhere/loaded"
		lost "an object does not load: $(tail -n 1 "$nowhere/loaded")"
	}
	say "$(wc -l <"$nowhere/taken") files of $1:" && cat "$nowhere/taken"

	# Its name is looked at.
	wheel=$nowhere/vllm-1.0.0.dev-cp38-abi3-manylinux1_x86_64.whl
	python3 "$here/stub_wheel.py" "$tree" "$wheel" <"$nowhere/taken"
	export VLLM_USE_PRECOMPILED=1 VLLM_PRECOMPILED_WHEEL_LOCATION="$wheel"
	stand_before cmake hand_over.sh
	export STAMPMILL_OBJECTS="$1" STAMPMILL_LOST="$nowhere/lost"
	install_tree
	(cd "$tree" && sha256sum --quiet --check "$nowhere/objects") ||
		fail "the install changed objects that were taken"
}
