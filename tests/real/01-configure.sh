#!/bin/sh
# configure: its options, what it says when something is missing, and its evidence.
. "${0%/*}/../lib.sh"
begin
mkdir "$WORK/build"
cd "$WORK/build"

# Run configure; it ends with status $1, and stderr is in $WORK/stderr.
configure()
{
	want=$1
	shift
	exits "$want" "$SRC/configure" "$@"
}

note "mistakes are refused by name, and nothing is written"
configure 1 --frob
has "$WORK/stderr" 'configure: unknown option "--frob" (see configure --help)'
configure 1 --enable-frob=yes
has "$WORK/stderr" 'unknown option "--enable-frob"'
configure 1 FROB=1
has "$WORK/stderr" 'unknown variable "FROB"'
configure 1 frob
has "$WORK/stderr" 'unexpected argument "frob"'
configure 1 --prefix=usr
has "$WORK/stderr" '--prefix: "usr" is not an absolute path'
configure 1 --bindir='/x;y'
has "$WORK/stderr" '--bindir: "/x;y" holds a character'
configure 1 --prefix
has "$WORK/stderr" '--prefix: a value is missing'
[ ! -e Makefile ] || fail "a Makefile was written"

note "help and version"
configure 0 --help
has "$WORK/stdout" '--install-deps'
configure 0 --version
has "$WORK/stdout" 'stampmill '

note "all that is missing is named at once, with its packages"
configure 1 PKG_CONFIG_LIBDIR=/nonexistent
has "$WORK/stderr" 'missing: libgit2 jansson libcurl nettle'
has "$WORK/stderr" 'apt-get install libgit2-dev libjansson-dev libcurl4-openssl-dev nettle-dev'
has "$WORK/stderr" 'dnf install libgit2-devel jansson-devel libcurl-devel nettle-devel'
has "$WORK/stderr" 'pacman -S libgit2 jansson curl nettle'
has config.log '--exists libgit2'
configure 1 PKG_CONFIG=no-such-program
has "$WORK/stderr" 'missing: pkg-config'
configure 1 CC=no-such-program
has "$WORK/stderr" 'CC: "no-such-program" with these flags compiles no C11 program'

note "the packages are known without configure"
exits 0 "$SRC/tools/install-deps" --list
for package in build-essential libgit2-dev buildah netavark docker-registry; do
	grep -qx "$package" "$WORK/stdout" || fail "no $package in the list"
done
exits 0 "$SRC/tools/install-deps" --package fedora ninja git netavark
same "$(cat "$WORK/stdout")" "ninja-build git" "packages of Fedora"
exits 2 "$SRC/tools/install-deps" --package beos ninja
exits 2 "$SRC/tools/install-deps" --frob
has "$WORK/stderr" "usage: install-deps"

note "--install-deps installs what this release has, and stops when apt fails"
cat >"$WORK/home/apt-cache" <<'END'
#!/bin/sh
[ "$2" != netavark ]
END
cat >"$WORK/home/apt-get" <<'END'
#!/bin/sh
echo "$*" >>"$HOME/asked"
[ "$1" != install ] || [ ! -e "$HOME/broken" ]
END
cat >"$WORK/home/sudo" <<'END'
#!/bin/sh
exec "$@"
END
chmod +x "$WORK/home/apt-cache" "$WORK/home/apt-get" "$WORK/home/sudo"
if PATH=$WORK/home:$PATH "$SRC/tools/install-deps" >"$WORK/stdout" 2>"$WORK/stderr"; then
	same "$(sed -n 1p "$HOME/asked")" update "first question to apt"
	has "$HOME/asked" "install --yes --no-install-recommends build-essential make "
	has "$HOME/asked" " cppcheck"
	lacks "$HOME/asked" netavark
	has "$WORK/stdout" "this release has no package netavark: it is left out"
	touch "$HOME/broken"
	PATH=$WORK/home:$PATH configure 1 --install-deps
	has "$WORK/stderr" "install-deps: apt-get install failed"
	has "$WORK/stderr" "configure: --install-deps: the packages are not installed"
else
	has "$WORK/stderr" "this is neither Debian nor Ubuntu"
fi
[ ! -e Makefile ] || fail "a Makefile was written"

note "a library that is too old is named with both versions"
mkdir "$WORK/pc"
for file in libgit2:1.0.9 jansson:2.14 libcurl:7.88.1 nettle:3.8.1; do
	printf 'Name: x\nDescription: x\nVersion: %s\nLibs:\nCflags:\n' "${file#*:}" >"$WORK/pc/${file%:*}.pc"
done
configure 1 PKG_CONFIG_LIBDIR="$WORK/pc" LIBS="$(pkg-config --libs jansson libcurl nettle)"
has "$WORK/stderr" 'libgit2 1.0.9 is there, 1.1 is needed'
[ ! -e Makefile ] || fail "a Makefile was written"

note "variables come from the environment or as arguments, and are kept"
CFLAGS=-O1 configure 0 LDFLAGS=-Wl,-O1 --prefix=/opt/mill --build=x86_64-linux-gnu \
	--sysconfdir=/etc --disable-dependency-tracking --disable-hardening
has "$WORK/stderr" 'ignored: --build --sysconfdir --disable-dependency-tracking'
has Makefile 'CFLAGS = -O1'
has Makefile 'LDFLAGS = -Wl,-O1'
has Makefile 'prefix = /opt/mill'
lacks Makefile stack-protector
cp Makefile first
exits 0 ./config.status
cmp first Makefile || fail "config.status makes another Makefile"

note "a debug build has no fortified functions, a user's own are left alone"
configure 0 CFLAGS=-O0
lacks Makefile FORTIFY
configure 0 CPPFLAGS='-D_FORTIFY_SOURCE=1 -O2'
has Makefile 'CPPFLAGS = -D_FORTIFY_SOURCE=1'
lacks Makefile -U_FORTIFY

note "the log holds each probe's program, command, output and status"
has config.log '## for libgit2'
has config.log '| #include <git2.h>'
has config.log '  status 0'
