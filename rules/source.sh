#!/bin/sh
# Export the tree of one commit, exactly as git has it, to out/sources/ID.tar.
# usage: source.sh COMMIT     reads: GEN_GIT_OBJECTS
# exit:  0 exported, else failed
#
# The files carry the commit's time.  The same commit gives the same bytes, whatever attributes,
# filters, configuration or replaced objects the clone has.  A submodule becomes an empty folder,
# because its commit is in another repository.
. "${0%/*}/lib.sh"
commit=$1
tree=$(recipe tree)
tar=out/sources/$GEN_ID.tar

scratch_git_make
[ "$(git_alone rev-parse --verify --quiet "$commit^{tree}")" = "$tree" ] ||
	fail "commit $commit with tree $tree is not in $GEN_GIT_OBJECTS"

submodules=$(git_alone ls-tree -r "$tree" | sed -n 's/^160000 [^	]*	//p' | tr '\n' ' ')
[ -z "$submodules" ] ||
	say "submodules are not exported, these folders are empty: $submodules"

# Archive the commit, not its tree: git gives an archive of a tree the current time.
git_alone -c tar.umask=0022 archive --format=tar "$commit" >"$scratch/tar"
mkdir -p out/sources
mv "$scratch/tar" "$tar"
say "$tar: $(wc -c <"$tar") bytes, tree $tree"
result tree "$tree"
