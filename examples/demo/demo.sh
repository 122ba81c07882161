#!/bin/sh
# The demo: build the baseline images of a small C program, for real.
# usage: demo.sh             build all of them, and show the results
#        demo.sh registry    start the registry of the last run again, until ^C
# reads: GEN (the program; default ../../gen), DEMO_ENGINE (docker or buildah; default: one
#        that is there), DEMO_CACHE (default out/cache), DEMO_NATIVE (compile: reuse no objects)
# exit:  0 all went as it should
#
# It makes a git repository, base images with a C compiler and a registry on a free port of
# 127.0.0.1, and runs gen and ninja on the fleet in this folder.  Everything it makes is in
# out/, except for the images that docker holds (stampmill-demo:*).  The base images stay in
# out/cache, so that the next run takes seconds.
set -eu
export LC_ALL=C
umask 022

here=$(cd "${0%/*}" && pwd -P)
cd "$here"
gen=${GEN:-$here/../../gen}
cache=${DEMO_CACHE:-$here/out/cache}
present=cafc25ecbdfba1a5cf0efd4705d4cf826980dd7f	# its baseline image is there already
held=baseline-de14012298a0
began=$(date +%s)
registry_pid=

fail()
{
	echo "demo.sh: $*" >&2
	exit 1
}

title()
{
	printf '\n\033[1m%s\033[0m\n\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi
}

row()
{
	printf '  %-10s %s\n' "$1" "$2"
}

# run COMMAND...: show it as a person would type it at the top, and run it.
run()
{
	title "\$ $(echo "$*" | sed "s|^$gen|./gen|; s|$here|examples/demo|g")"
	"$@"
}

finish()
{
	[ -z "$registry_pid" ] || {
		kill "$registry_pid" 2>/dev/null || :
		wait "$registry_pid" 2>/dev/null || :
	}
}

# Ninja failed.  What a step said above, "run ninja again", needs the registry.
unfinished()
{
	echo "demo.sh: the steps that failed say above what to do; their logs are in $here/out/logs" >&2
	echo "demo.sh: the registry is stopped; to go on, start it again: sh $here/demo.sh registry" >&2
	exit 1
}

# ---- what it needs ------------------------------------------------------------------

check()
{
	[ -x "$gen" ] || fail "$gen is not there: run make first"
	missing=
	for program in git ninja skopeo docker-registry mmdebstrap flock; do
		command -v $program >/dev/null || missing="$missing $program"
	done
	[ -z "$missing" ] || fail "not installed:$missing (./configure --install-deps installs them)"
	[ "$(id -u)" = 0 ] ||
		fail "needs root, to make a base image and to build without a daemon: sudo make demo"
}

. "$here/../../rules/docker/client.sh"

docker_answers()
{
	docker_find && "$docker" version --format '{{.Server.Version}}' >/dev/null 2>&1
}

choose_engine()
{
	engine=${DEMO_ENGINE-}
	case $engine in
	'')
		if docker_answers; then
			engine=docker
		elif command -v buildah >/dev/null; then
			engine=buildah
		else
			fail "neither a docker daemon that answers nor buildah is there"
		fi ;;
	docker)
		docker_answers || fail "the docker daemon does not answer, or no client has BuildKit" ;;
	buildah)
		command -v buildah >/dev/null || fail "buildah is not installed" ;;
	*)
		fail "DEMO_ENGINE: \"$engine\" is neither docker nor buildah" ;;
	esac
}

# ---- what there is to start from ----------------------------------------------------

lock()
{
	exec 9>out/lock
	flock --nonblock 9 || fail "another demo is running in $here, or its registry is"
}

# Delete what the last run made, except for the cache.
start_over()
{
	mkdir -p out
	lock
	find . -maxdepth 1 \( -name build.ninja -o -name '.ninja_*' \) -delete
	find out -mindepth 1 -maxdepth 1 ! -name cache ! -name lock -exec rm -rf {} +
}

make_history()
{
	git init --quiet --bare --template= --initial-branch=main out/tally.git
	git -C out/tally.git fast-import --quiet --done <history.fast-import
	row history "$(git -C out/tally.git rev-list --count main) commits of tally, a program that counts words"
}

make_images()
{
	images=$(sh ./images.sh out/tally.git "$cache" 9>&-) ||
		fail "the base images could not be made"
	row images "$(du -sh "$images" | cut -f1), in ${images#"$here"/}"
}

configure_registry()
{
	cat >out/registry.yml <<-END
	version: 0.1
	log: { level: info, accesslog: { disabled: true } }
	storage: { filesystem: { rootdirectory: $here/out/registry } }
	http: { addr: "127.0.0.1:0", secret: demo }
	END
}

