#!/bin/sh
# vLLM's Dockerfile and its scripts with a real docker daemon, over a base of stand-ins.
. "${0%/*}/../lib.sh"
begin
need ninja jq
. "${0%/*}/vllm-image.sh"
use_docker

build_human()
{
	DOCKER_BUILDKIT=1 "$docker" build --quiet --network none --tag "$2" "$1"
	"$docker" push --quiet "$2"
}

image_read()
{
	"$docker" run --rm --network none --entrypoint cat "$LOCAL" "$1"
}

vllm_human
vllm_fleet
built_as_told docker
not_compiled
