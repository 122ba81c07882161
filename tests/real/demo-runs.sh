# shellcheck shell=sh disable=SC2153
# demo-runs.sh - what the demo's test checks under any engine.  Sourced after engines.sh.

need ninja jq skopeo mmdebstrap docker-registry flock

parents="d26278459e60 8a1ac4582e09 0463809e237d 6fba4e3d1b09"	# those that are built

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

# run_demo ENGINE: what it prints is in $WORK/demo.log.
run_demo()
{
	DEMO_ENGINE=$1 DEMO_CACHE=$CACHE sh "$DEMO/demo.sh" >"$WORK/demo.log" 2>&1 </dev/null || {
		cat "$WORK/demo.log" "$DEMO"/out/logs/*/*.log
		fail "the demo failed"
	}
}

# The registry of the demo's last run again, where it was.  Sets REGISTRY and PID.
restart_registry()
{
	REGISTRY=$(sed -n 's/.*listening on \(127[0-9.]*:[0-9]*\).*/\1/p' "$DEMO/out/registry.log")
	sed "s/127\.0\.0\.1:0/$REGISTRY/" "$DEMO/out/registry.yml" >"$WORK/registry-again.yml"
	start registry-again docker-registry serve "$WORK/registry-again.yml"
	wait_for 30 grep -q 'listening on' "$WORK/registry-again.log" ||
		{ cat "$WORK/registry-again.log"; fail "no registry"; }
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

# What the demo said.
check_what_it_said()
{
	has "$WORK/demo.log" "      4 to build"
	has "$WORK/demo.log" "      1 held"
	has "$WORK/demo.log" "[20/20] push "
	has "$WORK/demo.log" "ninja: no work to do."
	has "$WORK/demo.log" "baseline-de14012298a0 is held: failed for good"
	has "$WORK/demo.log" "Done in "
	lacks "$WORK/demo.log" "[21/"
}

# Every image is in the registry, by the digest that its stamp says, with its labels.
check_registry()
{
	same "$(skopeo list-tags --tls-verify=false "docker://$REGISTRY/demo/baseline" | jq -r '.Tags[]' | sort | xargs)" \
		"baseline-0463809e237d baseline-6fba4e3d1b09 baseline-8a1ac4582e09 baseline-cafc25ecbdfb baseline-d26278459e60" \
		"tags"
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
	done
}

# check_versions: the images from the registry run, and are the programs they should be.
# The test has a function run_image REFERENCE COMMAND...
check_versions()
{
	for row in "d26278459e60 tally 0.3" "8a1ac4582e09 tally 0.4" \
		"0463809e237d tally 0.5, built Tue Mar  5 10:00:00 UTC 2024" \
		"6fba4e3d1b09 tally 0.6, built Wed Mar  6 10:00:00 UTC 2024"; do
		parent=${row%% *}
		digest=$(inspect --format '{{.Digest}}' "$(tag "$parent")")
		same "$(run_image "$REGISTRY/demo/baseline@$digest" tally --version)" "${row#* }" \
			"version of $parent"
	done
}

# digests: of all that was built, a line each.
digests()
{
	for parent in $parents; do
		sed -n "s/^digest=/$parent /p" "$DEMO/out/stamps/baseline-$parent.push"
	done
}