# The port that it finds free at first stays its port.
start_registry()
{
	docker-registry serve out/registry.yml >out/registry.log 2>&1 9>&- &
	registry_pid=$!
	until registry=$(sed -n 's/.*listening on \(127\.[0-9.:]*\).*/\1/p' out/registry.log) && [ "$registry" ]; do
		kill -0 $registry_pid 2>/dev/null || {
			cat out/registry.log >&2
			fail "the registry does not start"
		}
		sleep 0.1
	done
	sed -i "s/127\.0\.0\.1:0/$registry/" out/registry.yml
	row registry "$registry"
}

registry_again()
{
	[ -f out/engine.sh ] || fail "there is no registry yet: run make demo first"
	lock
	title "The registry of the demo, until ^C"
	start_registry
	printf '\nIn another terminal:\n\n  . %s/out/engine.sh\n  ninja -C %s\n' "$here" "$here"
	wait $registry_pid
}

# put COMMIT REPOSITORY:TAG
put()
{
	skopeo copy --quiet --preserve-digests --dest-tls-verify=false \
		"oci:$images:$1" "docker://$registry/$2"
}

fill_registry()
{
	humans=$(git -C out/tally.git rev-list --min-parents=1 main)
	for human in $humans; do
		put "$human" "demo/human:$human"
	done
	put $present "demo/baseline:baseline-$(echo $present | cut -c1-12)"
	row '' "demo/human: the images of $(echo "$humans" | wc -l) human commits"
	row '' "demo/baseline: baseline-$(echo $present | cut -c1-12), built by somebody else"
}

# What every ninja in this folder needs to know of the engine is in out/engine.sh.
prepare_engine()
{
	case $engine in
	docker)
		row engine "docker, $("$docker" version --format '{{.Server.Version}}')"
		echo "export DOCKER='$docker'" >out/engine.sh
		old=$("$docker" images --quiet stampmill-demo | sort -u)
		# shellcheck disable=SC2086	# ids
		[ -z "$old" ] || "$docker" rmi --force $old >/dev/null ;;
	buildah)
		row engine "$(buildah --version | cut -d' ' -f1,3), with storage of its own in out/containers"
		# Without that option, a buildah that is killed leaves its storage mounted, and out/
		# could not be deleted.
		cat >out/storage.conf <<-END
		[storage]
		driver = "overlay"
		graphroot = "$here/out/containers/graph"
		runroot = "$here/out/containers/run"
		[storage.options.overlay]
		skip_mount_home = "true"
		END
		# Buildah keeps the compiler cache, which builds mount, in TMPDIR.
		mkdir -p out/tmp
		echo "export CONTAINERS_STORAGE_CONF='$here/out/storage.conf' TMPDIR='$here/out/tmp'" >out/engine.sh ;;
	esac
	# shellcheck source=/dev/null
	. "$here/out/engine.sh"
}

# ---- the results --------------------------------------------------------------------

show_registry()
{
	title "What $registry has in demo/baseline now"
	for parent in $(git -C out/tally.git rev-list --reverse main~1); do
		target=baseline-$(echo "$parent" | cut -c1-12)
		verdict=$("$gen" -C "$here" digest "$registry/demo/baseline:$target") || :
		case $verdict in
		present*)
			row "$target" "$(echo "$verdict" | cut -f2 | cut -c1-19)...  $(what_it_is "$target")  $(how "$target")" ;;
		*)
			row "$target" "$verdict" ;;
		esac
	done
}

# What the image's own tally said of itself when the smoke test ran it.
what_it_is()
{
	if [ -f "out/logs/$1/verify.1.log" ]; then
		sed -n '/^tally /p' "out/logs/$1/verify.1.log"
	else
		echo "was there before"
	fi
}

# How its objects came about.
how()
{
	sed -n 's/^native=//p' "out/stamps/$1.image" 2>/dev/null || :
}

show_compiles()
{
	sed -n 's/^ccache_/ /p' out/native/*.stats | awk -F = '
		{ n[$1] += $2 }
		END { printf "%d runs; %d times another image had the object\n", n[" misses"], n[" hits"] }' |
		{ read -r line && row compiler "$line"; }
}

trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

case ${1-} in
'') ;;
registry)
	registry_again
	exit ;;
*)
	fail "unknown argument \"$1\" (usage: demo.sh [registry])" ;;
esac

check
choose_engine
title "Baseline images of a small C program, for real"
start_over
make_history
make_images
configure_registry
start_registry
fill_registry
prepare_engine

run "$gen" -C "$here" --registry "$registry" --engine "$engine" --native "${DEMO_NATIVE:-auto}"
run ninja -C "$here" || unfinished
show_registry
show_compiles
run ninja -C "$here" || unfinished

# Asked for by name, a held image says why it is held, and fails.
! run ninja -C "$here" "$held" || fail "$held was built, although it is held"

title "Done in $(($(date +%s) - began)) s.  Logs are in examples/demo/out/logs; the registry is stopped.
To try more, start it again: sh $here/demo.sh registry"
