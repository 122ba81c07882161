#!/bin/sh
# The source step exports a tree exactly as git has it, and the patch step patches it so:
# whatever attributes, configuration and names there are.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
need git tar

REGISTRY=127.0.0.1:1 BASE=none
new_fleet buildah
repo=$WORK/source

note "a tree with all that git archive and a checkout would change"
mkdir -p "$repo/dir/deep" "$repo/ignored"
printf 'a\nb\n' >"$repo/lf"
printf 'a\r\nb\r\n' >"$repo/crlf"
# shellcheck disable=SC2016	# git's
printf '$Id$ $Format:%%H$\n' >"$repo/subst"
printf 'secret\n' >"$repo/ignored/file"
printf 'x\n' >"$repo/dir/deep/  blanks  "
printf 'x\n' >"$repo/-n"
printf 'x\n' >"$repo/new
line"
printf 'x\n' >"$repo/$(printf 'tab\tq"uote\\back')"
printf 'x\n' >"$repo/caf$(printf '\303\251')"
printf 'x\n' >"$repo/$(printf 'latin\351')"
printf 'x\n' >"$repo/$(printf '%0200d' 7)"
printf '\000\001\377' >"$repo/binary"
: >"$repo/empty"
printf '#!/bin/sh\n' >"$repo/tool"
chmod 755 "$repo/tool"
ln -s ../tool "$repo/dir/link"
ln -s /nowhere/at/all "$repo/dangling"
printf '*.o\n' >"$repo/.gitignore"
printf 'x\n' >"$repo/forced.o"
git -C "$repo" add -f forced.o
commit_all "$repo" "odd names, no attributes yet"
# Committed without conversion, so that the tree holds what the files above hold.
cat >"$repo/.gitattributes" <<'END'
ignored export-ignore
subst export-subst ident
lf text eol=crlf
crlf text eol=lf
empty filter=rot
binary working-tree-encoding=UTF-16 text
END
attributes=$(git -C "$repo" hash-object -w --no-filters .gitattributes)
sub=$(printf '160000 commit %s\tmodule\000' "$COMMIT" | git -C "$repo" mktree -z --missing)
tree=$({
	git -C "$repo" ls-tree -z HEAD
	printf '100644 blob %s\t.gitattributes\00040000 tree %s\tsub\000' "$attributes" "$sub"
} | git -C "$repo" mktree -z)
COMMIT=$(git -C "$repo" commit-tree -p HEAD -m "attributes, and a submodule" "$tree")
change_recipe commit "$COMMIT"
change_recipe tree "$tree"
change_recipe time 1700000000

note "settings of the user and replaced objects play no part"
git config --file "$HOME/.gitconfig" core.autocrlf true
git config --file "$HOME/.gitconfig" tar.umask user
git config --file "$HOME/.gitconfig" filter.rot.smudge 'tr a-z b-za'
git config --file "$HOME/.gitconfig" filter.rot.clean 'echo touched'
git -C "$repo" replace "$COMMIT" "$(git -C "$repo" rev-parse HEAD)"
GIT_DIR=/nonexistent GIT_INDEX_FILE=/nonexistent
export GIT_DIR GIT_INDEX_FILE
steps source
unset GIT_DIR GIT_INDEX_FILE
has "$LOG" "these folders are empty: sub/module"
same "$(stamp source tree)" "$tree" "tree in the stamp"

# tree_of FOLDER: the id that git gives to the files that are there, and the submodule.
tree_of()
{
	rm -rf "$WORK/check"
	git init --quiet --bare --template= "$WORK/check"
	echo '* -text !eol !filter !ident !working-tree-encoding' >"$WORK/check/attributes"
	GIT_CONFIG_GLOBAL=/dev/null git --git-dir="$WORK/check" --work-tree="$1" \
		-c core.attributesFile="$WORK/check/attributes" add --all --force .
	git --git-dir="$WORK/check" ls-files --stage
}

mkdir "$WORK/plain"
tar -xpf "$FLEET/out/sources/$ID.tar" -C "$WORK/plain"
GIT_NO_REPLACE_OBJECTS=1 git -C "$repo" ls-tree -r "$tree" | grep -v '^160000' |
	sed 's/^\([0-9]*\) blob /\1 /; s/	/ 0	/' >"$WORK/want"
mv "$WORK/plain/.gitattributes" "$WORK/attributes"
tree_of "$WORK/plain" >"$WORK/got"
grep -v '	.gitattributes$' "$WORK/want" | diff - "$WORK/got" || fail "the export differs from the tree"
same "$(wc -l <"$WORK/got")" 20 "files"
cmp "$WORK/attributes" "$repo/.gitattributes"
[ -d "$WORK/plain/sub/module" ] || fail "no folder for the submodule"
same "$(stat -c %Y "$WORK/plain/lf")" 1700007200 "time of a file"

