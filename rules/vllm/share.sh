#!/bin/sh
# Take the objects of another image of the fleet, and install around them.
# usage: share.sh TREE NOTES MOUNTS      see install.sh; MOUNTS/objects: that image
. "${0%/*}/install.sh"
. "${0%/*}/objects.sh"

[ -d "$mounts/objects$tree/vllm" ] || lost "the image to share with has no $tree/vllm"
objects_install "$mounts/objects$tree/vllm"
