# shellcheck shell=sh
# engine-steps.sh - what the image, verify and push steps do under any engine.  Sourced
# by the test of each engine, after new_fleet.
#
# The test has functions that ask its engine: images (ids of all), image_ids NAME, image_remove NAME,
# image_read PATH (a file of LOCAL), image_paths (all paths in LOCAL's own layers),
# image_label NAME, image_history, containers (names of all there are, running or not).

skopeo_inspect()
{
	skopeo inspect --tls-verify=false "$@"
}

steps_from_source_to_registry()
{
	note "from a commit to the registry"
	steps source patch image verify push
	has "$FLEET/out/logs/$TARGET/image.1.log" "jobs are 2"
	has "$FLEET/out/logs/$TARGET/verify.1.log" "smoke test done"
	same "$(image_label org.opencontainers.image.revision)" "$COMMIT" "label revision"
	same "$(image_label stampmill.input)" sha256:1 "label input"
	same "$(image_read /greeting)" hello "environment of the build"
	same "$(stamp push image)" "$IMAGE" "stamp: image"
	same "$(stamp push digest)" "$(skopeo_inspect --format '{{.Digest}}' "docker://$IMAGE")" "stamp: digest"
	same "$(stamp image image_id)" "$(stamp verify image_id)" "stamps: image id"
	same "$(containers)" "" "containers left"
	same "$(ls "$FLEET/out/tmp")" "" "left in out/tmp"
}

how_it_was_built_is_not_in_it()
{
	note "how it was built is in no layer, and nothing of it in the history"
	image_paths >"$WORK/paths"
	has "$WORK/paths" "src/hello"
	lacks "$WORK/paths" "run/secrets/settings"
	image_history >"$WORK/history"
	has "$WORK/history" "make -C /src"
	lacks "$WORK/history" "jobs=2"
	lacks "$WORK/history" "$WORK"
}

done_already_is_done_in_a_moment()
{
	note "each step again: nothing is built or pushed twice"
	before=$(image_ids "$LOCAL")
	steps image verify push
	same "$(image_ids "$LOCAL")" "$before" "image id"
	has "$FLEET/out/logs/$TARGET/image.2.log" "is there already, made from the same input"
	has "$FLEET/out/logs/$TARGET/push.2.log" "is in the registry already"
}

values_are_not_evaluated()
{
	note "a build argument that a shell would run"
	# shellcheck disable=SC2016	# that is the point
	word='a  b "c" '\''d'\'' $(touch pwned) `touch pwned` \n $HOME ; touch pwned #'
	change_recipe arg.WORD "$word"
	change_recipe label.test.word "$word"
	change_recipe input sha256:2
	change_recipe label.stampmill.input sha256:2
	before=$(images | wc -l)
	steps image verify
	same "$(images | wc -l)" "$before" "images, after one was replaced"
	same "$(image_read /word)" "$word" "build argument"
	same "$(image_label test.word)" "$word" "label"
	same "$(find "$WORK" -name pwned)" "" "files made by a value"
}

# native_dockerfile: what PROOF names shows whether the objects are there.
native_dockerfile()
{
	cat >"$FLEET/Dockerfile" <<-'EOF'
	ARG BASE
	ARG BUILD_OBJECTS=$BASE
	FROM $BUILD_OBJECTS AS objects
	FROM $BASE
	ARG BUILD_NATIVE=compile
	ARG PROOF
	RUN --mount=type=bind,from=objects,target=/mnt/objects \
	    if [ "$BUILD_NATIVE" = compile ]; then \
	        echo "stampmill: ccache hits=3 misses=4"; \
	    elif ! [ -e "/mnt/objects$PROOF" ]; then \
	        echo "stampmill: native claim lost: no '$PROOF' there" && exit 1; \
	    fi; \
	    echo "$BUILD_NATIVE" >/native
	EOF
}

