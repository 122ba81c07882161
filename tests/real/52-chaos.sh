#!/bin/sh
# The demo while its parts are killed, cut off and starved, under both engines: nothing is lost.
# By hand, for longer: make chaos N=100 [SEED=...] [ENGINES=docker]
. "${0%/*}/../lib.sh"
begin
. "${0%/*}/engines.sh"
. "${0%/*}/demo-runs.sh"
need python3 git
[ "$(id -u)" = 0 ] || skip "engines and mounts need root"
. "$SRC/rules/docker/client.sh"

: "${N=6}" "${SEED=$(date +%s)}" "${ENGINES=buildah docker}"
case $N in
'' | *[!0-9]*) fail "N: \"$N\" is no number" ;;
esac
finally unmount_all

# fleet_on FOLDER: a file system of its own with the demo on it.
fleet_on()
{
	mkdir "$1"
	mount -t tmpfs -o size=3g stampmill-chaos "$1" || skip "no file system can be mounted here"
	new_demo "${1##*/}"
	git init --quiet --bare --template= "$DEMO/out/tally.git"
	git -C "$DEMO/out/tally.git" fast-import --quiet --done <"$DEMO/history.fast-import"
	IMAGES=$(sh "$DEMO/images.sh" "$DEMO/out/tally.git" "$CACHE")
	HUMANS=$(git -C "$DEMO/out/tally.git" rev-list --min-parents=1 main)
	export IMAGES HUMANS
}

note "seed $SEED"
for engine in $ENGINES; do
	fleet_on "$WORK/$engine"
	case $engine in
	buildah)
		need buildah
		printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' \
			"$WORK/buildah/graph" "$WORK/buildah/run" >"$WORK/storage.conf"
		export CONTAINERS_STORAGE_CONF="$WORK/storage.conf" ;;
	docker)
		docker_find || skip "no docker client that can build with BuildKit"
		export DOCKER="$docker" ;;
	esac
	status=0
	python3 "$SRC/tests/real/chaos.py" "$engine" "$WORK/$engine" "$GEN" $((N / $(echo "$ENGINES" | wc -w))) "$SEED" ||
		status=$?
	[ $status = 0 ] || {
		tail -n 60 "$WORK/$engine-ninja.log"
		find "$DEMO/out/logs" -newer "$WORK/$engine-registry.yml" -name '*.log' -mmin -1 \
			-exec tail -n 20 {} +
		fail "lost, under $engine: make chaos SEED=$SEED ENGINES=$engine N=..."
	}
	unmount_all
done
