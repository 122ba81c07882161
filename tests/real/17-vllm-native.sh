#!/bin/sh
# Real trees of vLLM, of every age: objects taken from an installed human vLLM, and compiled,
# are the same files in the same places.  Their setup.py, pip and setuptools are real; torch,
# nvcc and what cmake compiles are not.
# VLLM_REPO names a clone of vLLM with its history up to August 2025; VLLM_PAIRS=all tries
# all mapped pairs, and not only one of each setup.py.  Pairs that want another setuptools
# or setuptools-scm than is here are left out; PYTHONPATH may name them.
. "${0%/*}/../lib.sh"
begin
[ -n "${VLLM_REPO-}" ] || skip "optional: VLLM_REPO names no clone of vLLM"
need git jq cc
python=/usr/bin/python3
$python -c 'import setuptools, setuptools_scm, pip, wheel, packaging, venv, ensurepip' 2>/dev/null ||
	skip "optional: $python lacks setuptools, setuptools_scm, pip, wheel, packaging or venv"

vllm()
{
	git -c 'safe.directory=*' -C "$VLLM_REPO" "$@"
}

# ---- stand-ins -----------------------------------------------------------------------

mkdir -p "$WORK/bin" "$WORK/cuda/bin" "$WORK/torch/torch/utils" "$WORK/mounts" "$WORK/notes"
printf '__version__ = "2.5.1+cu124"\nclass version:\n    cuda = "12.4"\n    hip = None\n' \
	>"$WORK/torch/torch/__init__.py"
: >"$WORK/torch/torch/utils/__init__.py"
cat >"$WORK/torch/torch/utils/cpp_extension.py" <<END
from setuptools import Extension
from setuptools.command.build_ext import build_ext as BuildExtension
CUDA_HOME, ROCM_HOME = "$WORK/cuda", None
CUDAExtension = Extension
END
printf '#!/bin/sh\necho "Cuda compilation tools, release 12.4, V12.4.99"\n' >"$WORK/cuda/bin/nvcc"

# An object is made of csrc/ and of its name.  As later trees have it, cmake installs the
# objects, and flash-attention's Python files with them: below vllm/, or, where the tree says
# so, below the prefix, which is then vllm/ itself.
cat >"$WORK/bin/cmake" <<'END'
#!/bin/sh
set -eu
case $1 in
--version) ;;
--build)
	output=.
	[ ! -f output ] || output=$(cat output)
	mkdir -p "$output"
	next=
	for argument; do
		case $next$argument in
		target* | --target=*)
			name=${argument#--target=} next=
			printf 'const char built_of[] = "%s %s";\n' "$name" "$(cat sources)" >unit.c
			cc -shared -o "$output/$name$(cat suffix)" unit.c ;;
		--target) next=target ;;
		esac
	done ;;
--install)
	prefix=$4/vllm
	case $6 in
	*flash_attn* | *_fa[0-9]_*)
		[ ! -e nested ] || prefix=$4
		prefix=$prefix/vllm_flash_attn
		mkdir -p "$prefix"
		[ ! -e python ] || mkdir -p "$prefix/layers"
		[ ! -e python ] || echo '# of flash-attention' >"$prefix/layers/rotary.py"
		echo '# of flash-attention' | tee "$prefix/__init__.py" >"$prefix/flash_attn_interface.py" ;;
	esac
	mkdir -p "$prefix"
	cp "$6$(cat suffix)" "$prefix" ;;
*)
	for argument; do
		case $argument in
		-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=*) echo "${argument#*=}" >output ;;
		esac
	done
	(cd "$1" && find csrc -type f -exec sha256sum {} + | sort) | sha256sum | cut -c1-16 >sources
	echo .abi3.so >suffix
	grep -q py_limited_api=True "$1/setup.py" ||
		python3 -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))' >suffix
	! grep -rqs 'DESTINATION vllm_flash_attn' "$1/CMakeLists.txt" "$1/cmake" || : >nested
	! grep -rqs 'DIRECTORY ${vllm-flash-attn_SOURCE_DIR}' "$1/cmake" || : >python ;;
esac
END
chmod 755 "$WORK/bin/cmake" "$WORK/cuda/bin/nvcc"

$python -m venv --system-site-packages "$WORK/venv"
PATH=$WORK/bin:$WORK/venv/bin:$PATH
PYTHONPATH=$WORK/torch${PYTHONPATH:+:$PYTHONPATH}
PIP_NO_DEPS=1 PIP_NO_INDEX=1 PIP_CONFIG_FILE=/dev/null
export PATH PYTHONPATH PIP_NO_DEPS PIP_NO_INDEX PIP_CONFIG_FILE
unset PIP_FIND_LINKS || :
echo "$WORK/cuda" >"$WORK/notes/cuda_home"
cp "$SRC/rules/vllm/check.sh" "$WORK/notes"
: >"$WORK/notes/constraints.txt"
: >"$WORK/mounts/environment"
printf 'jobs=2\nnvcc_threads=1\n' >"$WORK/mounts/settings"

# ---- one pair ------------------------------------------------------------------------

# export_tree COMMIT FOLDER
export_tree()
{
	rm -rf "$2"
	mkdir "$2"
	vllm archive "$1" | tar -x -C "$2"
}

# native SCRIPT: what it says is in $WORK/log.
native()
{
	BUILD_COMMIT=$parent BUILD_HUMAN=$human sh "$SRC/rules/vllm/$1.sh" \
		"$WORK/tree" "$WORK/notes" "$WORK/mounts" >"$WORK/log" 2>&1
}

