#!/bin/sh
# Push the image, and check that the registry has it.
# usage: push.sh IMAGE     reads: GEN_GEN, GEN_KEEP_LOCAL
# exit:  0 pushed, 75 no answer, 76 the local image is lost, else failed
. "${0%/*}/../lib.sh"
. "${0%/*}/engine.sh"
image=$1
local=$(recipe local)

image_check "$(label "$local" stampmill.input)" \
	"$(label "$local" org.opencontainers.image.revision)"
id=$(image_id "$local")
scratch_make
! pushed_earlier "$image" "$id" || exit 0

push_begins "$id"
"$docker" tag "$local" "$image"
# The last line of the daemon has the digest of the pushed image.
{ "$docker" push "$image" || echo $? >"$scratch/failed"; } | tee "$scratch/said"
"$docker" rmi "$image" >/dev/null || :
[ ! -f "$scratch/failed" ] || {
	daemon_check
	fail "$image: docker push failed"
}
digest=$(sed -n 's/^.*: digest: \(sha256:[0-9a-f]*\) size: [0-9]*$/\1/p' "$scratch/said")
pushed "$image" "$id" "$digest"
