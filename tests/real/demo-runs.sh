# shellcheck shell=sh disable=SC2046,SC2086,SC2153
# demo-runs.sh - what the demo's test checks under any engine.  Sourced after engines.sh.

need make ninja jq skopeo mmdebstrap docker-registry flock

# Those that are built; with what they compile as in the parent, or as in their base.
compiled="d26278459e60 8a1ac4582e09 0463809e237d 6fba4e3d1b09 17bf3c67cabe"
taken="684a8174260f 18286cb89f99"
parents="$compiled $taken"

# new_demo NAME: a copy of the demo in a tree of its own.  Sets DEMO.
new_demo()
{
	mkdir -p "$WORK/$1/examples"
	ln -s "$SRC/rules" "$WORK/$1/rules"
	DEMO=$WORK/$1/examples/demo
	mkdir "$DEMO"
	for file in "$SRC"/examples/demo/*; do
		case ${file##*/} in
		out | build.ninja) ;;
		*) cp -R "$file" "$DEMO" ;;
		esac
	done
	# The caches are named after the script that fills them: shared by all tests.
}

# run_demo ENGINE [NATIVE]: what it prints is in $WORK/demo.log.
run_demo()
{
	DEMO_ENGINE=$1 DEMO_NATIVE=${2-} DEMO_CACHE=$CACHE sh "$DEMO/demo.sh" >"$WORK/demo.log" 2>&1 </dev/null || {
		cat "$WORK/demo.log" "$DEMO"/out/logs/*/*.log
		fail "the demo failed"
	}
}

# The registry of the demo's last run again, where it was.  Sets REGISTRY and PID.
restart_registry()
{
	REGISTRY=$(sed -n 's/.*addr: "\(127[0-9.:]*\)".*/\1/p' "$DEMO/out/registry.yml")
	start registry-again sh "$DEMO/demo.sh" registry
	wait_for 30 grep -q "ninja -C $DEMO" "$WORK/registry-again.log" ||
		{ cat "$WORK/registry-again.log"; fail "no registry"; }
	has "$WORK/registry-again.log" "registry   $REGISTRY"
}

# go_on: ninja alone, as the demo tells a person to start it.
go_on()
{
	(
		# shellcheck source=/dev/null
		. "$DEMO/out/engine.sh"
		ninja -C "$DEMO"
	)
}

# tag PARENT: its image in the registry, for skopeo.
tag()
{
	echo "docker://$REGISTRY/demo/baseline:baseline-$1"
}

inspect()
{
	skopeo inspect --tls-verify=false "$@"
}

# check_what_it_said NATIVE: what the demo said; NATIVE is how the objects were to come about.
check_what_it_said()
{
	has "$WORK/demo.log" "      7 to build: $1"
	has "$WORK/demo.log" "      1 held"
	has "$WORK/demo.log" "[35/35] push "
	has "$WORK/demo.log" "ninja: no work to do."
	has "$WORK/demo.log" "baseline-de14012298a0 is held: failed for good"
	has "$WORK/demo.log" "Done in "
	lacks "$WORK/demo.log" "[36/"
}

# Every image is in the registry, by the digest that its stamp says, with its labels.
check_registry()
{
	same "$(skopeo list-tags --tls-verify=false "docker://$REGISTRY/demo/baseline" | jq -r '.Tags[]' | sort | xargs)" \
		"$(printf 'baseline-%s\n' $parents cafc25ecbdfb | sort | xargs)" "tags"
	for parent in $parents; do
		stamp=$DEMO/out/stamps/baseline-$parent.push
		same "$(inspect --format '{{.Digest}}' "$(tag "$parent")")" \
			"$(sed -n 's/^digest=//p' "$stamp")" "digest of $parent"
		inspect --config "$(tag "$parent")" | jq -r '.config.Labels | to_entries[] | "\(.key)=\(.value)"' \
			>"$WORK/labels"
		commit=$(git -C "$DEMO/out/tally.git" rev-parse "$parent")
		human=$(jq -r --arg p "$commit" '.[] | select(.parent_commit == $p).human_commit_full' "$DEMO/mapping.json")
		has "$WORK/labels" "org.opencontainers.image.revision=$commit"
		has "$WORK/labels" "org.opencontainers.image.source=https://git.example.org/tally.git"
		has "$WORK/labels" "org.opencontainers.image.base.name=127.0.0.1:5000/demo/human:$human"
		has "$WORK/labels" "org.opencontainers.image.base.digest=$(inspect --format '{{.Digest}}' "docker://$REGISTRY/demo/human:$human")"
		has "$WORK/labels" "stampmill.input=$(sed -n 's/^input=//p' "$stamp")"
		has "$WORK/labels" "stampmill.native=$(sed -n 's/^native=//p' "${stamp%.push}.image")"
	done
}

# check_versions: the images from the registry run, and are the programs they should be.
# The test has a function run_image REFERENCE COMMAND...
check_versions()
{
	for row in "d26278459e60 tally 0.3" "8a1ac4582e09 tally 0.4" \
		"0463809e237d tally 0.5, built Tue Mar  5 10:00:00 UTC 2024" \
		"6fba4e3d1b09 tally 0.6, built Wed Mar  6 10:00:00 UTC 2024" \
		"684a8174260f tally 0.7" "17bf3c67cabe tally 0.7" "18286cb89f99 tally 0.7"; do
		parent=${row%% *}
		digest=$(inspect --format '{{.Digest}}' "$(tag "$parent")")
		same "$(run_image "$REGISTRY/demo/baseline@$digest" tally --version)" "${row#* }" \
			"version of $parent"
	done
}

# native PARENT: how its objects came about.
native()
{
	sed -n 's/^native=//p' "$DEMO/out/stamps/baseline-$1.image"
}

# units PARENT...: what compiling them all needs, a line for each unit that is another one, or
# gets other flags.  make says which command it would run; what the compiler reads then counts.
units()
{
	for parent; do
		(
			cd "$DEMO/out/contexts/$parent/source" || exit
			SOURCE_DATE_EPOCH=$(sed -n 's/^time=//p' "$DEMO/out/recipes/baseline-$parent")
			export SOURCE_DATE_EPOCH
			make -n | grep -e ' -c ' | while read -r command; do
				sh -c "${command%% -c *} -E ${command##* }" | sha256sum | sed "s|-\$|$command|"
			done
		)
	done | sort -u
}

# Whichever two images compile at a time: no unit is compiled twice.
check_compiles()
{
	same "$(cat "$DEMO"/out/logs/*/image.*.log | grep -c 'compiled: -')" \
		"$(units $compiled | wc -l)" "runs of the compiler"
}

# How the objects came about, with a claim that was not so.
check_native()
{
	for parent in $compiled; do
		same "$(native "$parent")" compile "native of $parent"
	done
	same "$(native 684a8174260f)" reuse "native of 684a8174260f"
	same "$(native 18286cb89f99)" share "native of 18286cb89f99"
	has "$DEMO/out/logs/baseline-17bf3c67cabe/image.1.log" \
		"reuse is not possible: the objects there are of other sources"
	lacks "$DEMO/out/logs/baseline-684a8174260f/image.1.log" "compiled: -"
	lacks "$DEMO/out/logs/baseline-18286cb89f99/image.1.log" "compiled: -"
}

# objects: of all images in the registry, digests of what was compiled.  The test has a function
# objects_in REFERENCE.
objects()
{
	for parent in $parents; do
		objects_in "$REGISTRY/demo/baseline:baseline-$parent" | sed "s/^/$parent /"
	done
}

# digests: of all that was built, a line each.
digests()
{
	for parent in $parents; do
		sed -n "s/^digest=/$parent /p" "$DEMO/out/stamps/baseline-$parent.push"
	done
}
