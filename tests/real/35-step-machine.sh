#!/bin/sh
# What the machine has: compilers that the kernel really kills, a disk that is really
# full, an engine that comes back.
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/step-fleet.sh"
need jq g++ python3
finally end_marked
finally machine_restore
cgroup=
mounted=

machine_restore()
{
	end_marked
	[ -z "$mounted" ] || { cd /; umount "$mounted"; }
	[ -z "$cgroup" ] || wait_for 30 rmdir "$cgroup"
}

# A control group of ours that may have $1 megabytes.
make_cgroup()
{
	name=stampmill-test-$$
	if mkdir "/sys/fs/cgroup/memory/$name" 2>/dev/null; then
		cgroup=/sys/fs/cgroup/memory/$name
		limit=memory.limit_in_bytes
	elif mkdir "/sys/fs/cgroup/$name" 2>/dev/null; then
		cgroup=/sys/fs/cgroup/$name
		limit=memory.max
	fi
	[ -n "$cgroup" ] && [ -e "$cgroup/$limit" ] && echo "${1}M" >"$cgroup/$limit"
}

test_oom()
{
	step_fleet oom
	setting jobs=8 ladder=8,1
	for i in 1 2 3 4 5 6 7 8; do
		printf '#include <bits/stdc++.h>\nint f%d() { return 0; }\n' $i >$i.cc
	done
	cat >compile.sh <<-'END'
		#!/bin/sh
		ls [1-8].cc | xargs -P "$GEN_JOBS" -I '{}' g++ -c '{}' -o '{}.o' || exit 1
	END
	chmod +x compile.sh
	# shellcheck disable=SC2016	# expanded there
	exits 0 sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
		"$STEP" image $TARGET -i sha256:feed -- ./compile.sh
	same "$(jq -r 'select(.event == "ended") | "\(.jobs) \(.class)"' out/journal.jsonl | tr '\n' ' ')" \
		"8 oom 1 ok "
}

if make_cgroup 250; then
	note "eight compilers at once: some are killed; one at a time: it works"
	test_oom
else
	note "no control group for memory can be made here: left out"
fi

test_disk_full()
{
	step_fleet disk
	rm -rf out
	mkdir out
	mount -t tmpfs -o size=120m stampmill-test "$FLEET/out"
	mounted=$FLEET/out
	mkdir -p out/settings
	printf '%s\n' engine=buildah jobs=8 >out/settings/fleet
	exits 1 "$STEP" image $TARGET -i sha256:feed -- sh -c 'dd if=/dev/zero of=out/filler bs=1M'
	has "$WORK/stderr" "step: image of $TARGET failed: disk-full"
	has "$WORK/stderr" "the next ninja tries again"
	rm out/filler
	exits 0 "$STEP" image $TARGET -i sha256:feed -- true
	jq -e . out/build_progress.json >/dev/null || fail "progress is no JSON"
	has out/stamps/$TARGET.image "input=sha256:feed"
	cd /
	umount "$mounted"
	mounted=
}

if [ "$(id -u)" = 0 ] && mkdir "$WORK/probe" && mount -t tmpfs stampmill-test "$WORK/probe" 2>/dev/null; then
	umount "$WORK/probe"
	note "a full disk"
	test_disk_full
else
	note "no file system can be mounted here: left out"
fi

note "room that is not there is waited for, up to a limit"
step_fleet admission
setting jobs=8 wait_s=1 disk_gb=100000000
exits 1 "$STEP" image $TARGET -i sha256:feed -- touch ran
has "$WORK/stderr" "waiting, at most 1 s: disk: 100000000.0 GB are needed"
has "$WORK/stderr" "not started after 1 s: disk: "
[ ! -e ran ] || fail "it ran without room"
[ ! -e out/failures.jsonl ] || fail "what was not started has not failed"
exits 0 "$STEP" verify $TARGET -- true
setting disk_gb=0

note "memory that the machine does not have: fewer jobs, at once"
setting gb_per_job=1000000
# shellcheck disable=SC2016	# expanded there
exits 0 "$STEP" image $TARGET -i sha256:feed -- sh -c 'echo jobs=$GEN_JOBS'
has "$WORK/stderr" "tried with 4 jobs"
has out/logs/$TARGET/image.1.log jobs=4
setting gb_per_job=0

note "an engine that does not answer is waited for"
setting engine=docker wait_s=600
DOCKER_HOST=unix://$WORK/docker.sock
export DOCKER_HOST
env "$MARK" "$STEP" image $TARGET -i sha256:feed -- touch ran 2>"$WORK/engine.log" &
WAITING=$!
wait_for 60 grep -q "engine: docker does not answer" "$WORK/engine.log" || fail "it does not wait"
same "$(jq -r '.images[].state' out/build_progress.json)" waiting
start daemon python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(8)
while True:
    c = s.accept()[0]
    c.recv(1000)
    c.sendall(b"HTTP/1.0 200 OK\r\n\r\nOK")
    c.close()' "$WORK/docker.sock"
wait $WAITING || { cat "$WORK/engine.log"; fail "it did not go on"; }
[ -e ran ] || fail "it did not run"

note "an engine that is gone when a step fails is the cause"
setting attempts=1
cat >lose.sh <<END
#!/bin/sh
rm $WORK/docker.sock
echo 'a.c:1:2: error: x'
exit 1
END
chmod +x lose.sh
exits 1 "$STEP" image $TARGET -i sha256:feed -- ./lose.sh
has "$WORK/stderr" "failed: builder-lost"
has "$WORK/stderr" "log says  a.c:1:2: error: x"
has "$WORK/stderr" "the next ninja tries again"
