# shellcheck shell=sh disable=SC2034
# engines.sh - container engines of a test's own, and one image to build by hand.
# Sourced after tests/lib.sh, when begin has been called.

CACHE=$SRC/examples/demo/out/cache	# of base images: made once for all tests, and the demo
[ -w "$SRC/examples" ] || CACHE=${XDG_CACHE_HOME:-/var/tmp}/stampmill-demo

# Buildah with storage of this test's own.
use_buildah()
{
	need buildah flock unshare
	[ "$(id -u)" = 0 ] || skip "buildah with chroot isolation needs root"
	printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' \
		"$WORK/containers/graph" "$WORK/containers/run" >"$WORK/storage.conf"
	CONTAINERS_STORAGE_CONF=$WORK/storage.conf
	export CONTAINERS_STORAGE_CONF
	finally unmount_all
}

# A docker daemon of this test's own: its network is "none" or "host", it makes no bridge
# and no firewall rule.  Sets DOCKER_HOST, DOCKERD (its process) and docker (a client).
use_docker()
{
	need dockerd flock
	[ "$(id -u)" = 0 ] || skip "dockerd needs root"
	. "$SRC/rules/docker/client.sh"
	docker_find || skip "no docker client that can build with BuildKit"
	DOCKER_HOST=unix://$WORK/docker.sock
	export DOCKER_HOST
	start dockerd dockerd --host "$DOCKER_HOST" --data-root "$WORK/docker" \
		--exec-root "$WORK/docker-run" --pidfile "$WORK/docker.pid" \
		--iptables=false --ip6tables=false --bridge=none
	DOCKERD=$PID
	wait_for 60 "$docker" info || { tail "$WORK/dockerd.log"; fail "dockerd does not answer"; }
	finally unmount_all
}

# Nothing under WORK may stay mounted when it is removed.
unmount_all()
{
	for pid in $started; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	started=
	sed -n "s|^[^ ]* \($WORK/[^ ]*\) .*|\1|p" /proc/mounts | sort -r | xargs -r umount -l
}

# A registry with the images that the demo starts from.  Sets REGISTRY, REGISTRY_PID, HISTORY (bare
# repository), IMAGES (OCI layout), HUMAN (a commit) and BASE (its image, by digest).
use_base()
{
	need mmdebstrap skopeo git
	HISTORY=$WORK/tally.git
	git init --quiet --bare --template= "$HISTORY"
	git -C "$HISTORY" fast-import --quiet --done <"$SRC/examples/demo/history.fast-import"
	IMAGES=$(sh "$SRC/examples/demo/images.sh" "$HISTORY" "$CACHE")
	start_registry registry
	REGISTRY_PID=$PID
	HUMAN=$(git -C "$HISTORY" rev-parse main)
	skopeo copy --quiet --preserve-digests --dest-tls-verify=false --digestfile "$WORK/base" \
		"oci:$IMAGES:$HUMAN" "docker://$REGISTRY/test/human:$HUMAN"
	BASE=$REGISTRY/test/human@$(cat "$WORK/base")
}

