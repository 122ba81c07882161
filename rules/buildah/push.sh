#!/bin/sh
# Push the image, and check that the registry has it.
# usage: push.sh IMAGE     reads: GEN_GEN, GEN_KEEP_LOCAL, GEN_INSECURE
# exit:  0 pushed, 75 no answer, 76 the local image is lost, else failed
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
image=$1
local=localhost/$(recipe local)

image_check "$(label "$local" stampmill.input)" \
	"$(label "$local" org.opencontainers.image.revision)"
id=$(image_id "$local")
scratch_make
! pushed_earlier "$image" "$id" || exit 0

push_begins "$id"
buildah push "$(tls "$image")" --digestfile "$scratch/digest" "$local" "docker://$image"
pushed "$image" "$id" "$(cat "$scratch/digest")"