# What an install leaves in the package, but for versions.
left_in_tree()
{
	(cd "$WORK/tree/vllm" && find . \( -name '*.so' -o -name '*.py' \) ! -name _version.py \
		-exec sha256sum {} + | sort -k 2)
}

# human_install: the human's vLLM, as its image has it; how is "--editable" or nothing.
human_install()
{
	export_tree "$human" "$WORK/human"
	# shellcheck disable=SC2086	# no word, if it is empty
	SETUPTOOLS_SCM_PRETEND_VERSION=0.1.dev1+g$(echo "$human" | cut -c1-9) VLLM_TARGET_DEVICE=cuda \
		python3 -m pip install --quiet --no-build-isolation $how "$WORK/human" >"$WORK/log" 2>&1
}

# human_base: the files of the human's image, as the build has them beside it.
human_base()
{
	python3 "$SRC/rules/vllm/installed_vllm.py" >"$WORK/notes/human"
	folder=$(sed -n 's/^folder=//p' "$WORK/notes/human")
	[ "$folder" ] || fail "$human: no vllm found"
	same "$(grep '^commit=' "$WORK/notes/human" | grep -v "^commit=$(echo "$human" | cut -c1-7)")" \
		"" "places that name another commit"
	rm -rf "$WORK/mounts/objects"
	mkdir -p "$WORK/mounts/objects${folder%/*}"
	cp -R "$folder" "$WORK/mounts/objects$folder"
	sh "$SRC/rules/vllm/human.sh" "$WORK/tree" "$WORK/notes" >"$WORK/log" 2>&1 ||
		{ cat "$WORK/log"; fail "$human: the human's vLLM stays"; }
	rm -rf "$WORK/human"
}

# installed SCRIPT: the tree is installed by it, and what that left printed.
installed()
{
	export_tree "$parent" "$WORK/tree"
	native "$1" || { cat "$WORK/log" >&2; fail "$parent: $1 failed"; }
	left_in_tree
	cp "$WORK/log" "$WORK/log.$1"
	python3 -m pip uninstall --quiet --yes vllm >"$WORK/log" 2>&1
}

try_pair()
{
	human_install || { cat "$WORK/log"; fail "$human: the human's vLLM is not installed"; }
	human_base
	installed reuse >"$WORK/reused"
	installed compile >"$WORK/compiled"
	# An editable install of early 2025 forgets what flash-attention has in folders of its own.
	! diff "$WORK/compiled" "$WORK/reused" | grep '^[<>]' | grep -v '^> .*/vllm_flash_attn/.*/' ||
		fail "$parent: reused is not as compiled"
	way=$(sed -n 's/^ *hand_over.sh: _C goes.*/cmake/p; s/^ *Using existing wheel=.*/a wheel/p' \
		"$WORK/log.reuse")
	note "$(vllm log -1 --format=%cs "$parent") $(echo "$parent" | cut -c1-12):" \
		"$(grep -c '\.so$' "$WORK/reused") objects by way of ${way:-package data}" \
		"from a vLLM installed ${how:-as a package}"
}

# Parents and humans whose objects are the same, the oldest first.
inputs()
{
	vllm rev-parse "$1:csrc" "$1:setup.py" "$1:CMakeLists.txt" 2>/dev/null
}
jq -r '.[] | "\(.parent_commit_full // .parent_commit) \(.human_commit_full)"' \
	"$SRC"/mappings/vllm-v?.json | while read -r parent human; do
	[ "$(inputs "$parent")" != "$(inputs "$human")" ] ||
		echo "$(vllm log -1 --format=%ct "$parent") $parent $human $(vllm rev-parse "$parent:setup.py")"
done | sort -n >"$WORK/pairs"
[ "${VLLM_PAIRS-}" = all ] || {
	awk '!seen[$4]++' "$WORK/pairs" >"$WORK/some"
	mv "$WORK/some" "$WORK/pairs"
}

# met COMMIT: are setuptools and setuptools-scm here what its pyproject.toml asks for?
met()
{
	vllm show "$1:pyproject.toml" | $python -c '
import importlib.metadata, packaging.requirements, sys, tomllib
for text in tomllib.load(sys.stdin.buffer)["build-system"]["requires"]:
    r = packaging.requirements.Requirement(text)
    if r.name.startswith("setuptools") and importlib.metadata.version(r.name) not in r.specifier:
        sys.exit(text + " is wanted")' >"$WORK/log" 2>&1
}

how=
while read -r _ parent human _; do
	if ! met "$human" || ! met "$parent"; then
		note "$(vllm log -1 --format=%cs "$parent") $parent: left out: $(cat "$WORK/log")"
		continue
	fi
	try_pair
	last_parent=$parent last_human=$human
	if [ "$how" ]; then how=; else how=--editable; fi
done <"$WORK/pairs"

note "the human's image is of another commit"
echo "commit=$last_human version" >>"$WORK/notes/human"	# older ones do not say it
parent=$last_parent human=0123456789012345678901234567890123456789
export_tree "$parent" "$WORK/tree"
! native reuse || fail "reused from another commit"
has "$WORK/log" "stampmill: native claim lost: the base's vllm is of commit"

note "one object is not there"
human=$last_human
rm "$WORK/mounts/objects$folder/_moe_C.abi3.so"
! native reuse || fail "reused without an object"
has "$WORK/log" "stampmill: native claim lost: no object of vllm/_moe_C is in "
