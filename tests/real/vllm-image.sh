# shellcheck shell=sh disable=SC2034,SC2154
# vllm-image.sh - a fleet that is built as vLLM is, with stand-ins for all that is large.
# Sourced, by one script an engine, which then defines
#
#	build_human FOLDER IMAGE	build and push an image
#	image_read FILE			a file of the image that was built, LOCAL
. "${0%/*}/engines.sh"
use_base

# A project whose setup.sh stands for vLLM's setup.py: it compiles, and notes what it was told.
# The commits are PARENT and HUMAN.
vllm_history()
{
	new_repo "$WORK/source"
	mkdir "$WORK/source/vllm"
	echo 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04 AS dev' >"$WORK/source/Dockerfile"
	echo 'import torch' >"$WORK/source/vllm/__init__.py"
	echo 'outlines == 0.0.34' >"$WORK/source/requirements.txt"
	cat >"$WORK/source/setup.sh" <<-'END'
	set -e
	cmake --build . -j1
	echo 'int entry(void) { return 0; }' >entry.c
	cc -shared -fPIC -o vllm/_C.abi3.so entry.c
	printf '%s\n' "$MAX_JOBS jobs, $NVCC_THREADS threads" "for $TORCH_CUDA_ARCH_LIST" \
		"version $SETUPTOOLS_SCM_PRETEND_VERSION" "by $CUDACXX" "$GREETING" >built
	END
	commit_all "$WORK/source" "Compile something"
	PARENT=$COMMIT
	commit_all "$WORK/source" "Make it faster"
	HUMAN=$COMMIT
}

# The human's image: a real shell and compiler, with stand-ins for Python, apt and cmake.
# Its ENV says other things than the commit and the fleet do.
vllm_human()
{
	mkdir "$WORK/human"
	for program in python3 nvcc apt-get apt-cache cmake; do
		cp "$SRC/tests/fakes/vllm/$program" "$WORK/human"
	done
	# The base is of this machine's release, and lacks these two.
	cp "$(command -v sed)" "$(command -v find)" "$WORK/human"
	cat >"$WORK/human/Dockerfile" <<-END
	FROM $BASE
	COPY python3 nvcc apt-get apt-cache cmake sed find /usr/local/bin/
	ENV PREFIX=/usr/local OFFERED="git g++ ccache cuda-toolkit-12-4" AIRPORTS=no \\
	    SETUP="cd /opt/vllm_baseline && sh setup.sh" \\
	    CUDA_VERSION=11.8.0 TORCH_CUDA_ARCH_LIST=7.0 VERSION=9.9 MAX_JOBS=1
	ENTRYPOINT ["python3", "-m", "vllm"]
	WORKDIR /srv
	END
	build_human "$WORK/human" "$REGISTRY/test/vllm-human:$HUMAN"
}

# fleet.json is the shipped one, but for the names of things and the size of the work.
vllm_fleet()
{
	FLEET=$WORK/fleet
	mkdir "$FLEET"
	jq --arg registry "$REGISTRY" '.name = "test" | .source = {path: "none"} | .registry = $registry |
		.baseline_repository = "test/vllm-baseline" | .human_repository = "test/vllm-human" |
		.mappings = [{name: "v1", file: "mapping.json"}] | .fixed_humans = [] | .commits = {} |
		del(.dataset) | .substitutions = [] | .create = true |
		.build.network = "none" | .build.isolation = "chroot" | .build.max_jobs = 5 |
		.build.env = {GREETING: "from the environment"}' "$SRC/fleet.json" >"$FLEET/fleet.json"
	printf '[{"human_commit": "%s", "parent_commit": "%s"}]\n' "$HUMAN" "$PARENT" >"$FLEET/mapping.json"
}

built_as_told()
{
	note "the image is made of what the commit and the fleet say, not of what the base says"
	"$GEN" -C "$FLEET" --repo "$WORK/source" --engine "$1"
	ninja -C "$FLEET" || { cat "$FLEET"/out/logs/*/*.log; fail "ninja"; }
	id=$(echo "$PARENT" | cut -c1-12)
	LOCAL=stampmill-test:baseline-$id
	same "$(image_read /opt/vllm_baseline/built)" "5 jobs, 2 threads
for 9.0
version 0.0.0+g$id
by /usr/local/cuda-12.4/bin/nvcc
from the environment" "what setup was told"
	same "$(image_read /opt/stampmill/cuda_home)" /usr/local/cuda-12.4 "toolkit"

	note "each step said what it did"
	log=$WORK/image.log
	cat "$FLEET"/out/logs/*/image.*.log >"$log"
	has "$log" "apt-get install --yes --no-install-recommends"
	has "$log" "python3 remove_vllm.py"
	has "$log" "pyairports/archive/"
	has "$log" "aiohttp pandas datasets"
	has "$log" "the real cmake: --build . -j5"
	has "$log" "vllm is loaded and imported"
	cat "$FLEET"/out/logs/*/verify.*.log >"$log"
	has "$log" "vllm is loaded and imported"

	note "another number of jobs, and there is nothing to do"
	sed -i 's/"max_jobs": 5/"max_jobs": 7/' "$FLEET/fleet.json"
	ninja -C "$FLEET" >"$WORK/out"
	has "$WORK/out" "no work to do"
	has "$FLEET/out/settings/fleet" "jobs=7"
}

vllm_history
