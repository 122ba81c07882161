#!/bin/sh
# Remove the human commit's vLLM from the base, and note what it was.
# usage: human.sh TREE NOTES      TREE: where another vLLM comes to
# exit:  0 removed, and NOTES/human says where it was, of which commits it says that it is,
#        and which torch the base has, else failed
. "${0%/*}/lib.sh"
tree=$1 notes=$2
go_nowhere

mkdir -p "$notes"
python3 "$here/installed_vllm.py" >"$notes/human" || fail "what vllm the base has cannot be told"
torch=$(torch torch.__version__)
echo "torch=$torch" >>"$notes/human"
cat "$notes/human"

python3 -m pip --version || python3 -m ensurepip || fail "python3 of the base has no pip"
python3 -m pip uninstall --yes vllm
python3 "$here/remove_vllm.py" || fail "the human commit's vLLM cannot be removed"
rm -rf "$tree"
