#!/bin/sh
# Make the images that the demo fleet starts from: for each commit of the history but
# the first an image with a C compiler and with tally, built and installed.
# usage: images.sh HISTORY.git CACHE
# exit:  0 stdout names a folder in CACHE: an OCI layout, its images are named by their
#        commits' full ids
#
# The script makes the folder once, and makes it again when this script, the history or this
# machine's release changes.  It takes the packages from where this machine's apt takes them.  It
# needs root, since it builds tally in a chroot.  Nothing in the images tells the time.
#
# One image is not what its name says, as happens: somebody made it from an older commit.
set -eu
export LC_ALL=C
umask 022
. "${0%/*}/apt.sh"
type=application/vnd.oci.image
mistaken=18286cb89f99acfb1cbb86c263b8aaca5c5a2f94 mistaken_for=6fba4e3d1b09dffdde01283c3fd02b6741cfcf8a
history=$1 cache=$2
key=$(cat "$0" "${0%/*}/apt.sh" "${0%/*}/history.fast-import" /etc/os-release | sha256sum | cut -c1-12)
layout=$cache/images-$key
work=$layout.part
root=$work/root
log=$work/log

fail()
{
	echo "images.sh: $*" >&2
	exit 1
}

fail_with_log()
{
	tail -n 20 "$log" >&2
	fail "$1: $log"
}

for program in mmdebstrap git flock chroot; do
	command -v $program >/dev/null || fail "$program is not installed"
done
[ "$(id -u)" = 0 ] || fail "needs root"

# ---- the file system with a compiler ------------------------------------------------

# mmdebstrap only unpacks these packages.  They work without being set up, and it takes a third of
# the time.
make_root()
{
	apt_find
	apt_options >"$work/apt.conf"
	# shellcheck disable=SC2086	# file names without blanks
	mmdebstrap --variant=extract --format=directory --aptopt="$work/apt.conf" \
		--include=base-files,dash,coreutils,grep,sed,make,gcc,libc6-dev,ccache,util-linux \
		"$release" "$root" $sources >>"$log" 2>&1 || fail_with_log "mmdebstrap failed"
	strip_root
	mkdir -p "$root/usr/local/bin" "$root/usr/src"
	ln -s gcc "$root/usr/bin/cc"
}

