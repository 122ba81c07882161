#!/bin/sh
# Make a new build context, out/contexts/ID: source/ with its patches applied, files/ (the
# fleet's context_files, if there are any) and environment.
# usage: patch.sh     reads: GEN_GIT_OBJECTS
# exit:  0 made, 76 the exported source is lost, else failed
#
# git gets an index of the unpatched tree, so it also proves that the exported source is that
# tree, and that every patch changes it.
. "${0%/*}/lib.sh"
commit=$(recipe commit) tree=$(recipe tree) time=$(recipe time)
tar=out/sources/$GEN_ID.tar

[ -f "$tar" ] || lost "$tar is gone, it will be exported again"
[ -f "out/environment/$GEN_TARGET" ] || fail "out/plan.json does not plan to build $GEN_TARGET: run ./gen"

scratch_git_make
source=$scratch/context/source
mkdir -p "$source"
tar -xpf "$tar" --no-same-owner -C "$source" || {
	rm -f "$tar"
	lost "$tar is damaged, it will be exported again"
}

in_source()
{
	(cd "$source" && git_alone --work-tree=. "$@")
}

in_source read-tree "$tree"
in_source update-index --refresh || {
	rm -f "$tar"
	lost "$tar is not the tree of $commit, it will be exported again"
}

for patch in "out/patches/$GEN_ID"/*.patch; do
	[ -f "$patch" ] || break
	in_source apply --index --whitespace=nowarn "$top/$patch" || fail "$patch does not apply"
	patched=$(in_source write-tree)
	[ "$patched" != "$tree" ] || fail "$patch changes nothing"
	tree=$patched
	say "$patch applied: tree $tree"
done

files=$(recipe context_files '')
if [ "$files" ]; then
	# Exactly what the input digest covers: the contents of files, and no hidden files.
	mkdir "$scratch/context/files"
	cp -L -- "$files"/* "$scratch/context/files"
fi
cp "out/environment/$GEN_TARGET" "$scratch/context/environment"
find "$scratch/context" -exec touch -h -d "@$time" {} +
rm -rf "$context"
mkdir -p out/contexts
mv "$scratch/context" "$context"
say "$context: tree $tree"
result tree "$tree"
