#!/bin/sh
# Take the objects of the human commit's vLLM, that the base has, and install around them.
# usage: reuse.sh TREE NOTES MOUNTS      see install.sh; MOUNTS/objects: the base
#        reads: BUILD_HUMAN, the human commit; empty: whatever is there will do
. "${0%/*}/install.sh"
. "${0%/*}/objects.sh"

folder=$(sed -n 's/^folder=//p' "$notes/human")
[ "$folder" ] || lost "the base has no vllm installed"

sed -n 's/^commit=//p' "$notes/human" >"$nowhere/commits"
[ -s "$nowhere/commits" ] || say "the base's vllm does not say of which commit it is"
while read -r commit place; do
	case ${BUILD_HUMAN:-$commit} in
	"$commit"*) ;;
	*) lost "the base's vllm is of commit $commit, says $place, not of $BUILD_HUMAN" ;;
	esac
done <"$nowhere/commits"

was=$(sed -n 's/^torch=//p' "$notes/human") is=$(torch torch.__version__)
[ "$was" = "$is" ] || lost "the base's objects are for its torch $was, the commit pins $is"
objects_install "$mounts/objects$folder"
