# shellcheck shell=sh disable=SC2034
# step-fleet.sh - a fleet's folder with hand-written edges, for the tests of step.  Sourced.

# step_fleet NAME: a folder FLEET to run step in, and be in.  setting adds lines to its settings.
step_fleet()
{
	FLEET=$WORK/$1
	mkdir -p "$FLEET/out/settings" "$FLEET/out/recipes" "$FLEET/out/stamps"
	printf '%s\n' engine=buildah grace_s=5 retry_wait_s=0.1 >"$FLEET/out/settings/fleet"
	TARGET=baseline-0123456789ab
	printf '%s\n' input=sha256:feed >"$FLEET/out/recipes/$TARGET"
	cd "$FLEET" || exit
}

setting()
{
	printf '%s\n' "$@" >>"$FLEET/out/settings/fleet"
}

# env "$MARK" COMMAND...: run it so that its processes, and all they start, are known by
# their environment; marked_pids prints those that are there.
MARK=STEP_TEST=$WORK

marked_pids()
{
	grep -slzxF "$MARK" /proc/[0-9]*/environ | cut -d / -f 3
}

# The marked processes of this name.
marked_named()
{
	for pid in $(marked_pids); do
		read -r name <"/proc/$pid/comm" && [ "$name" = "$1" ] && echo "$pid"
	done 2>/dev/null || :
}

nobody_left()
{
	[ -z "$(marked_pids)" ]
}

# Of all that was started nothing may be left, whatever the test did.
end_marked()
{
	for pid in $(marked_pids); do
		kill -KILL "$pid" 2>/dev/null || :
	done
}

# A build.ninja: build_start, then for each edge: edge STEP COMMAND.
build_start()
{
	cat >build.ninja <<-END
		rule step
		  command = $STEP \$step \$target -i sha256:feed -- \$work
		  restat = 1
	END
}

edge()
{
	cat >>build.ninja <<-END
		build out/stamps/$TARGET.$1: step
		  step = $1
		  target = $TARGET
		  work = $2
	END
}

# A command whose processes leave by every way there is, and ignore TERM.
cat >"$WORK/stubborn.sh" <<'END'
#!/bin/sh
trap '' TERM INT HUP
setsid sh -c "trap '' TERM INT HUP; sleep 1001 & sleep 1002" &
sh -c "trap '' TERM INT HUP; sleep 1003" &
sh -c "(setsid sleep 1004 &) ; exit 0"
touch started
sleep 1005
sleep 1006
END
chmod +x "$WORK/stubborn.sh"
STUBBORN=$WORK/stubborn.sh
