#!/bin/sh
# The real docker-registry: open, with a password, with token authentication, over TLS and
# through a proxy; ten thousand tags.
. "${0%/*}/../lib.sh"
begin
need python3 openssl htpasswd curl skopeo
real=$SRC/tests/real
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY || :
unset DOCKER_AUTH_CONFIG XDG_RUNTIME_DIR SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE || :

probe()
{
	"$BUILD/obj/tools/registry_probe" -t 20 "$@"
}

# requests NAME: how many the registry of that name was asked so far.
requests()
{
	grep -c '" [0-9]* [0-9]* "' "$WORK/$1.log" || :
}

# login REGISTRY USER:PASSWORD, as docker login does it.
login()
{
	mkdir -p "$HOME/.docker"
	printf '{"auths":{"%s":{"auth":"%s"}}}' "$1" "$(printf '%s' "$2" | base64)" >"$HOME/.docker/config.json"
}

logout()
{
	rm -rf "$HOME/.docker"
}

# Of a cancelled upload this registry keeps the state of a hash of nothing, whoever cancels
# it; no data, and nothing that it would count as an upload.
no_upload_left()
{
	left=$(find "$WORK/open" -path '*/_uploads/*' -type f ! -path '*/hashstates/*')
	[ -z "$left" ] || fail "an upload was left: $left"
}

note "open"
start_registry open
digest=$(python3 "$real/push_tags.py" "http://$REGISTRY" team/app one two three)
python3 "$real/push_tags.py" "http://$REGISTRY" public/app one two three >/dev/null
before=$(requests open)
exits 0 probe "$REGISTRY" team/app one two nope nada
same "$(cat "$WORK/stdout")" "one present
two present
nope absent
nada absent"
same "$(($(requests open) - before))" 1 "requests for four tags"
exits 0 probe -d "$REGISTRY" team/app one nope
same "$(cat "$WORK/stdout")" "one present $digest
nope absent"
exits 0 probe "$REGISTRY" no/such a b c d
same "$(cat "$WORK/stdout")" "a absent
b absent
c absent
d absent"
exits 0 probe -p "$REGISTRY" team/app
same "$(cat "$WORK/stdout")" "push yes"
no_upload_left

note "ten thousand tags"
tags=$WORK/open/docker/registry/v2/repositories/team/app/_manifests/tags
python3 - "$tags" <<'END'
import os, shutil, sys
for i in range(10000):
    os.makedirs(os.path.join(sys.argv[1], "t%05d" % i, "current"))
    shutil.copy(os.path.join(sys.argv[1], "one", "current", "link"),
                os.path.join(sys.argv[1], "t%05d" % i, "current", "link"))
END
before=$(requests open)
exits 0 probe -c '' "$REGISTRY" team/app t00000 t09999 nope >"$WORK/out"
same "$(($(requests open) - before))" 1 "requests for all tags"
has "$WORK/stdout" "others 10001 complete"
has "$WORK/stdout" "t09999 present"
has "$WORK/stdout" "nope absent"
skopeo --override-os linux list-tags --tls-verify=false "docker://$REGISTRY/team/app" |
	sed -n 's/^ *"\([a-z0-9]*\)",*$/\1/p' | grep -v '^nope$' | LC_ALL=C sort >"$WORK/skopeo"
{
	sed -n 's/^other //p' "$WORK/stdout"
	echo t00000
	echo t09999
} | LC_ALL=C sort | cmp - "$WORK/skopeo" || fail "skopeo lists other tags"

note "beside others, for 78 tags (seconds; nothing is asserted of these)"
wanted=$(seq -f 't%05.0f' 0 77)
now() { date +%s.%N; }
took() { echo "$1: $(echo "$2 $(now)" | awk '{ printf "%.2f", $2 - $1 }')"; }
began=$(now)
# shellcheck disable=SC2086	# words
probe "$REGISTRY" team/app $wanted >/dev/null
took "registry_probe, 1 list" "$began"
began=$(now)
# shellcheck disable=SC2086	# words
probe -d "$REGISTRY" team/app $wanted >/dev/null
took "registry_probe, 78 HEADs, 4 at once" "$began"
began=$(now)
skopeo list-tags --tls-verify=false "docker://$REGISTRY/team/app" >/dev/null
took "skopeo list-tags" "$began"
began=$(now)
for tag in $wanted; do
	echo "url = http://$REGISTRY/v2/team/app/manifests/$tag"
	echo 'output = /dev/null'