# native_image NATIVE REASON: that is what the image, its labels and the stamp say.
native_image()
{
	same "$(image_read /native)" "$1" "what the image says"
	same "$(image_label stampmill.native)" "$1" "label native"
	same "$(image_label stampmill.native.reason)" "$2" "label native.reason"
	same "$(stamp image native)" "$1" "stamp: native"
	same "$(containers)" "" "containers left"
}

claims_are_checked_in_the_build()
{
	cp "$FLEET/Dockerfile" "$WORK/Dockerfile"
	cp "$FLEET/out/recipes/$TARGET" "$WORK/good"
	claim=$FLEET/out/native/$TARGET
	native_dockerfile

	note "the base holds the objects, as it should"
	image_remove "$LOCAL"
	LOCAL=${LOCAL%:*}:other
	change_recipe local "${LOCAL##*/}"
	change_recipe native reuse
	change_recipe native_reason 'built from the same: "csrc" $(touch pwned)'
	change_recipe arg.PROOF /bin/sh
	steps image
	native_image reuse 'built from the same: "csrc" $(touch pwned)'
	[ ! -e "$claim" ] || fail "a claim that held is lost"

	note "another image of the fleet does"
	other=${LOCAL##*/}
	cp "$FLEET/out/recipes/$TARGET" "$FLEET/out/recipes/other"
	LOCAL=${LOCAL%:*}:$TARGET
	change_recipe local "${LOCAL##*/}"
	change_recipe native share
	change_recipe objects "$other"
	change_recipe arg.PROOF /native
	steps image
	native_image share 'built from the same: "csrc" $(touch pwned)'

	note "it does not: said, remembered, compiled"
	image_remove "$LOCAL"
	change_recipe arg.PROOF '/nowhere & "more"'
	steps image
	has "$LOG" "share is not possible: no '/nowhere & \"more\"' there"
	native_image compile "share was not possible: no '/nowhere & \"more\"' there"
	same "$(cat "$claim")" "lost=no '/nowhere & \"more\"' there
native=share
from=$other" "out/native"
	same "$(cat "$claim.stats")" "ccache_hits=3
ccache_misses=4" "statistics"
	tail -n 1 "$FLEET/out/journal.jsonl" >"$WORK/journal.last"
	has "$WORK/journal.last" '"native":"compile"'
	has "$WORK/journal.last" '"ccache_hits":3,"ccache_misses":4'
	[ "$(stamp image ccache_hits)$(stamp image journal.ccache_hits)" = "" ] || fail "they are in the stamp"

	note "what is known to be lost is not tried again"
	image_remove "$LOCAL"
	steps image
	lacks "$LOG" "objects: share"
	native_image compile "share was not possible: no '/nowhere & \"more\"' there"

	note "another claim is"
	image_remove "$LOCAL"
	change_recipe native reuse
	steps image
	has "$LOG" "objects: reuse"
	same "$(sed -n 's/^from=//p' "$claim")" "$BASE" "out/native: from"

	note "the image to share with is another by now, or gone"
	for change in "s/^input=.*/input=sha256:9/" "/^input=/d"; do
		image_remove "$LOCAL"
		sed -i "$change" "$FLEET/out/recipes/other"
		rm "$claim"
		change_recipe native share
		steps image
		has "$claim" "lost=$other is not here, or is not what out/recipes/other makes"
		lacks "$LOG" "objects: share"
	done

	note "a build that fails for another reason is not tried another way"
	image_remove "$LOCAL"
	rm "$claim"
	change_recipe native reuse
	echo 'RUN echo "no stampmill: native claim lost: here" && exit 7' >>"$FLEET/Dockerfile"
	change_recipe arg.PROOF /bin/sh
	! run_step image 2>/dev/null || fail "a build that fails succeeded"
	[ ! -e "$claim" ] || fail "a claim is lost that nobody denied"
	same "$(find "$WORK" -name pwned)" "" "files made by a value"

	image_remove "${LOCAL%:*}:other"
	rm "$FLEET/out/recipes/other"
	cp "$WORK/good" "$FLEET/out/recipes/$TARGET"
	cp "$WORK/Dockerfile" "$FLEET/Dockerfile"
	steps image verify
}

a_pushed_image_makes_room()
{
	note "keep_local is off: the image goes, but not from under one that takes its objects"
	cp "$FLEET/out/settings/fleet" "$WORK/settings"
	echo keep_local=0 >>"$FLEET/out/settings/fleet"
	taker=baseline-ffffffffffff
	printf '%s\n' '{"version":2,"fleet":"test","images":[' "{\"target\":\"$taker\",\"parent\":\"$(
		printf '%040d' 0 | tr 0 f)\",\"image\":\"i\",\"verdict\":\"absent\",\"decision\":\"build\",\
\"reason\":\"r\",\"objects\":\"$TARGET\"}" ']}' >"$FLEET/out/plan.json"
	steps push
	has "$LOG" "stays: $taker is to take objects from it"
	[ -n "$(image_ids "$LOCAL")" ] || fail "the image is gone"
	touch "$FLEET/out/stamps/$taker.image"
	steps push
	has "$LOG" "no longer here"
	same "$(image_ids "$LOCAL")" "" "images left"
	rm "$FLEET/out/stamps/$taker.image"
	cp "$WORK/settings" "$FLEET/out/settings/fleet"
	steps image verify push

	note "gen prune says what would go, and then it goes, with the same exception"
	echo "engine=$ENGINE" >>"$FLEET/out/settings/fleet"
	exits 0 "$GEN" -C "$FLEET" prune --dry-run
	has "$WORK/stdout" "out/contexts/$ID"
	lacks "$WORK/stdout" "$LOCAL"
	rm "$FLEET/out/plan.json"
	exits 0 "$GEN" -C "$FLEET" prune --dry-run
	has "$WORK/stdout" "$LOCAL, which is $(stamp push digest) in the registry"
	[ -n "$(image_ids "$LOCAL")" ] || fail "a dry run removed the image"
	exits 0 "$GEN" -C "$FLEET" prune
	same "$(image_ids "$LOCAL")" "" "images left"
	[ ! -e "$FLEET/out/contexts/$ID" ] || fail "the context is still there"
	cp "$WORK/settings" "$FLEET/out/settings/fleet"
	steps source patch image verify
}

