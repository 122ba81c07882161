#!/bin/sh
# What is read of vLLM's real history, beside what git says of it.
# VLLM_REPO names a clone of vLLM with its history up to August 2025.
. "${0%/*}/../lib.sh"
begin
[ -n "${VLLM_REPO-}" ] || skip "optional: VLLM_REPO names no clone of vLLM"
need git jq

probe()
{
	"$BUILD/obj/tools/git_probe" "$VLLM_REPO"
}

vllm()
{
	git -c 'safe.directory=*' -C "$VLLM_REPO" "$@"
}

# pairs: human and parent, whole.
jq -r '.[] | "\(.human_commit_full) \(.parent_commit_full // .parent_commit)"' \
	"$SRC"/mappings/vllm-v?.json >"$WORK/pairs"
same "$(wc -l <"$WORK/pairs")" 78 "pairs"
cut -d' ' -f2 "$WORK/pairs" >"$WORK/parents"

note "prefixes"
cut -c1-12 "$WORK/parents" | sed 's/^/resolve	/' | probe >"$WORK/got"
cmp "$WORK/got" "$WORK/parents" || fail "prefixes resolve otherwise"

note "commits"
tr ' ' '\n' <"$WORK/pairs" | sort -u >"$WORK/commits"
sed 's/^/info	/' "$WORK/commits" | probe >"$WORK/got"
xargs <"$WORK/commits" git -c 'safe.directory=*' -C "$VLLM_REPO" \
	log --no-walk=unsorted --format='%T %P 1 %ct %s' >"$WORK/want"
diff "$WORK/want" "$WORK/got" || fail "commits are read otherwise"

note "the change of each pair, applied to the parent, gives the human's tree"
while read -r human parent; do
	vllm diff --binary --full-index -M "$parent" "$human" >"$WORK/$human.patch"
	printf 'apply\t%s\t%s\n' "$parent" "$WORK/$human.patch"
done <"$WORK/pairs" >"$WORK/questions"
probe <"$WORK/questions" >"$WORK/got"
while read -r human parent; do
	vllm rev-parse "$human^{tree}"
done <"$WORK/pairs" >"$WORK/want"
diff "$WORK/want" "$WORK/got" || fail "patches give other trees"

note "patterns"
some="9bde5ba12709 7206ce4ce112 51c31bc10ca7"
for commit in $some; do
	for pattern in csrc cmake CMakeLists.txt 'requirements*' '*.cu' 'csrc/*.h' vllm/envs.py 'no/*'; do
		printf 'glob\t%s\t%s\n' "$commit" "$pattern" >>"$WORK/globs"
		GIT_INDEX_FILE=$WORK/index vllm read-tree "$commit"
		GIT_INDEX_FILE=$WORK/index vllm ls-files -- "$pattern"
		echo .
	done
done >"$WORK/want"
probe <"$WORK/globs" >"$WORK/got"
diff "$WORK/want" "$WORK/got" || fail "patterns match otherwise"

note "descent"
for old in 68ad4e3a8 da317197d 978b45f39; do
	while read -r parent; do
		printf 'ancestor\t%s\t%s\n' $old "$parent" >>"$WORK/descent"
		if vllm merge-base --is-ancestor $old "$parent"; then echo yes; else echo no; fi
	done <"$WORK/parents"
done >"$WORK/want"
probe <"$WORK/descent" >"$WORK/got"
diff "$WORK/want" "$WORK/got" || fail "descent is told otherwise"

note "who says that Python 3.12.1 is too new"
while read -r parent; do
	printf 'substitute\t%s\tpyproject.toml\t<=3.12\t<3.13\n' "$parent"
done <"$WORK/parents" | probe >"$WORK/got"
has "$WORK/got" '+requires-python = ">=3.9,<3.13"'
awk '/^diff / { print n + 1 } $0 == "." { n++ }' "$WORK/got" | while read -r n; do
	sed -n "${n}p" "$WORK/parents" | cut -c1-12
done >"$WORK/hits"
same "$(cat "$WORK/hits")" 9bde5ba12709 "parents that the substitution changes"

note "what need not be compiled, and what is known to fail"
"$BUILD/obj/tools/native_probe" "$VLLM_REPO" <"$WORK/pairs" >"$WORK/native"
same "$(grep -c ' reuse$' "$WORK/native")" 71 "pairs with the same native inputs"
same "$(sed -n 's/ differs:.*//p' "$WORK/native" | LC_ALL=C sort | tr '\n' ' ')" \
	"005ae9be6c22 0fca3cdcf265 51c31bc10ca7 5fc5ce0fe45f 88faa466d788 90f1e55421f1 edc4fa31888b " \
	"parents with other native inputs"
matched()
{
	sed -n "s/ $1: .*//p" "$WORK/native" | LC_ALL=C sort | tr '\n' ' '
}
cumem="0e74d797ce86 2a0309a646b1 3e1c76cf3a87 7206ce4ce112 eb5741ad422f "
same "$(matched python-constraint)" "9bde5ba12709 " "parents that reject Python 3.12.9"
same "$(matched cumem-by-tree)" "$cumem" "parents that link -lcuda, by their trees"
same "$(matched cumem-by-range)" "$cumem" "parents that link -lcuda, by descent"
