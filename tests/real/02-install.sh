#!/bin/sh
# make: what is built, installed, removed, cleaned and packed, in the source folder, beside
# it, and in a folder with blanks in its name.
. "${0%/*}/../lib.sh"
begin
jobs=$(nproc)
unset MAKEFLAGS MFLAGS MAKELEVEL || :

# All files under a folder, with their modes.
listing()
{
	(cd "$1" && find . -type f -printf '%M %p\n' | sort)
}

note "a tarball is made of what is committed, and nothing else is in it"
mkdir "$WORK/pack"
cd "$WORK/pack"
exits 0 "$SRC/configure"
exits 0 make dist
[ "$(tar -tzf stampmill-*.tar.gz | cut -d / -f 1 | sort -u | wc -l)" = 1 ] ||
	fail "the tarball has more than one folder"
tarball=$(echo "$PWD"/stampmill-*.tar.gz)
cp "$tarball" "$WORK/first.tar.gz"
exits 0 make dist
cmp "$WORK/first.tar.gz" "$tarball" || fail "the second tarball is another"

note "it builds by itself, in a folder with a blank in its name"
mkdir "$WORK/a tree"
tar -xzf "$tarball" -C "$WORK/a tree" --strip-components=1
cp -R "$WORK/a tree" "$WORK/as-unpacked"
cd "$WORK/a tree"
exits 0 ./configure --enable-werror --prefix="$WORK/usr"
exits 0 make -j "$jobs"
exits 0 ./gen --version
same "$(cat "$WORK/stdout")" "$(./configure --version)" version

note "make help tells of every target that is not a file"
awk '/^\.PHONY:/ || more { more = /\\$/; gsub(/^\.PHONY:|\\/, ""); print }' Makefile |
	tr -s ' \t' '\n' | grep '^[a-z]' >"$WORK/targets"
[ "$(wc -l <"$WORK/targets")" -ge 20 ] || fail "targets: $(cat "$WORK/targets")"
make -s help >"$WORK/help"
while read -r target; do
	grep -qw -e "$target" "$WORK/help" || fail "make help: no target $target"
done <"$WORK/targets"

note "a second make has nothing to do"
exits 0 make
has "$WORK/stdout" 'Nothing to be done'

note "step is linked to neither libgit2 nor libcurl"
readelf -d out/bin/step >"$WORK/needed"
lacks "$WORK/needed" git2
lacks "$WORK/needed" curl

note "install puts everything under DESTDIR, uninstall leaves no file of ours"
exits 0 make install DESTDIR="$WORK/dest dir"
listing "$WORK/dest dir" >"$WORK/installed"
cat "$WORK/installed"
for file in bin/stampmill libexec/stampmill/step; do
	has "$WORK/installed" "-rwxr-xr-x .$WORK/usr/$file"
done
find rules -type f | while read -r file; do
	has "$WORK/installed" "$WORK/usr/share/stampmill/$file"
done
has "$WORK/installed" "$WORK/usr/share/doc/stampmill/README.md"
has "$WORK/installed" "$WORK/usr/share/bash-completion/completions/stampmill"
has "$WORK/installed" "$WORK/usr/share/zsh/site-functions/_stampmill"
for page in man1/stampmill.1 man5/fleet.json.5; do
	has "$WORK/dest dir$WORK/usr/share/man/$page" ".Os Stampmill $(./gen --version | cut -d ' ' -f 2)"
done
exits 0 make uninstall DESTDIR="$WORK/dest dir"
same "$(listing "$WORK/dest dir")" "" "files after uninstall"
same "$(find "$WORK/dest dir" -name stampmill)" "" "folders after uninstall"

# new_small_fleet: a small fleet in the current folder; one of its ids is in the file "built".
new_small_fleet()
{
	rm -rf "$WORK/some where"
	mkdir "$WORK/some where"
	cd "$WORK/some where"
	# shellcheck disable=SC2016	# for the other shell
	sh -c '. "$SRC/tests/small_fleet.sh"; short "$C2" >built'
}

# plans PROGRAM: it plans a fleet elsewhere, and ninja, which knows no PATH to it, replans.
plans()
{
	new_small_fleet
	exits 0 "$1" --offline --engine buildah
	sed -i 's/"max_jobs": 4/"max_jobs": 3/' fleet.json
	exits 0 ninja build.ninja
	has out/settings/fleet jobs=3
	cd "$WORK/a tree"
}

note "without DESTDIR too, and what is installed runs"
exits 0 make install
exits 0 "$WORK/usr/bin/stampmill" --version
plans "$WORK/usr/bin/stampmill"

note "moved as a whole, to a folder with a blank, it runs too, and its steps do"
cp -R "$WORK/usr" "$WORK/an other"
mv "$WORK/usr" "$WORK/not there"
plans "$WORK/an other/bin/stampmill"
mv "$WORK/not there" "$WORK/usr"
new_small_fleet
exits 0 "$WORK/an other/bin/stampmill" --offline --engine buildah
exits 0 ninja "out/stamps/baseline-$(cat built).patch"
[ -f "out/contexts/$(cat built)/source/main.py" ] || fail "no context"
cd "$WORK/a tree"
exits 0 make uninstall
same "$(listing "$WORK/usr")" "" "files after uninstall"

note "a tarball of the tarball is the same"
exits 0 make dist
mkdir "$WORK/again"
tar -xzf stampmill-*.tar.gz -C "$WORK/again" --strip-components=1
diff -r "$WORK/as-unpacked" "$WORK/again" || fail "make dist without git makes another tree"

note "distclean leaves what was unpacked"
exits 0 make distclean
diff -r "$WORK/as-unpacked" "$WORK/a tree" || fail "distclean left something, or took it"

note "beside a source folder with a blank, gen finds its rules and the fleet"
mkdir "$WORK/a build"
cd "$WORK/a build"
exits 0 "../a tree/configure" --enable-werror
exits 0 make -j "$jobs"
for name in rules mappings fleet.json; do
	[ -e "$name" ] || fail "$name is not linked"
done
diff -r "$WORK/as-unpacked" "$WORK/a tree" || fail "a build beside it changed the source"
exits 0 make distclean
same "$(ls -A)" "" "files after distclean"
