#!/bin/sh
# Build the image from its context.
# usage: image.sh     reads: GEN_JOBS, GEN_NVCC_THREADS, GEN_NETWORK, GEN_ISOLATION
# exit:  0 built, 75 another folder is building it, 76 the context is lost, else failed
#
# The image and all its files carry the commit's time, so the same context gives the same image,
# bit for bit.
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
. "${0%/*}/../native.sh"
local=$(local_name "$(recipe local)") input=$(recipe input)
base=$(recipe base)

# buildah names its working containers after their image.  The base gets a name that belongs to this
# target, so we can tell our containers from others, and the history has no registry's address.
name=$(recipe local | tr : .)
from=localhost/$name:base

# The lock of step covers only this folder, but several folders may use the engine.
run=$(buildah info --format '{{.store.RunRoot}}')
exec 9>"$run/$name.lock"
flock --nonblock 9 || again "$local is being built from another folder"

# Remove what only the build needs: containers, which FROM ... AS leaves behind, and second names
# of images.
tidy_up()
{
	containers_remove "$name-working-container" >/dev/null
	buildah rmi "$from" "localhost/$name:objects" >/dev/null 2>&1 || :
}

if [ "$(label "$local" stampmill.input)" = "$input" ]; then
	say "$local is there already, made from the same input"
	tidy_up
	id=$(image_id "$local")
	result image_id "$id"
	result native "$(label "$local" stampmill.native)"
	exit 0
fi

context_check
old=$(image_id "$local" 2>/dev/null) || :
scratch_make
settings_make
containers_remove "$name-working-container"

# One pull at a time: two pulls of the same new layer would both fetch and unpack it.
(flock 8 && exec buildah pull --quiet --policy missing "$(tls "$base")" "$base") 8>"$run/stampmill-pull.lock"
buildah tag "$base" "$from"

image_run()
{
	objects=$from
	if [ "$1" = share ]; then
		objects=localhost/$name:objects
		buildah tag "$(local_name "$2")" "$objects" || return
	fi
	shift 2
	# shellcheck disable=SC2046	# options without blanks
	with_recipe isolated "${GEN_NETWORK:-default}" build --pull-never $(limits) \
		--timestamp "$(recipe time)" --identity-label=false \
		--annotation "org.opencontainers.image.base.name=$(recipe label.org.opencontainers.image.base.name)" \
		--build-arg "BASE=$from" --build-arg "SOURCE_DATE_EPOCH=$(recipe time)" \
		--build-arg "BUILD_COMMIT=$(recipe commit)" --build-arg "BUILD_HUMAN=$(human)" \
		--build-arg "BUILD_OBJECTS=$objects" "$@" \
		--secret "id=settings,src=$scratch/settings" \
		--file "$(dockerfile)" --tag "$local"
}

native_build || fail "$local: the build failed"
tidy_up
image_made "$local" "$old"
native_result