note "the same bytes again"
sum=$(sha256sum <"$FLEET/out/sources/$ID.tar")
rm -rf "$FLEET/out/sources"
(umask 077 && steps source)
same "$(sha256sum <"$FLEET/out/sources/$ID.tar")" "$sum" "digest of the archive"

note "patches: text, mode, name, binary, in order"
patches=$FLEET/out/patches/$ID
cat >"$patches/01-text.patch" <<'END'
Words before a diff are no part of it.

--- a/lf
+++ b/lf
@@ -1,2 +1,2 @@
 a
-b
+c
END
printf '%s\n' 'diff --git a/tool b/tool' 'old mode 100755' 'new mode 100644' \
	'diff --git a/empty b/moved' 'similarity index 100%' 'rename from empty' 'rename to moved' \
	>"$patches/02-mode-and-name.patch"
printf '%s\n' '--- a/lf' '+++ b/lf' '@@ -1,2 +1,2 @@' ' a' '-c' '+d' >"$patches/03-after.patch"
printf -- '--- a/crlf\n+++ b/crlf\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+z\r\n' >"$patches/04-crlf.patch"
steps patch
source=$FLEET/out/contexts/$ID/source
same "$(cat "$source/lf")" "$(printf 'a\nd')" "patched text"
same "$(od -An -c "$source/crlf" | tr -d ' ')" 'a\r\nz\r\n' "patched CRLF"
same "$(stat -c %a "$source/tool")" 644 "patched mode"
[ -f "$source/moved" ] || fail "no new name"
[ ! -e "$source/empty" ] || fail "still the old name"
same "$(cat "$FLEET/out/contexts/$ID/environment")" "export GREETING='hello'" "environment"
same "$(find "$FLEET/out/contexts/$ID" -printf '%T@\n' | sort -u)" "1700000000.0000000000" "times"
lacks "$FLEET/out/stamps/$TARGET.patch" "$tree"

note "context files of the fleet"
mkdir -p "$WORK/fleet/extra"
echo tool >"$WORK/fleet/extra/tool"
echo hidden >"$WORK/fleet/extra/.hidden"	# nor is it in the input digest
ln -s ../Dockerfile "$WORK/fleet/extra/link"
change_recipe context_files extra
steps patch
same "$(cat "$FLEET/out/contexts/$ID/files/tool")" tool "context file"
same "$(cd "$FLEET/out/contexts/$ID/files" && find . -type f | sort | xargs)" "./link ./tool" "context files"
cmp "$FLEET/Dockerfile" "$FLEET/out/contexts/$ID/files/link" || fail "a link is not what it leads to"

# Digest of all contexts.
contexts()
{
	find "$FLEET/out/contexts" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
}

note "a patch that does not apply, and one that changes nothing"
kept=$(contexts)
printf '%s\n' '--- a/lf' '+++ b/lf' '@@ -1,2 +1,2 @@' ' a' '-x' '+y' >"$patches/05-not.patch"
step_exits 1 patch
has "$LOG" "out/patches/$ID/05-not.patch does not apply"
printf '%s\n' '--- a/lf' '+++ b/lf' '@@ -1,2 +1,2 @@' ' a' '-d' '+d' >"$patches/05-not.patch"
step_exits 1 patch
has "$LOG" "out/patches/$ID/05-not.patch changes nothing"
printf '%s\n' '--- a/../../../escaped' '+++ b/../../../escaped' '@@ -0,0 +1 @@' '+x' >"$patches/05-not.patch"
step_exits 1 patch
rm "$patches/05-not.patch"
same "$(find "$WORK" -name escaped)" "" "files outside that a patch wrote"
same "$(contexts)" "$kept" "the context after patches that failed"

note "a fleet inside another git repository that ignores it"
git init --quiet "$WORK"
echo '*' >"$WORK/.gitignore"
steps patch
same "$(cat "$source/lf")" "$(printf 'a\nd')" "patched text"

note "an archive that is gone, cut or changed is exported again"
rm "$FLEET/out/sources/$ID.tar"
step_loses patch source
steps source
truncate -s 20000 "$FLEET/out/sources/$ID.tar"
step_exits 76 patch
steps source
sed -i 's/secret/sacred/' "$FLEET/out/sources/$ID.tar"
step_exits 76 patch
has "$LOG" "is not the tree of $COMMIT"
steps source patch

note "a commit that is not there, and a tree that is another's"
change_recipe tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
step_exits 1 source
has "$LOG" "is not in $repo/.git/objects"
COMMIT=0123456789012345678901234567890123456789
step_exits 1 source
[ -z "$(ls "$FLEET/out/tmp")" ] || fail "something is left in out/tmp"
