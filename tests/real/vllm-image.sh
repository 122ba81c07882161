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
	mkdir "$WORK/source/csrc"
	echo 'int entry(void) { return 0; }' >"$WORK/source/csrc/entry.c"
	: >"$WORK/source/CMakeLists.txt"
	cat >"$WORK/source/setup.sh" <<-'END'
	set -e
	[ -n "$VLLM_USE_PRECOMPILED" ] || {
		cmake --build . -j1
		cc -shared -fPIC -o vllm/_C.abi3.so csrc/entry.c
	}
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
	cc -shared -fPIC -o "$WORK/human/_C.abi3.so" "$WORK/source/csrc/entry.c"
	cat >"$WORK/human/Dockerfile" <<-END
	FROM $BASE
	COPY python3 nvcc apt-get apt-cache cmake sed find /usr/local/bin/
	COPY _C.abi3.so /usr/lib/vllm/
	ENV FOLDER=/usr/lib/vllm SAYS="$(echo "$HUMAN" | cut -c1-9) its version" EXTENSIONS_OF="need vllm/_C"
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
		del(.dataset, .preflight) | .substitutions = [] | .create = true |
		.build.network = "none" | .build.isolation = "chroot" | .build.max_jobs = 5 | .build.gb_per_job = 1 |
		.build.env = {GREETING: "from the environment"}' "$SRC/fleet.json" >"$FLEET/fleet.json"
	printf '[{"human_commit": "%s", "parent_commit": "%s"}]\n' "$HUMAN" "$PARENT" >"$FLEET/mapping.json"
}

# vllm_build OPTION...: plan and build; what the image step said is in $WORK/image.log.
vllm_build()
{
	"$GEN" -C "$FLEET" --repo "$WORK/source" --engine "$ENGINE" "$@"
	rm -rf "$FLEET/out/logs"
	ninja -C "$FLEET" || { cat "$FLEET"/out/logs/*/*.log; fail "ninja"; }
	cat "$FLEET"/out/logs/*/image.*.log >"$WORK/image.log"
}

# native_is WHAT: that is how the objects came about, say the stamp and the image.
native_is()
{
	same "$(sed -n 's/^native=//p' "$FLEET/out/stamps/${LOCAL##*:}.image")" "$1" "stamp: native"
	image_read /opt/vllm_baseline/vllm/_C.abi3.so >"$WORK/object"
	cmp "$WORK/object" "$WORK/human/_C.abi3.so"
}

built_as_told()
{
	ENGINE=$1
	LOCAL=stampmill-test:baseline-$(echo "$PARENT" | cut -c1-12)
	log=$WORK/image.log

	note "compiled, the image is made of what the commit and the fleet say, not of what the base says"
	vllm_build --native compile
	native_is compile
	same "$(image_read /opt/vllm_baseline/built)" "5 jobs, 2 threads
for 9.0
version 0.0.0+g${LOCAL##*-}
by /usr/local/cuda-12.4/bin/nvcc
from the environment" "what setup was told"
	same "$(image_read /opt/stampmill/cuda_home)" /usr/local/cuda-12.4 "toolkit"

	note "each step said what it did"
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

# Another tag is pushed, so another value of an argument is enough to have it built anew.
built_anew()
{
	sed -i "s/\"aiohttp pandas datasets[^\"]*\"/\"aiohttp pandas datasets $1\"/" "$FLEET/fleet.json"
}

not_compiled()
{
	note "the base holds the same objects: they are taken, not compiled"
	built_anew one
	vllm_build
	native_is reuse
	lacks "$log" "the real cmake"
	has "$log" "1 files of /mnt/objects/usr/lib/vllm:"

	note "a base of another commit: said, and compiled"
	sed -i "s/SAYS=\"[0-9a-f]*/SAYS=\"0123456/" "$WORK/human/Dockerfile"
	build_human "$WORK/human" "$REGISTRY/test/vllm-human:$HUMAN"
	vllm_build
	native_is compile
	has "$log" "reuse is not possible: the base's vllm is of commit 0123456, says its version, not of $HUMAN"
	has "$log" "the real cmake: --build . -j7"
	grep -qx 'native=reuse' "$FLEET/out/native/${LOCAL##*:}" || fail "the next plan would not know"
}

vllm_history
