#!/bin/sh
# Build the image from its context.
# usage: image.sh     reads: GEN_JOBS, GEN_NVCC_THREADS, GEN_NETWORK
# exit:  0 built, 75 the daemon does not answer, 76 the context is lost, else failed
#
# docker 20.10 gives an image and its layers the current time, so a second build of the same
# context has another id.
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
. "${0%/*}/../native.sh"
local=$(recipe local) input=$(recipe input)

image_run()
{
	objects=$2
	shift 2
	with_recipe "$docker" build --progress=plain --network "${GEN_NETWORK:-default}" \
		--build-arg "BASE=$(recipe base)" --build-arg "SOURCE_DATE_EPOCH=$(recipe time)" \
		--build-arg "BUILD_COMMIT=$(recipe commit)" --build-arg "BUILD_HUMAN=$(human)" \
		--build-arg "BUILD_OBJECTS=$objects" "$@" \
		--secret "id=settings,src=$scratch/settings" \
		--file "$(dockerfile)" --tag "$local"
}

if [ "$(label "$local" stampmill.input)" = "$input" ]; then
	say "$local is there already, made from the same input"
	id=$(image_id "$local")
	result image_id "$id"
	result native "$(label "$local" stampmill.native)"
	exit 0
fi

context_check
old=$(image_id "$local" 2>/dev/null) || :
scratch_make
settings_make
export DOCKER_BUILDKIT=1 BUILDX_NO_DEFAULT_ATTESTATIONS=1
native_build || {
	daemon_check
	fail "$local: the build failed"
}
image_made "$local" "$old"
native_result
