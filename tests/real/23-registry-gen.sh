#!/bin/sh
# gen and gen check against registries: what is unknown builds nothing, what was answered is
# kept and read offline, and a base that moved is seen.
. "${0%/*}/../lib.sh"
begin
need docker-registry python3 ninja jq
real=$SRC/tests/real
unset DOCKER_AUTH_CONFIG XDG_RUNTIME_DIR http_proxy https_proxy HTTPS_PROXY ALL_PROXY || :

fleet=$WORK/fleet
mkdir "$fleet"
cd "$fleet"
. "$SRC/tests/small_fleet.sh"
rm -r out
cp fleet.json fleet.before
gen()
{
	"$GEN" --engine buildah "$@"
}

# stamps FILE...: what changes when a file is written or touched.
stamps()
{
	stat -c '%n %i %y' "$@"
}

note "a registry that misbehaves: exit 1, nothing written, a line a repository"
start badregistry python3 "$real/badregistry.py" "$WORK/requests"
wait_for 30 grep -q TRAP "$WORK/badregistry.log" || fail "no registry"
bad=127.0.0.1:$(sed -n 's/^REGISTRY //p' "$WORK/badregistry.log")
# Only the repository that we push to may be one that is yet to be made.
hint()
{
	grep "baseline: " "$WORK/stderr" | grep -qF 'if the repository is new, set "create": true' || fail "no hint"
	! grep "human: " "$WORK/stderr" | grep -qF 'if the repository is new' || fail "a hint that is none"
}

# scenario|words of the reason|requests for the baselines
while IFS='|' read -r scenario words count; do
	sed "s|small/|$scenario/|" fleet.before >fleet.json
	: >"$WORK/requests"
	for command in generate check; do
		exits 1 gen --registry "$bad" --registry-timeout 200 $command
		for repository in baseline human; do
			grep "^gen: $bad/$scenario/$repository: " "$WORK/stderr" | grep -qF -e "$words" ||
				fail "gen $command says not \"$words\" of $scenario/$repository"
		done
		[ "$scenario" != auth-private ] || hint
		[ ! -e build.ninja ] || fail "build.ninja was written"
	done
	[ ! -e out/registry ] || fail "answers were kept"
	same "$(grep -c "/v2/$scenario/baseline/" "$WORK/requests")" "$count" "requests of both commands"
done <<END
busy-hour|429 Too Many Requests; asks us to wait until|2
auth-private|nobody is logged in: use "docker login $bad"|4
auth-403|403 Forbidden: private or missing|4
body-html-all|type "text/html"|2
go-file|is neither https nor http|2
END

note "a repository that may not be read, and is new"
sed -e "s|small/baseline|auth-private/baseline|" -e 's|"name": "small"|"create": true, &|' fleet.before >fleet.json
exits 0 gen --registry "$bad" check
has "$WORK/stdout" "$bad/auth-private/baseline: 0 present, 3 absent, 0 unknown"
has "$WORK/stdout" "$bad/auth-private/baseline: may be pushed to: no"
has "$WORK/stderr" "auth-private/baseline: 401 Unauthorized with a new token: no right to push"
cp fleet.before fleet.json
rm -rf out
stop "$PID"

note "one that answers"
start_registry registry
push_tags()
{
	python3 "$real/push_tags.py" "http://$REGISTRY" "$@" >"$WORK/pushed"
}
push_tags small/human "$C2" "$C3" "$C5"
push_tags small/baseline "baseline-$(short "$C1")" baseline-029c71de11bc other
exits 0 gen --registry "$REGISTRY" check
has "$WORK/stdout" "present  $REGISTRY/small/baseline:baseline-$(short "$C1")"
has "$WORK/stdout" "absent   $REGISTRY/small/baseline:baseline-$(short "$C4")"
has "$WORK/stdout" "present  $REGISTRY/small/human:$C5@$(jq -r ".tags.\"$C5\".digest" "out/registry/$REGISTRY+small+human.json")"
has "$WORK/stdout" "other    $REGISTRY/small/baseline:baseline-029c71de11bc"
has "$WORK/stdout" "$REGISTRY/small/baseline: 1 present, 2 absent, 0 unknown, 1 in no mapping"
has "$WORK/stdout" "$REGISTRY/small/baseline: may be pushed to: yes"
exits 0 gen --registry "$REGISTRY" --json check
jq -e '.repositories | length == 2 and all(.reason == null)' "$WORK/stdout" >"$WORK/null"
jq -e '.push.may == "yes"' "$WORK/stdout" >"$WORK/null"
exits 0 gen --registry "$REGISTRY" --dry-run --json check
jq -e '.push == null' "$WORK/stdout" >"$WORK/null" || fail "a dry run began an upload"