done >"$WORK/urls"
curl --silent --head --parallel --parallel-max 4 --config "$WORK/urls" \
	--header 'Accept: application/vnd.oci.image.manifest.v1+json' >/dev/null
took "curl --parallel, 78 HEADs, 4 at once" "$began"
stop "$PID"

note "with a password"
htpasswd -Bbn user secret >"$WORK/htpasswd"
start_registry closed "$WORK/htpasswd"
REGISTRY_AUTH=user:secret python3 "$real/push_tags.py" "http://$REGISTRY" team/app one >/dev/null
exits 1 probe "$REGISTRY" team/app one nope
has "$WORK/stdout" "one unknown 401 Unauthorized: private or missing, and nobody is logged in: use \"docker login $REGISTRY\""
exits 0 probe -p "$REGISTRY" team/app
has "$WORK/stdout" "push no 401 Unauthorized: no right to push, and nobody is logged in"
login "$REGISTRY" user:secret
before=$(requests closed)
exits 0 probe "$REGISTRY" team/app one a b c nope
has "$WORK/stdout" "one present"
has "$WORK/stdout" "nope absent"
same "$(($(requests closed) - before))" 2 "requests, the first without a password"
exits 0 probe -p "$REGISTRY" team/app
same "$(cat "$WORK/stdout")" "push yes"
login "$REGISTRY" user:wrong
exits 1 probe "$REGISTRY" team/app one
has "$WORK/stdout" "are not enough or out of date"
exits 0 probe -p "$REGISTRY" team/app
has "$WORK/stdout" "push no "
lacks "$WORK/stdout" wrong
login "${REGISTRY%:*}:1" user:secret
exits 1 probe "$REGISTRY" team/app one
has "$WORK/stdout" "nobody is logged in"
logout
stop "$PID"

note "with tokens"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tokens -keyout "$WORK/token.key" \
	-out "$WORK/token.pem" 2>/dev/null
start tokens python3 "$real/tokenserver.py" "$WORK/token.key" "$WORK/token.pem" "$WORK/token.requests"
wait_for 30 grep -q PORT "$WORK/tokens.log" || fail "no token server"
realm=http://127.0.0.1:$(sed -n 's/^PORT //p' "$WORK/tokens.log")/token
cat >"$WORK/token.yml" <<END
version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage: {filesystem: {rootdirectory: '$WORK/open'}, delete: {enabled: true}}
http: {addr: '127.0.0.1:0', secret: test}
auth: {token: {realm: '$realm', service: 'test registry', issuer: tokenserver, rootcertbundle: '$WORK/token.pem'}}
END
start token docker-registry serve "$WORK/token.yml"
wait_for 30 grep -q 'listening on' "$WORK/token.log" || { cat "$WORK/token.log"; fail "no registry"; }
REGISTRY=$(sed -n 's/.*listening on \(127[0-9.]*:[0-9]*\).*/\1/p' "$WORK/token.log")
before=$(requests token)
exits 0 probe "$REGISTRY" public/app one two three four
has "$WORK/stdout" "three present"
has "$WORK/stdout" "four absent"
same "$(($(requests token) - before))" 2 "requests to the registry"
same "$(wc -l <"$WORK/token.requests")" 1 "requests to the token server"
exits 1 probe "$REGISTRY" team/app one two three four
has "$WORK/stdout" "401 Unauthorized with a new token: private or missing, and nobody is logged in"
exits 0 probe -n "$REGISTRY" team/app one two three four
has "$WORK/stdout" "four absent"
exits 0 probe -p "$REGISTRY" public/app
has "$WORK/stdout" "push no "
login "$REGISTRY" user:secret
exits 0 probe "$REGISTRY" team/app one two three four
has "$WORK/stdout" "two present"
exits 0 probe -p "$REGISTRY" team/app
same "$(cat "$WORK/stdout")" "push yes"
no_upload_left
printf '{"auths":{"%s":{"identitytoken":"identity"}}}' "$REGISTRY" >"$HOME/.docker/config.json"
exits 0 probe "$REGISTRY" team/app one four
has "$WORK/stdout" "four absent"
has "$WORK/token.requests" '"method": "POST"'
login "$REGISTRY" user:wrong
exits 1 probe "$REGISTRY" team/app one four
has "$WORK/stdout" "token server 127.0.0.1 says 401 Unauthorized: UNAUTHORIZED: who are you: private or missing, or the credentials"
logout
stop "$PID"