only_our_own_tags_are_replaced()
{
	note "a tag that was pushed from here is replaced, one that was not never"
	first=$(stamp push digest)
	steps push
	second=$(stamp push digest)
	[ "$first" != "$second" ] || fail "pushed another image, but the digest is the same"

	note "a push that was killed before it could say so is known again, by the image's id"
	rm "$FLEET/out/pushed/$TARGET"
	steps push
	has "$LOG" "is from here"
	same "$(stamp push digest)" "$second" "digest"
	rm "$FLEET/out/pushed/$TARGET"
	stamp image image_id >"$FLEET/out/pushed/$TARGET.begun"
	change_recipe label.test.word other
	change_recipe input sha256:3
	change_recipe label.stampmill.input sha256:3
	steps image verify push
	has "$LOG" "is replaced"
	[ "$(stamp push digest)" != "$second" ] || fail "pushed another image, but the digest is the same"
	skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false \
		"docker://$REGISTRY/test/human:$HUMAN" "docker://$IMAGE"
	stamp image image_id >"$FLEET/out/pushed/$TARGET.begun"
	step_exits 1 push
	has "$LOG" "not overwritten"
	[ ! -e "$FLEET/out/pushed/$TARGET.begun" ] || fail "gen would have it pushed again and again"
	has "$LOG" "$(cat "$WORK/base")"
	same "$(skopeo_inspect --format '{{.Digest}}' "docker://$IMAGE")" "$(cat "$WORK/base")" \
		"digest of a tag that is somebody else's"
}

a_registry_that_is_gone_is_worth_another_try()
{
	note "the registry stops"
	stop "$REGISTRY_PID"
	step_exits 75 push
}

