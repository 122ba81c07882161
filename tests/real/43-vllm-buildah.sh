#!/bin/sh
# vLLM's Dockerfile and its scripts with a real buildah, over a base of stand-ins.
. "${0%/*}/../lib.sh"
begin
need buildah ninja jq
. "${0%/*}/vllm-image.sh"
use_buildah

# Buildah keeps cache mounts there, whatever its storage is.
TMPDIR=$WORK
export TMPDIR

build_human()
{
	buildah build --quiet --isolation chroot --tls-verify=false --tag "$2" "$1"
	buildah push --quiet --tls-verify=false "$2"
}

image_read()
{
	container=$(buildah from --pull-never "localhost/$LOCAL")
	cat "$(buildah mount "$container")$1"
	buildah rm "$container" >/dev/null
}

vllm_human
vllm_fleet
built_as_told buildah
not_compiled