note "over TLS"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=registry.test \
	-addext 'subjectAltName=DNS:registry.test,IP:127.0.0.1' -keyout "$WORK/tls.key" -out "$WORK/tls.pem" 2>/dev/null
cat >"$WORK/tls.yml" <<END
version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage: {filesystem: {rootdirectory: '$WORK/open'}}
http: {addr: '127.0.0.1:0', secret: test, tls: {certificate: '$WORK/tls.pem', key: '$WORK/tls.key'}}
END
start tls docker-registry serve "$WORK/tls.yml"
wait_for 30 grep -q 'listening on' "$WORK/tls.log" || { cat "$WORK/tls.log"; fail "no registry"; }
REGISTRY=$(sed -n 's/.*listening on \(127[0-9.]*:[0-9]*\).*/\1/p' "$WORK/tls.log")
exits 1 probe "$REGISTRY" team/app one four
has "$WORK/stdout" "SSL certificate problem: self-signed certificate; CURL_CA_BUNDLE can name a file with its CA"
for variable in SSL_CERT_FILE CURL_CA_BUNDLE; do
	exits 0 env "$variable=$WORK/tls.pem" "$BUILD/obj/tools/registry_probe" "$REGISTRY" team/app one four
	has "$WORK/stdout" "one present"
done
has "$WORK/tls.log" "HTTP/2.0"

note "through a proxy"
start proxy python3 "$real/proxy.py" "$WORK/proxy.requests"
wait_for 30 grep -q PORT "$WORK/proxy.log" || fail "no proxy"
proxy=http://127.0.0.1:$(sed -n 's/^PORT //p' "$WORK/proxy.log")
port=${REGISTRY#*:}
export SSL_CERT_FILE="$WORK/tls.pem"
exits 0 env HTTPS_PROXY="$proxy" "$BUILD/obj/tools/registry_probe" "registry.test:$port" team/app one four
has "$WORK/stdout" "four absent"
has "$WORK/proxy.requests" "CONNECT registry.test:$port"
: >"$WORK/proxy.requests"
exits 1 env HTTPS_PROXY="$proxy" NO_PROXY=registry.test "$BUILD/obj/tools/registry_probe" -t 2 "registry.test:$port" team/app one
has "$WORK/stdout" "one unknown registry.test:$port: "
start refusing python3 "$real/proxy.py" "$WORK/refusing.requests" 407
wait_for 30 grep -q PORT "$WORK/refusing.log" || fail "no proxy"
exits 1 env HTTPS_PROXY="http://127.0.0.1:$(sed -n 's/^PORT //p' "$WORK/refusing.log")" \
	"$BUILD/obj/tools/registry_probe" -t 90 "registry.test:$port" team/app one
has "$WORK/stdout" "one unknown registry.test:$port: the proxy answers 407 for this host"
same "$(grep -c CONNECT "$WORK/refusing.requests")" 1 "requests to the proxy"
# What is on this machine is not asked of a proxy.
exits 0 env HTTPS_PROXY="$proxy" https_proxy="$proxy" http_proxy="$proxy" ALL_PROXY="$proxy" \
	"$BUILD/obj/tools/registry_probe" "$REGISTRY" team/app one four
[ ! -s "$WORK/proxy.requests" ] || fail "the proxy was asked: $(cat "$WORK/proxy.requests")"
