#!/bin/sh
# What follows from a failure: fewer jobs, a wait, or a stop; and what is remembered.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
need jq g++
step_fleet fleet
setting jobs=56 ladder=56,16,4,1 native_key=k1
OTHER=baseline-000000000001

# A compile that may use a share of the memory only, the smaller the more jobs there are.
cat >big.cc <<'END'
#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <string>
int main() { std::map<std::string, std::regex> m; std::cout << m.size(); }
END
cat >compile.sh <<'END'
#!/bin/sh
echo "jobs=$GEN_JOBS"
ulimit -v $((4000000 / GEN_JOBS))
g++ -c big.cc -o "$GEN_TARGET.o"
echo image_id=sha256:07 >>"$GEN_RESULT"
END
sed -i '2i set -e' compile.sh
chmod +x compile.sh

# The newest log of the target's image step.
last_log()
{
	n=1
	while [ -e "out/logs/$TARGET/image.$((n + 1)).log" ]; do
		n=$((n + 1))
	done
	echo "out/logs/$TARGET/image.$n.log"
}

note "out of memory: down the ladder until it works"
exits 0 "$STEP" image $TARGET -i sha256:feed -- ./compile.sh
has "$WORK/stderr" "attempt 1 with 56 jobs: oom at out/logs/$TARGET/image.1.log:"
has "$WORK/stderr" "again with 16 jobs"
has out/stamps/$TARGET.image image_id=sha256:07
classes=$(jq -r 'select(.event == "ended") | "\(.jobs) \(.class)"' out/journal.jsonl | tr '\n' ' ')
case $classes in
"56 oom "*" ok ") ;;
*) fail "attempts: $classes" ;;
esac
worked=${classes% ok }
worked=${worked##* }
[ ! -e out/failures.jsonl ] || fail "a step that succeeded is in the list of failures"

note "the rung that worked is where the next run starts, and the native neighbour's"
exits 0 "$STEP" image $TARGET -i sha256:feed -- ./compile.sh
same "$(cat "$WORK/stderr")" ""
has "$(last_log)" "jobs=$worked"
exits 0 "$STEP" image $OTHER -i sha256:beef -- ./compile.sh
has out/logs/$OTHER/image.1.log "jobs=$worked"

note "another number in the settings makes that void"
setting jobs=1
exits 0 "$STEP" image $TARGET -i sha256:feed -- ./compile.sh
has "$(last_log)" "jobs=1"
setting jobs=56

fails()
{
	printf '%s\n' '#!/bin/sh' "echo \"\$GEN_JOBS\" >>seen" "cat <<'END'" "$1" END "exit ${2-1}" >fails.sh
	chmod +x fails.sh
	rm -f seen
	status=0
	"$STEP" "${3-image}" $TARGET -i sha256:feed -- ./fails.sh >"$WORK/said" 2>&1 || status=$?
	same $status 1 "exit status"
}

last()
{
	jq -rs "map(select(.target == \"$TARGET\")) | last | $1" out/failures.jsonl
}

note "a failure for good is not tried again, and says what would help"
rm -rf out/rungs
fails 'a.c:1:2: error: no'
same "$(wc -l <seen)" 1 attempts
has "$WORK/said" "step: image of $TARGET failed: compile-error"
has "$WORK/said" "a.c:1:2: error: no"
has "$WORK/said" "gen forget $TARGET"
same "$(last '"\(.class) \(.until) \(.input) \(.jobs) \(.attempts) \(.line_number)"')" \
	"compile-error input sha256:feed 56 1 1"
has out/build_errors/0123456789ab.log 'a.c:1:2: error: no'

note "what nobody knows is tried once with fewer jobs"
fails 'ninja: build stopped: subcommand failed.' 255
same "$(tr '\n' ' ' <seen)" "56 16 "
same "$(last '"\(.class) \(.until)"')" "unknown input"

note "the network is waited for"
fails 'curl: (6) Could not resolve host: example.org'
same "$(wc -l <seen)" 4 attempts
same "$(last '"\(.class) \(.until)"')" "network world"
setting attempts=2
fails 'curl: (6) Could not resolve host: example.org'
same "$(wc -l <seen)" 2 attempts

note "a wait that the server wants is no longer than the limit"
setting wait_s=5
fails 'toomanyrequests: retry-after: 100000'
same "$(wc -l <seen)" 1 attempts

note "75 is another try as it is, whatever the log says"
fails 'a.c:1:2: error: no' 75
same "$(wc -l <seen)" 2 attempts
same "$(last .until)" world

note "76 takes the stamps of the steps before"
for step in source patch image verify; do
	"$STEP" $step $TARGET -i sha256:feed -- true
done
fails 'the context is gone' 76 verify
same "$(wc -l <seen)" 1 attempts
same "$(echo out/stamps/$TARGET.*)" "out/stamps/$TARGET.verify"
has "$WORK/said" "an input was lost"

note "a success clears what was recorded"
exits 0 "$STEP" image $TARGET -i sha256:feed -- true
same "$(last .cleared)" succeeded

jq -e . out/journal.jsonl >"$WORK/null"
jq -e . out/build_progress.json >"$WORK/null"
