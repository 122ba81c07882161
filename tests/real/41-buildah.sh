#!/bin/sh
# The image, verify and push steps with a real buildah and a real registry.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
. "${0%/*}/engine-steps.sh"
use_buildah
use_base

new_fleet buildah

images()
{
	buildah images --quiet
}

image_ids()
{
	buildah images --quiet --no-trunc "$1" 2>/dev/null || :
}

image_remove()
{
	buildah rmi --force "$1" >/dev/null
}

# in_image COMMAND...: with the image's file system as its folder.
in_image()
{
	container=$(buildah from --pull-never "$LOCAL")
	(cd "$(buildah mount "$container")" && "$@")
	buildah rm "$container" >/dev/null
}

image_read()
{
	in_image cat "${1#/}"
}

image_paths()
{
	in_image find . | sed 's|^\./||'
}

image_label()
{
	buildah inspect --type image --format "{{index .OCIv1.Config.Labels \"$1\"}}" "$LOCAL"
}

image_history()
{
	buildah inspect --type image "$LOCAL"
}

containers()
{
	buildah containers --format '{{.ContainerName}}'
}

steps_from_source_to_registry
how_it_was_built_is_not_in_it
done_already_is_done_in_a_moment
a_pushed_image_makes_room

note "built from scratch again it is the same, bit for bit; also from another folder"
digest=$(stamp push digest)
image_remove "$LOCAL"
mv "$FLEET" "$WORK/elsewhere"
FLEET=$WORK/elsewhere
rm -rf "$FLEET/out/contexts" "$FLEET/out/sources" "$FLEET/out/pushed"
IMAGE=$REGISTRY/test/again:$TARGET
steps source patch image verify push
same "$(stamp push digest)" "$digest" "digest"
skopeo inspect --tls-verify=false --raw "docker://$IMAGE" >"$WORK/manifest"
has "$WORK/manifest" '"org.opencontainers.image.base.name":"registry.example.org/test/human:1"'
image_history >"$WORK/history"
lacks "$WORK/history" "$REGISTRY"
same "$(buildah inspect --type image --format '{{.OCIv1.Created.Unix}}' "$LOCAL")" \
	"$(git -C "$WORK/source" log -1 --format=%ct)" "time of the image"
same "$(buildah images --format '{{.Name}}' | grep -c 'stampmill-test\.')" 0 "names of bases left"

note "where limits are low and may not be raised, as in a container or a batch job"
need setpriv prlimit
limited_step()
{
	setpriv --bounding-set -sys_resource --inh-caps -sys_resource \
		prlimit --nofile=1000:4000 --nproc=2000:3000 "$usual_step" "$@"
}
cp "$FLEET/Dockerfile" "$WORK/Dockerfile"
cp "$FLEET/out/smoke/fleet" "$WORK/smoke"
seen="grep '^Max processes  *2000  *3000 ' /proc/self/limits && grep '^Max open files  *1000  *4000 ' /proc/self/limits"
echo "RUN $seen" >>"$FLEET/Dockerfile"
echo "$seen" >>"$FLEET/out/smoke/fleet"
image_remove "$LOCAL"
usual_step=$STEP STEP=limited_step
steps image verify
STEP=$usual_step
cp "$WORK/Dockerfile" "$FLEET/Dockerfile"
cp "$WORK/smoke" "$FLEET/out/smoke/fleet"
image_remove "$LOCAL"
steps image verify

values_are_not_evaluated
only_our_own_tags_are_replaced
claims_are_checked_in_the_build
failures_have_their_status
too_little_memory_means_fewer_jobs
nothing_survives

note "a build was killed when its image was there: the next one tidies up"
buildah from --pull-never --name "stampmill-test.$TARGET-working-container-1" "$LOCAL" >/dev/null
printf '#!/bin/sh\n[ "$1" != containers ] || ! rm "%s" 2>/dev/null || exit 125\nexec "%s" "$@"\n' \
	"$WORK/not-yet" "$(command -v buildah)" >"$WORK/home/buildah"
chmod +x "$WORK/home/buildah"
touch "$WORK/not-yet"	# the list of containers fails once, as when one goes meanwhile
(PATH=$WORK/home:$PATH && steps image)
[ ! -e "$WORK/not-yet" ] || fail "nobody asked for the list"
same "$(containers)" "" "containers left"

note "under oci isolation, too"
sed -i 's/^isolation=.*/isolation=oci/; s/^network=.*/network=host/' "$FLEET/out/settings/fleet"
nothing_survives

note "one image name, two folders"
exec 7>"$(buildah info --format '{{.store.RunRoot}}')/stampmill-test.$TARGET.lock"
flock 7
image_remove "$LOCAL"
step_exits 75 image
has "$LOG" "is being built from another folder"
exec 7>&-
steps image

a_registry_that_is_gone_is_worth_another_try
