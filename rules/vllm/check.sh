#!/bin/sh
# See that this image's vLLM is the one from TREE and can be loaded.  Stays in the image.
# usage: check.sh [TREE [objects]]      "objects": load these, import nothing.
#        needs no GPU, no driver and no network
# exit:  0 good, else failed
set -eu
export LC_ALL=C.UTF-8
tree=${1:-/opt/vllm_baseline}
notes=$(cd "${0%/*}" && pwd)	# before the cd below

nowhere=$(mktemp -d)
trap 'cd / && rm -rf "$nowhere"' EXIT
cd "$nowhere"

# vLLM's objects need libcuda.so.1, which comes with the driver of the machine that runs
# the image.  Without one, the toolkit's stub answers for it: it has all the names.
stub=$(cat "$notes/cuda_home" 2>/dev/null || echo /usr/local/cuda)/lib64/stubs/libcuda.so
if ! python3 -c 'import ctypes; ctypes.CDLL("libcuda.so.1")' 2>/dev/null && [ -e "$stub" ]; then
	echo "check.sh: no driver here: libcuda.so.1 is $stub"
	mkdir driver
	ln -s "$stub" driver/libcuda.so.1
	export LD_LIBRARY_PATH="$nowhere/driver${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi

TREE=$tree ONLY=${2-} python3 - <<'END'
import ctypes
import glob
import os
import sys

import torch

tree = os.path.realpath(os.environ["TREE"])

# vLLM catches the ImportError of an object that does not load, and goes on without it.
objects = sorted(glob.glob(f"{tree}/vllm/**/*.so", recursive=True))
if not objects:
    sys.exit(f"check.sh: {tree}/vllm: no .so")
for path in objects:
    try:
        ctypes.CDLL(path)
    except OSError as why:
        sys.exit(f"check.sh: {why}")

if os.environ["ONLY"] == "objects":
    sys.exit()

import vllm

place = os.path.realpath(vllm.__file__)
if not place.startswith(f"{tree}/"):
    sys.exit(f"check.sh: vllm is {place}, not in {tree}")
print(f"vllm {vllm.__version__}, torch {torch.__version__}, {len(objects)} objects, in {tree}")
END