# Remove what a C compiler does not need, and all that tells about this machine.
strip_root()
{
	rm -rf "${root:?}"/dev/* "$root"/etc/apt "$root"/var/lib/apt "$root"/var/cache "$root"/var/log \
		"$root"/usr/share/doc "$root"/usr/share/info "$root"/usr/share/locale \
		"$root"/usr/share/man "$root"/usr/bin/*-lto-dump* \
		"$root"/usr/lib/gcc/*/*/lto1 "$root"/usr/lib/gcc/*/*/lib*san.a \
		"$root"/usr/lib/*/lib*san.so.* "$root"/usr/lib/*/gconv "$root"/usr/lib/*/lib[cm].a \
		"$root"/usr/lib/*/libm-*.a "$root"/usr/lib/*/libmvec.a \
		"$root"/usr/bin/*gold "$root"/usr/bin/*dwp "$root"/usr/bin/*gp-* "$root"/usr/bin/*gprofng*
	find "$root" -xdev ! -type d ! -type f ! -type l -delete
}

# ---- OCI, by hand -------------------------------------------------------------------

# pack TIME PATH...: paths of root as a layer.  Sets diff, layer and layer_size.
pack()
{
	time=$1
	shift
	tar --create --sort=name --format=gnu --numeric-owner --mtime="@$time" \
		--directory="$root" --file="$work/tar" "$@"
	diff=$(sha256sum <"$work/tar")
	diff=sha256:${diff%% *}
	gzip -n -1 <"$work/tar" >"$work/blob"
	put_blob
	layer=$digest layer_size=$size
}

# Put $work/blob in its place.  Sets digest and size.
put_blob()
{
	digest=$(sha256sum <"$work/blob")
	digest=sha256:${digest%% *}
	size=$(wc -c <"$work/blob")
	mv "$work/blob" "$work/layout/blobs/sha256/${digest#sha256:}"
}

# put_image COMMIT TIME: base and layer as an image.  Sets digest and size.
put_image()
{
	created=$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%SZ)
	tee "$work/blob" >/dev/null <<-END
	{
	  "created": "$created", "architecture": "$architecture", "os": "linux",
	  "config": {
	    "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
	    "Cmd": ["tally"],
	    "Labels": { "org.opencontainers.image.revision": "$1" }
	  },
	  "rootfs": { "type": "layers", "diff_ids": ["$base_diff", "$diff"] },
	  "history": [
	    { "created": "$created", "created_by": "mmdebstrap" },
	    { "created": "$created", "created_by": "make install" }
	  ]
	}
	END
	put_blob
	tee "$work/blob" >/dev/null <<-END
	{
	  "schemaVersion": 2, "mediaType": "$type.manifest.v1+json",
	  "config": { "mediaType": "$type.config.v1+json", "digest": "$digest", "size": $size },
	  "layers": [
	    { "mediaType": "$type.layer.v1.tar+gzip", "digest": "$base", "size": $base_size },
	    { "mediaType": "$type.layer.v1.tar+gzip", "digest": "$layer", "size": $layer_size }
	  ]
	}
	END
	put_blob
}

# ---- all of them --------------------------------------------------------------------

# build COMMIT: build its tally as people built it at the time: no -Werror, with -lm, no clock.
build()
{
	rm -rf "$root/usr/src/tally"
	mkdir "$root/usr/src/tally"
	git -C "$history" archive "$1" | tar -x --no-same-owner -C "$root/usr/src/tally"
	version=$(git -C "$history" show "$1:VERSION")
	chroot "$root" make -s -C /usr/src/tally VERSION="$version" CFLAGS=-O2 LDLIBS=-lm install \
		>>"$log" 2>&1 || fail_with_log "$1 does not build"
}

mkdir -p "$cache"
exec 8>"$cache/lock"
flock 8		# whoever waited here finds the work done
[ ! -d "$layout" ] || {
	echo "$layout"
	exit 0
}
rm -rf "$work"
mkdir -p "$work/layout/blobs/sha256"
case $(uname -m) in
x86_64)  architecture=amd64 ;;
aarch64) architecture=arm64 ;;
*)       architecture=$(dpkg --print-architecture) ;;
esac

echo "images.sh: making a Debian with a C compiler; this takes half a minute, once" >&2
make_root
pack "$(git -C "$history" log -1 --format=%ct main)" .
base_diff=$diff base=$layer base_size=$layer_size

# All commits but the first, which does not build.
git -C "$history" log --reverse --format='%H %ct' --min-parents=1 main >"$work/commits"
while read -r commit time; do
	tree=$commit
	[ "$commit" != $mistaken ] || tree=$mistaken_for
	build "$tree"
	pack "$time" usr/src/tally usr/local/bin/tally
	put_image "$commit" "$time"
	printf '%s    { "mediaType": "%s", "digest": "%s", "size": %s,\n' \
		"${comma-}" "$type.manifest.v1+json" "$digest" "$size"
	printf '      "annotations": { "org.opencontainers.image.ref.name": "%s" } }' "$commit"
	comma=',
'
done <"$work/commits" >"$work/manifests"
{
	printf '{ "schemaVersion": 2,\n  "manifests": [\n'
	cat "$work/manifests"
	printf '\n  ]\n}\n'
} >"$work/layout/index.json"
printf '{ "imageLayoutVersion": "1.0.0" }\n' >"$work/layout/oci-layout"

mv "$work/layout" "$layout"
find "$cache" -mindepth 1 -maxdepth 1 -name 'images-*' ! -path "$layout" -exec rm -rf {} +
echo "$layout"