failures_have_their_status()
{
	note "a smoke test that fails, and one that wants the network"
	cp "$FLEET/out/smoke/fleet" "$WORK/smoke"
	echo 'exit 3' >"$FLEET/out/smoke/fleet"
	step_exits 1 verify
	has "$LOG" "the smoke test failed"
	# No network: no interface but lo.
	# shellcheck disable=SC2016	# for the shell in the image
	echo '[ "$(grep -c : /proc/net/dev)" = 1 ]' >"$FLEET/out/smoke/fleet"
	steps verify
	cp "$WORK/smoke" "$FLEET/out/smoke/fleet"

	note "a label that is not the commit"
	cp "$FLEET/out/recipes/$TARGET" "$WORK/good"
	change_recipe commit 0123456789012345678901234567890123456789
	step_exits 1 verify
	has "$LOG" "org.opencontainers.image.revision"
	cp "$WORK/good" "$FLEET/out/recipes/$TARGET"

	note "the image is gone: it is built again"
	image_remove "$LOCAL"
	step_loses verify image
	step_loses push image

	note "the context is gone"
	rm -rf "$FLEET/out/contexts"
	step_loses image patch
	steps patch image verify

	note "a build that fails"
	image_remove "$LOCAL"
	cp "$FLEET/Dockerfile" "$WORK/Dockerfile"
	echo 'RUN echo "this fails for good" && exit 7' >>"$FLEET/Dockerfile"
	! run_step image 2>/dev/null || fail "a build that fails succeeded"
	has "$LOG" "this fails for good"
	same "$(image_ids "$LOCAL")" "" "image of a build that failed"
	cp "$WORK/Dockerfile" "$FLEET/Dockerfile"
	same "$(containers)" "" "containers left"
}

# jobs_tried FROM: the jobs of the image step's attempts, the journal's line FROM on, and their ends.
jobs_tried()
{
	tail -n "+$1" "$FLEET/out/journal.jsonl" |
		jq -r 'select(.event == "ended" and .step == "image") | "\(.jobs) \(.class)"' | xargs
}

# The image has to be built anew.
no_image()
{
	[ -z "$(image_ids "$LOCAL")" ] || image_remove "$LOCAL"
}

too_little_memory_means_fewer_jobs()
{
	note "a compiler that has too little memory with so many jobs: down the ladder, alone"
	cp "$FLEET/Dockerfile" "$WORK/Dockerfile"
	cp "$FLEET/out/settings/fleet" "$WORK/settings"
	tree=$FLEET/out/contexts/$ID/source
	cp "$tree/hello.c" "$WORK/hello.c"
	printf '%s\n' jobs=8 ladder=8,4,2,1 >>"$FLEET/out/settings/fleet"
	# A table of 600,000 numbers: cc1 wants 140 MB for it, and may have 60, 120 or 240.
	cat >>"$tree/hello.c" <<-'EOF'
	#define A 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	#define B A, A, A, A, A, A, A, A, A, A
	#define C B, B, B, B, B, B, B, B, B, B
	#define D C, C, C, C, C, C, C, C, C, C
	#define E D, D, D, D, D, D, D, D, D, D
	const int table[] = { E, E, E, E, E, E };
	EOF
	# shellcheck disable=SC2016	# for the shell in the build
	sed -i 's|make -C|ulimit -v $((480000 / jobs)); make -C|' "$FLEET/Dockerfile"
	no_image
	from=$(($(wc -l <"$FLEET/out/journal.jsonl") + 1))
	steps image verify
	same "$(jobs_tried $from)" "8 oom 4 oom 2 ok" "attempts"

	note "and the next build of it starts there"
	change_recipe arg.WORD "built again"
	no_image
	from=$(($(wc -l <"$FLEET/out/journal.jsonl") + 1))
	steps image
	same "$(jobs_tried $from)" "2 ok" "attempts"
	has "$LOG" "jobs are 2"
	same "$(image_read /word)" "built again" "the image"

	no_image
	rm -r "$FLEET/out/rungs"
	cp "$WORK/hello.c" "$tree/hello.c"
	cp "$WORK/settings" "$FLEET/out/settings/fleet"
	cp "$WORK/Dockerfile" "$FLEET/Dockerfile"
	steps image verify
}