note "the same answers leave the same files"
exits 0 gen --registry "$REGISTRY"
before=$(stamps out/registry/*.json build.ninja)
asked=$(cat out/registry/asked)
until [ "$(date +%s)" != "$(date -d "$(jq -r '.asked[]' out/registry/asked | head -n 1)" +%s)" ]; do
	sleep 0.1	# the clock has to go on for the next answer to be another's time
done
exits 0 gen --registry "$REGISTRY"
exits 0 gen --registry "$REGISTRY" check
same "$(stamps out/registry/*.json build.ninja)" "$before" "files"
[ "$(cat out/registry/asked)" != "$asked" ] || fail "when it was asked is not kept"
exits 0 ninja -n
before_asked=$(stamps out/registry/asked)
exits 0 gen --registry "$REGISTRY" --dry-run
same "$(stamps out/registry/asked)" "$before_asked" "out/registry/asked, in a dry run"

note "a base that moved changes what stands on it, nothing else, and the plan says so"
# recipe TARGET [PLAN]: what it is made of.
recipe()
{
	jq -c ".images[] | select(.target == \"$1\") | {tree, time, base, patch_digests, args, env, input}" \
		"${2:-out/plan.json}"
}
# input TARGET: its input digest.
input()
{
	recipe "$1" | jq -r .input
}
# made TARGET STEP...: as if they had been at work.
made()
{
	target=$1
	shift
	for step; do
		exits 0 "$BUILD/out/bin/step" "$step" "$target" -i "$(input "$target")" -- true
	done
}
# move_base TAG
move_base()
{
	rm -r "$WORK/registry/docker/registry/v2/repositories/small/human/_manifests/tags/$1"
	PUSH_CONFIG=$WORK/config python3 "$real/push_tags.py" "http://$REGISTRY" small/human "$1" >"$WORK/moved"
}
# planned TARGET FILTER: of the plan that was printed.
planned()
{
	jq -r ".images[] | select(.target == \"$1\") | $2" "$WORK/stdout"
}
printf '{"architecture":"amd64","os":"linux","config":{"Env":["A=b"]},"rootfs":{"type":"layers","diff_ids":[]}}' >"$WORK/config"
moved=baseline-$(short "$C4")
pushed=baseline-$(short "$C2")
made "$moved" image
made "$pushed" image push
cp out/plan.json "$WORK/before"
move_base "$C5"
exits 0 gen --registry "$REGISTRY" --json
same "$(planned "$moved" .base.digest)" "$(cat "$WORK/moved")" "digest of the base"
same "$(planned "$moved" .reason)" \
	"absent from the registry; its inputs have changed since it was built: base image's digest: changed" reason
same "$(planned "$pushed" .reason)" "absent from the registry" "reason of the other"
[ "$(recipe "$moved" "$WORK/before")" != "$(recipe "$moved")" ] || fail "nothing stands on the new base"
has build.ninja "$(input "$moved")"
same "$(recipe "$pushed")" "$(recipe "$pushed" "$WORK/before")" "recipe"
made "$pushed" image push	# the registry had denied it
push_tags small/baseline "$pushed"
exits 0 gen --registry "$REGISTRY" --json
same "$(planned "$pushed" .decision)" skip "decision on what is present"
move_base "$C3"
exits 0 gen --registry "$REGISTRY" check	# ... as gen check finds out alone
for option in --offline ''; do
	exits 0 gen --registry "$REGISTRY" --json $option
	same "$(planned "$pushed" '"\(.decision): \(.reason)"')" "build: present, but its inputs have \
changed since we pushed it: base image's digest: changed" "decision on what was pushed on another base"
done

note "offline, from what was kept, with its age"
stop "$PID"
exits 1 gen --registry "$REGISTRY" --registry-timeout 3
has "$WORK/stderr" "$REGISTRY/small/human: "
has "$WORK/stderr" "Connection refused"
cp build.ninja "$WORK/build.online"
exits 0 gen --registry "$REGISTRY" --offline
cmp build.ninja "$WORK/build.online"
grep -q "^gen: offline: $REGISTRY/small/baseline: last asked [0-9]* s ago (20" "$WORK/stderr" || fail "no age"
exits 0 gen --registry "$REGISTRY" --offline check
has "$WORK/stdout" "$REGISTRY/small/baseline: 2 present, 1 absent, 0 unknown, 1 in no mapping"
grep -q "^gen: offline: $REGISTRY/small/human: last asked " "$WORK/stderr" || fail "no age"
exits 1 gen --registry 127.0.0.1:1 --offline check
has "$WORK/stderr" "127.0.0.1:1/small/human: there is no earlier answer; run gen check without --offline"

note "progress is for terminals only, and for those who wait"
start slowregistry python3 "$real/badregistry.py" "$WORK/requests"
wait_for 30 grep -q TRAP "$WORK/slowregistry.log" || fail "no registry"
slow=127.0.0.1:$(sed -n 's/^REGISTRY //p' "$WORK/slowregistry.log")
on_terminal()
{
	python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@" >"$WORK/terminal" </dev/null || :
}
sed "s|small/|busy-date/|" fleet.before >fleet.json
on_terminal "$GEN" --registry "$slow" check
has "$WORK/terminal" "busy-date/baseline: page 1"
sed "s|small/|well/|" fleet.before >fleet.json
on_terminal "$GEN" --registry "$slow" check
lacks "$WORK/terminal" "page 1"
sed "s|small/|busy-seconds/|" fleet.before >fleet.json
exits 0 gen --registry "$slow" check
same "$(cat "$WORK/stderr")" "" "stderr without a terminal"

note "what a registry says of its limits ends the summary"
sed "s|small/|busy-limits/|" fleet.before >fleet.json
exits 0 gen --registry "$slow"
same "$(tail -n 1 "$WORK/stdout")" "127.0.0.1: 76 of 100 pulls left in 6 h" limits
