#!/bin/sh
# Wheels of commits, asked for at a server: there, not there, and no word of it.
. "${0%/*}/../lib.sh"
begin
need docker-registry python3 jq
real=$SRC/tests/real
unset http_proxy https_proxy HTTPS_PROXY ALL_PROXY || :

# A history in which each commit has other native inputs: each parent would be compiled.
new_repo "$WORK/source"
mkdir "$WORK/source/csrc"
for n in 1 2 3 4 5 6 7 8; do
	echo "int n = $n;" >"$WORK/source/csrc/n.c"
	commit_all "$WORK/source" "Count to $n"
	eval "C$n=$COMMIT"
done
start_registry registry
registry=$PID
python3 "$real/push_tags.py" "http://$REGISTRY" w/human "$C2" "$C3" "$C4" "$C5" "$C6" "$C7" "$C8" >"$WORK/null"
python3 "$real/push_tags.py" "http://$REGISTRY" w/baseline other >"$WORK/null"
: >"$WORK/answers"
start wheels python3 "$real/wheelserver.py" "$WORK/answers" "$WORK/requests"
wait_for 30 grep -q WHEELS "$WORK/wheels.log" || fail "no server"
wheels=http://127.0.0.1:$(sed -n 's/^WHEELS //p' "$WORK/wheels.log")

mkdir "$WORK/fleet"
cd "$WORK/fleet"
: >Dockerfile
git -C "$WORK/source" log --format='%H %P' |
	jq -R 'split(" ") | select(.[1] != "") | {human_commit: .[0], parent_commit: .[1]}' | jq -s . >m.json
cat >fleet.json <<END
{ "version": 1, "name": "w", "source": { "path": "$WORK/source" }, "registry": "$REGISTRY",
  "mappings": [ { "name": "v1", "file": "m.json" } ],
  "baseline_repository": "w/baseline", "human_repository": "w/human",
  "build": { "dockerfile": "Dockerfile", "smoke_test": "true" },
  "native": { "inputs": [ "csrc" ], "wheel": "$wheels/{commit}/w-1.0.dev-{commit}.whl" } }
END
plan()
{
	exits 0 "$GEN" --engine buildah --json "$@"
}

# ways: how each is to come about, the oldest first.
ways()
{
	for id in "$C1" "$C2" "$C3" "$C4" "$C5" "$C6" "$C7"; do
		jq -r --arg id "$id" '.images[] | select(.parent == $id).native' "$WORK/stdout"
	done | xargs
}

note "what servers say, all asked at once"
digest=$(printf wheel | sha256sum | cut -c1-64)
base64=$(python3 -c 'import base64, hashlib; print(base64.b64encode(hashlib.sha256(b"wheel").digest()).decode())')
cat >"$WORK/answers" <<END
$C1 200 Repr-Digest: sha-256=:$base64:
$C2 404
$C3 403
$C4 503
elsewhere 200 X-Checksum-Sha256: $digest
$C5 302 Location: /elsewhere.whl
$C6 302 Location: /$C6/again.whl
$C7 0
END
plan --registry-timeout 4
same "$(ways)" "wheel compile compile compile wheel compile compile" "how"
has "$WORK/stderr" "gen: unknown whether 3 wheels are there: they count as missing; one is"
jq -r '.images[] | select(.native == "wheel") | "\(.wheel) \(.wheel_digest)"' "$WORK/stdout" | sort >"$WORK/got"
printf '%s\n' "$wheels/$C1/w-1.0.dev-$C1.whl sha256:$digest" "$wheels/$C5/w-1.0.dev-$C5.whl sha256:$digest" |
	sort | diff - "$WORK/got" || fail "other wheels"
[ "$(sort -rn "$WORK/requests" | head -n 1 | cut -d' ' -f1)" -gt 1 ] || fail "one after the other"
same "$(grep -c "/$C4/" "$WORK/requests")" 3 "tries of what a server failed to say"
same "$(grep -c "/$C6/" "$WORK/requests")" 6 "redirects that were followed"
grep -q "\"wheel\":\"$wheels/$C1/" out/plan.json || fail "the plan does not say the wheel"

note "offline: the last answers"
: >"$WORK/requests"
plan --offline
same "$(ways)" "wheel compile compile compile wheel compile compile" "how"
has "$WORK/stderr" "there is no earlier answer"
same "$(cat "$WORK/requests")" "" "requests"

note "a wheel that is gone is not there any more, and what a build found is not asked again"
sed -i "s/^$C1 200.*/$C1 404/; s/^$C7 0/$C7 200/" "$WORK/answers"
mkdir -p out/native
printf '%s\n' "lost=no object of w/_C is in it" native=wheel "from=$wheels/$C5/w-1.0.dev-$C5.whl" \
	>"out/native/baseline-$(echo "$C5" | cut -c1-12)"
plan
same "$(ways)" "compile compile compile compile compile compile wheel" "how"
! grep -q "/$C5/" "$WORK/requests" || fail "asked for a wheel that is of no use"
jq -e --arg id "$C5" '.images[] | select(.parent == $id).native_reason |
	test("wheel.s objects could not be used: no object of w/_C is in it")' "$WORK/stdout" >"$WORK/null" || fail "reason"
plan --offline
same "$(ways)" "compile compile compile compile compile compile wheel" "how, offline"

note "a patch of the native inputs, and all compiled: no wheel is asked for"
: >"$WORK/requests"
patches=patches/$(echo "$C7" | cut -c1-12)
mkdir -p "$patches"
printf '%s\n' '--- a/csrc/n.c' '+++ b/csrc/n.c' '@@ -1 +1 @@' '-int n = 7;' '+int n = 77;' >"$patches/01-n.patch"
plan
! grep -q "/$C7/" "$WORK/requests" || fail "asked for a wheel of another tree"
: >"$WORK/requests"
plan --native compile
same "$(cat "$WORK/requests")" "" "requests"
stop "$registry"