# Processes that have this line, a pattern, among their arguments or variables.  Its first digit
# goes into brackets, lest grep find itself.
processes_with()
{
	grep -slzx "${1%"$nap"}[${nap%?????}]${nap#?}" /proc/[0-9]*/"$2" | cut -d / -f 3
}

# Of a build that sleeps: its processes, wherever they are, and those that see to it.
sleepers()
{
	processes_with "$nap" cmdline
}

keepers()
{
	processes_with "NAP=$nap" environ
}

some_sleepers()
{
	[ -n "$(sleepers)" ]
}

all_down()
{
	[ -z "$(sleepers)$(keepers)" ]
}

# start_napping COMMAND...: one that builds the image; its build sleeps.  Sets PID, and
# nap_began_s, the seconds that it took to get there.
start_napping()
{
	nap=$((900000 + $$ % 90000))
	cp "$FLEET/Dockerfile" "$WORK/Dockerfile"
	echo "RUN sleep $nap & sleep $nap" >>"$FLEET/Dockerfile"
	no_image
	nap_began_s=$(date +%s)
	(cd "$FLEET" && exec env NAP=$nap "$@") >"$WORK/napping.log" 2>&1 &
	PID=$!
	wait_for 60 some_sleepers || { cat "$FLEET/out/logs/$TARGET"/image.*.log; fail "the build does not sleep"; }
	nap_began_s=$(($(date +%s) - nap_began_s))
	cp "$WORK/Dockerfile" "$FLEET/Dockerfile"
}

start_napping_step()
{
	start_napping "$STEP" image "$TARGET" -i sha256:1 -- "$SRC/rules/$ENGINE/image.sh"
}

interrupted_ninja_goes_on()
{
	note "^C on ninja in the middle of a build"
	cat >"$FLEET/build.ninja" <<-END
	rule image
	  command = $STEP image $TARGET -i sha256:1 -- $SRC/rules/$ENGINE/image.sh
	build out/stamps/$TARGET.image: image
	END
	rm -f "$FLEET/out/stamps/$TARGET.image"
	start_napping env --default-signal=INT ninja
	since=$(date +%s%3N)
	kill -INT $PID
	wait_for 10 all_down || fail "still there: $(sleepers) $(keepers)"
	echo "all down after $(($(date +%s%3N) - since)) ms"
	wait $PID && fail "ninja succeeded"
	[ ! -e "$FLEET/out/stamps/$TARGET.image" ] || fail "there is a stamp"
	(cd "$FLEET" && ninja)
	steps verify
	same "$(containers)" "" "containers left"
	same "$(ls "$FLEET/out/tmp")" "" "left in out/tmp"
}

nothing_survives()
{
	interrupted_ninja_goes_on

	note "a build whose script and engine client are killed leaves no process"
	start_napping_step
	for child in $(descendants $PID); do
		kill -KILL "$child" 2>/dev/null || :
	done
	wait $PID && fail "step succeeded"
	wait_for 30 all_down || fail "still there: $(sleepers) $(keepers)"

	note "what a killed build left is gone when the next one is done"
	steps image verify
	same "$(containers)" "" "containers left"
	same "$(ls "$FLEET/out/tmp")" "" "left in out/tmp"
}

# Processes that stem from one, it last: its keeper first would let the rest be seen to.
descendants()
{
	for folder in /proc/[0-9]*; do
		set -- "$1" "$(sed -n 's/^PPid:\t//p' "$folder/status" 2>/dev/null)" "${folder#/proc/}"
		[ "$2" != "$1" ] || { descendants "$3"; echo "$3"; }
	done
}
