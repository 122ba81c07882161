#!/bin/sh
# Debian 13, from an empty system: the README's two commands there, with buildah and no daemon,
# and the tests that need no server.
. "${0%/*}/../lib.sh"
begin
. "$SRC/examples/demo/apt.sh"
need mmdebstrap unshare chroot setpriv prlimit
[ "$(id -u)" = 0 ] || skip "a root of one's own needs root"
apt_find
[ "$origin" = Debian ] || skip "this machine's apt has no packages of Debian"
root=$WORK/root

# took WHAT: how long it was since the last time.
since=$(date +%s)
took()
{
	note "$1: $(($(date +%s) - since)) s"
	since=$(date +%s)
}

# The sources of this machine, for Debian 13, and what its apt needs to reach and trust them.
copy_apt()
{
	apt_options >"$WORK/apt.conf"
	mkdir "$WORK/sources"
	for file in $sources; do
		sed "s/$release/trixie/g" "$file" >"$WORK/sources/${file##*/}"
	done
}

make_root()
{
	mmdebstrap --variant=minbase --format=directory --aptopt="$WORK/apt.conf" --dpkgopt=force-unsafe-io \
		trixie "$root" "$WORK"/sources/* >"$WORK/mmdebstrap.log" 2>&1 || {
		! grep -qE 'does not have a Release file|404 ' "$WORK/mmdebstrap.log" ||
			skip "this machine's apt has no packages of Debian 13"
		tail -n 20 "$WORK/mmdebstrap.log"
		fail "mmdebstrap"
	}
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"	# no package starts a server
	chmod +x "$root/usr/sbin/policy-rc.d"
	for path in /etc/hosts /etc/resolv.conf /etc/apt/keyrings /etc/apt/auth.conf.d \
		/etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates; do
		[ ! -e $path ] || (cd / && cp -RL --parents ".$path" "$root")
	done
}

# What git knows, and what is new; without git all that is there.
copy_source()
{
	mkdir "$root/stampmill"
	if [ -e "$SRC/.git" ]; then
		git -C "$SRC" ls-files -z --cached --others --exclude-standard
	else
		(cd "$SRC" && find . -type f ! -path './obj/*' ! -path './out/*' -print0)
	fi | tar -C "$SRC" --null --files-from=- --create | tar -C "$root/stampmill" --extract --no-same-owner
}

# inside COMMAND: run it in the root, where the source is, with the limits of a batch job.  What it
# mounts and starts is gone when it ends, however it ends.
inside()
{
	# shellcheck disable=SC2016	# expanded there
	unshare --mount --pid --fork --kill-child -- sh -ec '
		mount --bind "$0" "$0"
		mount -t proc proc "$0/proc"
		mount --rbind /sys "$0/sys"
		mount --rbind /dev "$0/dev"
		exec chroot "$0" setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
			prlimit --nofile=1024:4096 --nproc=2000:4000 env -i HOME=/root \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
			sh -ec "cd /stampmill; $1"' "$root" "$1"
}

copy_apt
make_root
copy_source
took "an empty Debian 13"
inside './configure --install-deps'
took "install"
inside 'make -j 2 check-programs'
took "build"
inside 'tests/run unit cases'
took "unit and cases"
inside 'make demo && rm -rf examples/demo/out'
took "the demo"