# new_fleet ENGINE: a fleet's folder FLEET with one image, as gen would leave it: TARGET,
# ID, IMAGE (its name in the registry), and LOCAL (in the engine).  The test changes
# $FLEET/Dockerfile, $FLEET/out/recipes/$TARGET and the rest as it likes.
new_fleet()
{
	ENGINE=$1
	FLEET=$WORK/fleet
	new_repo "$WORK/source"
	printf 'all:\n\tcc -o hello hello.c\n' >"$WORK/source/Makefile"
	printf 'int main(void) { return 0; }\n' >"$WORK/source/hello.c"
	commit_all "$WORK/source" "Do nothing, well"
	ID=$(echo "$COMMIT" | cut -c1-12)
	TARGET=baseline-$ID
	LOCAL=stampmill-test:$TARGET
	IMAGE=$REGISTRY/test/baseline:$TARGET
	[ "$ENGINE" = docker ] || LOCAL=localhost/$LOCAL
	for folder in recipes settings environment smoke "patches/$ID"; do
		mkdir -p "$FLEET/out/$folder"
	done
	cat >"$FLEET/Dockerfile" <<-'END'
	ARG BASE
	FROM $BASE
	ARG SOURCE_DATE_EPOCH
	ARG WORD=none
	COPY source /src
	RUN --mount=type=bind,source=environment,target=/run/environment \
	    --mount=type=secret,id=settings \
	    . /run/environment; . /run/secrets/settings; \
	    printf '%s\n' "$WORD" >/word; printf '%s\n' "${GREETING-}" >/greeting; \
	    echo "jobs are $jobs"; make -C /src -j "$jobs"
	END
	cat >"$FLEET/out/recipes/$TARGET" <<-END
	target=$TARGET
	id=$ID
	commit=$COMMIT
	tree=$(git -C "$WORK/source" rev-parse "$COMMIT^{tree}")
	time=$(git -C "$WORK/source" log -1 --format=%ct)
	base=$BASE
	local=stampmill-test:$TARGET
	input=sha256:1
	dockerfile=Dockerfile
	label.org.opencontainers.image.revision=$COMMIT
	label.org.opencontainers.image.base.name=registry.example.org/test/human:1
	label.stampmill.input=sha256:1
	END
	cat >"$FLEET/out/settings/fleet" <<-END
	git_objects=$WORK/source/.git/objects
	gen=$GEN
	jobs=2
	nvcc_threads=1
	attempts=1
	deadline_s=3600
	grace_s=5
	network=none
	isolation=chroot
	END
	printf "export GREETING='hello'\n" >"$FLEET/out/environment/$TARGET"
	printf 'set -e\n/src/hello\necho smoke test done\n' >"$FLEET/out/smoke/fleet"
}

# change_recipe KEY VALUE: give a key of the recipe another value, or add it.
change_recipe()
{
	awk -v key="$1" -F= '$1 != key' "$FLEET/out/recipes/$TARGET" >"$WORK/recipe"
	printf '%s=%s\n' "$1" "$2" >>"$WORK/recipe"
	cp "$WORK/recipe" "$FLEET/out/recipes/$TARGET"
}

# The command of a step, as rules/*.ninja have it, in the arguments of COMMAND: with_command
# STEP COMMAND...
with_command()
{
	name=$1
	shift
	case $name in
	source) "$@" "$SRC/rules/source.sh" "$COMMIT" ;;
	patch) "$@" "$SRC/rules/patch.sh" ;;
	push) "$@" "$SRC/rules/$ENGINE/push.sh" "$IMAGE" ;;
	*) "$@" "$SRC/rules/$ENGINE/$name.sh" ;;
	esac
}

# run_step STEP: as ninja would; its last log is LOG.
run_step()
{
	status=0
	(cd "$FLEET" && with_command "$1" "$STEP" "$1" "$TARGET" -i sha256:1 --) || status=$?
	LOG=$(find "$FLEET/out/logs/$TARGET" -name "$1.*.log" | sort -V | tail -n 1)
	return $status
}

# steps STEP...: run them, all must succeed.
steps()
{
	for wanted; do
		run_step "$wanted" || { cat "$LOG"; fail "step $wanted failed"; }
	done
}

# step_exits STATUS STEP: its script, without step, ends so; what it says is in LOG.
step_exits()
{
	LOG=$WORK/script.log
	status=0
	(
		cd "$FLEET"
		while IFS= read -r line; do
			key=$(echo "${line%%=*}" | tr 'a-z.' 'A-Z_')
			export "GEN_$key=${line#*=}"
		done <out/settings/fleet
		export GEN_TARGET="$TARGET" GEN_STEP="$2" GEN_ID="$ID" GEN_RESULT="$WORK/result"
		with_command "$2" env
	) >"$LOG" 2>&1 </dev/null || status=$?
	cat "$LOG"
	same "$status" "$1" "exit status of $2"
}

# step_loses STEP BEFORE: step finds an input lost, and forgets the step that makes it.
step_loses()
{
	step_exits 76 "$1"
	: >>"$FLEET/out/stamps/$TARGET.$2"
	! run_step "$1" 2>"$WORK/stderr" || fail "step $1 succeeded"
	[ ! -e "$FLEET/out/stamps/$TARGET.$2" ] || fail "the stamp of $2 stayed"
}

# stamp STEP KEY: what the stamp says.
stamp()
{
	sed -n "s/^$2=//p" "$FLEET/out/stamps/$TARGET.$1"
}
