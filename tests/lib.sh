# shellcheck shell=sh disable=SC2034
# lib.sh - what the scripts in tests/real and a case's setup.sh share.  Sourced.
#
#	. "${0%/*}/../lib.sh"		in tests/real
#	. "$SRC/tests/lib.sh"		in tests/cases/NAME/setup.sh
#
# Set when it has been read, by tests/run or, when a script is run by hand, here:
#
#	SRC	the source tree		GEN	the program, absolute
#	BUILD	the build folder	STEP	the helper program, absolute
#
# A test in tests/real calls begin first.  It ends by falling off its end (passed), by skip
# or by fail; a command that fails fails the test, for set -e is on.
set -eu
LC_ALL=C
export LC_ALL

: "${SRC=$(cd "${0%/*}/../.." && pwd -P)}"
: "${BUILD=$SRC}"
: "${GEN=$BUILD/gen}"
: "${STEP=$BUILD/out/bin/step}"
export SRC BUILD GEN STEP

# ---- the test itself ---------------------------------------------------------------

# End this test: it cannot run here, and why.  A reason that starts with "optional: " is
# fine in CI too; any other skip counts as a failure there.
skip()
{
	echo "skip: $*"
	exit 77
}

fail()
{
	echo "fail: $*" >&2
	exit 1
}

note()
{
	echo "-- $*"
}

# Skip unless all these programs are there.
need()
{
	for program; do
		command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
	done
}

# A folder of this test's own in WORK, with an empty HOME; both are removed at the end, after
# all that start left running was stopped, last first.
begin()
{
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/stampmill-test.XXXXXX")
	HOME=$WORK/home
	mkdir "$HOME"
	unset DOCKER_CONFIG DOCKER_HOST REGISTRY_AUTH_FILE XDG_CONFIG_HOME || :
	GIT_CONFIG_NOSYSTEM=1
	export WORK HOME GIT_CONFIG_NOSYSTEM
	started=
	at_end=
	trap finish EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# Run a function of the test's at its end too, before servers are stopped.
finally()
{
	at_end="$1 $at_end"
}

finish()
{
	trap '' HUP INT TERM
	set +e
	for end in $at_end; do
		"$end"
	done
	for pid in $started; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	# What a container's root wrote may be read-only.
	[ -n "${KEEP-}" ] || { chmod -R u+rwX "$WORK"; rm -rf "$WORK"; } 2>/dev/null
}

# ---- what is compared --------------------------------------------------------------

# same GOT WANT [WHAT]: two texts are equal.
same()
{
	[ "$1" = "$2" ] || fail "${3:-text}: got \"$1\", want \"$2\""
}

# has FILE TEXT: the file holds the text (no pattern); lacks: it does not.
has()
{
	grep -qF -e "$2" -- "$1" || { cat -- "$1" >&2; fail "$1: \"$2\" is not in it"; }
}

lacks()
{
	! grep -qF -e "$2" -- "$1" || { cat -- "$1" >&2; fail "$1: \"$2\" is in it"; }
}

# exits STATUS COMMAND...: the command ends with just that status; what it says is in
# $WORK/stdout and $WORK/stderr, and shown.
exits()
{
	want_status=$1
	shift
	status=0
	"$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null || status=$?
	cat "$WORK/stdout" "$WORK/stderr"
	same "$status" "$want_status" "exit status of $*"
}

# ---- servers -----------------------------------------------------------------------

# wait_for SECONDS COMMAND...: try it until it succeeds; on a slow machine ten times as long.
wait_for()
{
	tries=$(($1 * 100))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# start NAME COMMAND...: run a server; its output is in $WORK/NAME.log, its process in PID.
# It is stopped at the end of the test.
start()
{
	log=$WORK/$1.log
	shift
	: >"$log"	# here: whoever waits for a word in it may look before the server starts
	"$@" >"$log" 2>&1 </dev/null &
	PID=$!
	started="$PID $started"
}

# stop PID: end one server now.
stop()
{
	kill "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
	started=$(echo " $started " | sed "s/ $1 / /")
}

# A port of 127.0.0.1 that nobody had a moment ago, for servers that cannot choose their own.
free_port()
{
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# start_registry NAME [HTPASSWD]: a registry on a port of its own; without a password unless
# there is a file of them.  Sets REGISTRY (127.0.0.1:port) and PID; its storage is in
# $WORK/NAME and is kept when it is stopped and started again.
start_registry()
{
	need docker-registry
	{
		echo "version: 0.1"
		echo "log: {level: info, accesslog: {disabled: false}}"
		echo "storage: {filesystem: {rootdirectory: '$WORK/$1'}, delete: {enabled: true}}"
		echo "http: {addr: '127.0.0.1:0', secret: test}"
		[ $# -lt 2 ] || echo "auth: {htpasswd: {realm: test, path: '$2'}}"
	} >"$WORK/$1.yml"
	start "$1" docker-registry serve "$WORK/$1.yml"
	wait_for 30 grep -q 'listening on' "$WORK/$1.log" || { cat "$WORK/$1.log"; fail "no registry"; }
	REGISTRY=$(sed -n 's/.*listening on \(127[0-9.]*:[0-9]*\).*/\1/p' "$WORK/$1.log")
}

# ---- git ---------------------------------------------------------------------------

# Commits by the same hands at the same time have the same ids everywhere.
GIT_AUTHOR_NAME=Author GIT_AUTHOR_EMAIL=author@example.org
GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
commit_time=1700000000

# new_repo FOLDER
new_repo()
{
	git init --quiet --initial-branch=main -- "$1"
}

# commit_all FOLDER SUBJECT: commit all that is there, an hour after the commit before.  Sets
# COMMIT to the id.
commit_all()
{
	commit_time=$((commit_time + 3600))
	GIT_AUTHOR_DATE="$commit_time +0000"
	GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
	git -C "$1" add --all
	git -C "$1" commit --quiet --allow-empty -m "$2"
	COMMIT=$(git -C "$1" rev-parse HEAD)
}
