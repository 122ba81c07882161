#!/usr/bin/env python3
"""A registry that misbehaves on order.

usage: badregistry.py LOG

Listens on two free ports of 127.0.0.1: the registry, and a trap where nobody should come
with credentials.  Prints "REGISTRY PORT", "TRAP PORT", one a line, then serves until it is
killed.  What is asked is appended to LOG, one JSON object a line: server, method, path,
headers, and the body of a POST.

The first word of a repository's name says what goes wrong there, "pages-loop/x".  Unless
that says otherwise, a repository has the tags p0 ... p9, a manifest is an OCI image, and
everybody may read.  Users: "user" with the password "secret".
"""
import base64
import email.utils
import gzip
import hashlib
import json
import re
import socket
import sys
import threading
import time
import zlib

TAGS = ["p%d" % i for i in range(10)]
MANIFEST = b'{"schemaVersion":2}'
DIGEST = "sha256:" + hashlib.sha256(MANIFEST).hexdigest()
OCI = "application/vnd.oci.image.manifest.v1+json"
JSON = "application/json"
API = ("Docker-Distribution-Api-Version", "registry/2.0")
BASIC = "Basic " + base64.b64encode(b"user:secret").decode()

lock = threading.Lock()
counts = {}		# (repository, what): how often
log = open(sys.argv[1], "ab", buffering=0)
ports = {}


def count(*key):
    with lock:
        counts[key] = counts.get(key, 0) + 1
        return counts[key]


class Request:
    def __init__(self, server, conn, method, target, version, headers, body):
        self.server, self.conn = server, conn
        self.method, self.target, self.version = method, target, version
        self.headers, self.body = headers, body
        path, _, query = target.partition("?")
        self.path = path
        self.query = dict(p.partition("=")[::2] for p in query.split("&") if p)
        m = re.match(r"/v2/((?:[^/]+/)*?[^/]+)/(tags/list|manifests/[^/]+|blobs/uploads/.*)$", path)
        self.repo, self.what = m.groups() if m else ("", path)
        self.scenario = self.repo.split("/")[0]

    @property
    def auth(self):
        return self.headers.get("authorization", "")

    def raw(self, data):
        try:
            self.conn.sendall(data)
        except OSError:
            raise Gone

    def reply(self, status, body=b"", headers=(), length=None, version="HTTP/1.1"):
        if isinstance(body, str):
            body = body.encode()
        lines = ["%s %d X" % (version, status)]
        lines += ["%s: %s" % h for h in headers]
        if length is not False:
            lines.append("Content-Length: %d" % (len(body) if length is None else length))
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        self.raw(head + (b"" if self.method == "HEAD" else body))

    def json(self, status, value, headers=()):
        self.reply(status, json.dumps(value), [("Content-Type", JSON), API, *headers])

    def error(self, status, code, headers=()):
        self.json(status, {"errors": [{"code": code, "message": code.lower()}]}, headers)

    def list(self, tags, headers=()):
        self.json(200, {"name": self.repo, "tags": tags}, headers)

    def manifest(self, headers=()):
        self.reply(200, MANIFEST, [("Content-Type", OCI), ("Docker-Content-Digest", DIGEST),
                                   API, *headers])

    def drop(self):
        # Zero linger: the other side sees a reset.
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        raise Gone


class Gone(Exception):
    """The connection is to be closed."""


def well(r, tags=TAGS):
    """A registry as it should be."""
    if r.what == "tags/list":
        r.list(tags)
    elif r.what.startswith("manifests/"):
        if OCI not in r.headers.get("accept", ""):
            r.error(404, "MANIFEST_UNKNOWN")
        elif r.what[10:] in tags:
            r.manifest()
        else:
            r.error(404, "MANIFEST_UNKNOWN")
    elif r.what.startswith("blobs/uploads/") and r.method == "POST":
        r.reply(202, headers=[("Location", "/v2/%s/blobs/uploads/1?state=x" % r.repo), API])
    elif r.what.startswith("blobs/uploads/") and r.method == "DELETE":
        r.reply(204, length=False)
    else:
        r.error(404, "NAME_UNKNOWN")


def page(r, link, size=3):
    """A page of TAGS from ?at=, and a link made of the next place."""
    at = int(r.query.get("at", 0))
    more = at + size < len(TAGS)
    r.list(TAGS[at:at + size], [("Link", link(at + size))] if more else [])


def lists(f):
    """A scenario that is about lists only."""
    return lambda r: f(r) if r.what == "tags/list" else well(r)


def here(r):
    return "http://127.0.0.1:%d" % ports["registry"]


def trap(r):
    return "http://127.0.0.1:%d" % ports["trap"]


def url(r, at):
    return "/v2/%s/tags/list?at=%d" % (r.repo, at)


def forever(r, first, again, most=1 << 40):
    r.raw(first)
    while most > 0:
        r.raw(again)
        most -= len(again)
    raise Gone


def unlinked(r):
    n, last = int(r.query.get("n", 10 ** 9)), r.query.get("last", "")
    r.list([t for t in sorted(TAGS + ["q%05d" % i for i in range(2500)]) if t > last][:n])


def ignores_last(r):
    r.list(["q%05d" % i for i in range(990)] + TAGS)


def endless(r):
    at = int(r.query.get("at", 0))
    r.list(["e%08d" % (at + i) for i in range(3)], [("Link", '<%s>; rel="next"' % url(r, at + 3))])


def circle(r):
    at = int(r.query.get("at", 0))
    r.list([], [("Link", '<%s>; rel="next"' % url(r, (at + 1) % 3))])


def flaky(times, fail, then=well):
    def f(r):
        if count(r.repo, r.what) <= times:
            fail(r)
        else:
            then(r)
    return f


def date(offset):
    return email.utils.formatdate(time.time() + offset, usegmt=True)


def challenge(r, realm=None, extra=""):
    scope = "repository:%s:%s" % (r.repo, {"GET": "pull", "HEAD": "pull", "POST": "pull,push"}
                                  .get(r.method, "delete"))
    realm = realm or here(r) + "/token"
    r.error(401, "UNAUTHORIZED", [("WWW-Authenticate",
                                   'Bearer realm="%s",service="bad, \\"registry\\"",scope="%s"%s'
                                   % (realm, scope, extra))])


def bearer(then=well, realm=None, good=lambda r: True):
    def f(r):
        if r.auth.startswith("Bearer token-") and good(r):
            then(r)
        else:
            challenge(r, realm and realm(r),
                      ',error="insufficient_scope"' if r.auth else "")
    return f


def expiring(r):
    """A token is good for three questions."""
    if r.auth.startswith("Bearer token-") and count("uses", r.auth) <= 3:
        well(r)
    else:
        challenge(r, extra=',error="invalid_token"' if r.auth else "")


def private(r):
    if r.auth.startswith("Bearer token-user-"):
        well(r)
    else:
        challenge(r, extra=',error="insufficient_scope"' if r.auth else "")


def hidden(r):
    """Says 404 to strangers; its challenge is to be had at /v2/ only."""
    if r.auth.startswith("Bearer token-user-"):
        well(r)
    else:
        r.error(404, "NAME_UNKNOWN")


def basic(r):
    if r.auth == BASIC:
        well(r)
    else:
        r.error(401, "UNAUTHORIZED", [("WWW-Authenticate", "basic realm = wherever")])


def redirect(where, status=307):
    return lambda r: r.reply(status, headers=[("Location", where(r))])


def gzip_bomb(r):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = squeeze.compress(b'{"tags":["' + b"a" * 50_000_000)
    body += squeeze.compress(b'"]}') + squeeze.flush()
    r.reply(200, body, [("Content-Type", JSON), ("Content-Encoding", "gzip")])


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


HEAD_CHUNKED = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")


def cut_chunked(r):
    r.raw(HEAD_CHUNKED + chunk(b'{"tags":["p0"'))
    raise Gone


def slow(r, first, piece, pause):
    r.raw(first)
    while True:
        time.sleep(pause)
        r.raw(piece)


def big_list(r):
    """As many bytes as are allowed, each a new empty object: cheap here, dear in a tree."""
    r.reply(200, b'{"tags":[' + b"{}," * 11_000_000 + b"{}]}", [("Content-Type", JSON)])


def many_tags(r):
    r.list(["t%06d" % i for i in range(100_000)] + TAGS)


def etag(r):
    if r.headers.get("if-none-match") == '"one"':
        r.reply(304, headers=[("ETag", '"one"')])
    else:
        r.list(TAGS, [("ETag", '"one"')])


def deep(r):
    r.reply(200, b'{"tags":' + b"[" * 500_000, [("Content-Type", JSON)])


SCENARIOS = {
    "well": well,
    # pages
    "pages-path": lists(lambda r: page(r, lambda at: '<%s>; rel="next"' % url(r, at))),
    "pages-query": lists(lambda r: page(r, lambda at: '<?at=%d>;rel=next' % at)),
    "pages-relative": lists(lambda r: page(r, lambda at: '<../tags/list?at=%d>; rel="next"' % at)),
    "pages-absolute": lists(lambda r: page(r, lambda at: '<%s%s>; rel="next"'
                                           % (here(r), url(r, at)))),
    "pages-prev": lists(lambda r: page(r, lambda at: '<%s>; rel="prev", <%s>; title="a, b;"; '
                                       'REL="first NEXT"' % (url(r, 0), url(r, at)))),
    "pages-loop": lists(lambda r: r.list(TAGS[:1], [("Link", '<%s>; rel="next"' % url(r, 1))])),
    "pages-circle": lists(circle),
    "pages-foreign": lists(lambda r: page(r, lambda at: '<%s%s>; rel="next"' % (trap(r), url(r, at)))),
    "pages-userinfo": lists(lambda r: page(r, lambda at: '<http://127.0.0.1:%d@127.0.0.1:%d%s>; rel="next"'
                                           % (ports["registry"], ports["trap"], url(r, at)))),
    "pages-file": lists(lambda r: page(r, lambda at: '<file:///etc/passwd>; rel="next"')),
    "pages-garbage": lists(lambda r: page(r, lambda at: "next please")),
    "pages-endless": lists(endless),
    "pages-endless-no-head": lambda r: endless(r) if r.what == "tags/list" else r.reply(500),
    "pages-unlinked": lists(unlinked),
    "pages-ignores-last": lists(ignores_last),
    "pages-n-refused": lists(lambda r: r.error(400, "PAGINATION_NUMBER_INVALID") if "n" in r.query
                             else r.list(TAGS)),
    "pages-n-too-many": lists(lambda r: r.error(413, "TOO_MANY_TAGS_REQUESTED") if "n" in r.query
                              else r.list(TAGS)),
    # who may ask
    "auth-none": lambda r: r.error(401, "UNAUTHORIZED"),
    "auth-bearer": bearer(),
    "auth-expiring": expiring,
    "auth-refused": bearer(good=lambda r: False),
    "auth-private": private,
    "auth-hidden": hidden,
    "auth-basic": basic,
    "auth-both": lambda r: well(r) if r.auth.startswith("Bearer token-") else
    r.error(401, "UNAUTHORIZED", [("WWW-Authenticate", 'Basic realm="x", Bearer realm = "%s/token" ,'
                                   'service=plain' % here(r))]),
    "auth-two-headers": lambda r: well(r) if r.auth.startswith("Bearer token-") else
    r.error(401, "UNAUTHORIZED", [("WWW-Authenticate", "Negotiate YWJj="),
                                  ("www-authenticate", 'bEARER REALM="%s/token"' % here(r))]),
    "auth-realm-file": bearer(realm=lambda r: "file:///etc/passwd"),
    "auth-realm-http": bearer(realm=lambda r: "http://registry.example/token"),
    "auth-realm-relative": bearer(realm=lambda r: "/token"),
    "auth-token-html": bearer(realm=lambda r: here(r) + "/token/html"),
    "auth-token-newline": bearer(realm=lambda r: here(r) + "/token/newline"),
    "auth-token-huge": bearer(realm=lambda r: here(r) + "/token/huge"),
    "auth-token-empty": bearer(realm=lambda r: here(r) + "/token/empty"),
    "auth-token-403": bearer(realm=lambda r: here(r) + "/token/403"),
    "auth-token-401": bearer(realm=lambda r: here(r) + "/token/401"),
    "auth-token-503": bearer(realm=lambda r: here(r) + "/token/503"),
    "auth-token-redirect": bearer(realm=lambda r: here(r) + "/token/redirect"),
    "auth-403": lambda r: r.error(403, "DENIED"),
    "auth-403-list": lists(lambda r: r.error(403, "DENIED")),
    "auth-404-name": lambda r: r.error(404, "NAME_UNKNOWN"),
    "auth-404-html": lambda r: r.reply(404, "<html>404 page not found</html>",
                                       [("Content-Type", "text/html")]),
    "auth-404-bare": lambda r: r.reply(404),
    "auth-404-gateway": lambda r: r.reply(404, '{"message":"no route"}', [("Content-Type", JSON)]),
    "auth-403-firewall": lambda r: r.reply(403, "<html>", [("Content-Type", "text/html")]),
    "auth-405-list": lists(lambda r: r.error(405, "UNSUPPORTED")),
    "auth-405-head": lambda r: r.reply(405) if r.method == "HEAD" else well(r),
    # busy
    "busy-seconds": flaky(1, lambda r: r.error(429, "TOOMANYREQUESTS", [("Retry-After", "1")])),
    "busy-date": flaky(1, lambda r: r.error(429, "TOOMANYREQUESTS", [("Retry-After", date(2))])),
    "busy-past": flaky(1, lambda r: r.error(429, "TOOMANYREQUESTS", [("Retry-After", date(-999))])),
    "busy-hour": lambda r: r.error(429, "TOOMANYREQUESTS", [("Retry-After", "3600")]),
    "busy-forever": lambda r: r.raw(b"HTTP/1.1 429 Too Many Requests\nContent-Length: 18\n"
                                    b"Content-Type: text/plain\n\nToo Many Requests\n"),
    "busy-limits": lambda r: r.manifest([("ratelimit-limit", "100;w=21600"),
                                         ("ratelimit-remaining", "76;w=21600")])
    if "manifests" in r.what else well(r),
    "sick-once": flaky(1, lambda r: r.reply(502, "<html>bad gateway</html>")),
    "sick-503-once": flaky(1, lambda r: r.reply(503, headers=[("Retry-After", "1")])),
    "sick-forever": lambda r: r.reply(500, "<html>oops</html>"),
    "sick-408": flaky(1, lambda r: r.reply(408)),
    "sick-418": lambda r: r.reply(418, "I am a teapot \x1b[31m"),
    # connections
    "line-reset": lambda r: (r.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), r.drop()),
    "line-reset-once": flaky(1, lambda r: (r.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
                                           r.drop())),
    "line-nothing": lambda r: r.drop(),
    "line-garbage": lambda r: (r.raw(b"\x15\x03\x01\0\2\2\x16"), r.drop()),
    "line-stall": lambda r: time.sleep(600),
    "line-stall-body": lambda r: (r.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
                                  time.sleep(600)),
    "line-drip": lambda r: slow(r, b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b" ", 0.2),
    "line-drip-head": lambda r: slow(r, b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2),
    # bodies
    "body-cut": lists(lambda r: (r.reply(200, '{"tags":["p0","p1"', [("Content-Type", JSON)],
                                         length=9999), r.drop())),
    "body-cut-chunked": lists(cut_chunked),
    "body-cut-10": lists(lambda r: (r.reply(200, '{"tags":["p0","p1"', [("Content-Type", JSON)],
                                            length=False, version="HTTP/1.0"), close(r))),
    "body-short": lists(lambda r: (r.reply(200, '{"name":"x","tags":["p0","p1"]}',
                                           [("Content-Type", JSON)], length=20), close(r))),
    "body-10": lists(lambda r: (r.reply(200, json.dumps({"tags": TAGS}), [("Content-Type", JSON)],
                                        length=False, version="HTTP/1.0"), close(r))),
    "body-deep": lists(deep),
    "body-html": lists(lambda r: r.reply(200, "<html>log in</html>", [("Content-Type", "text/html")])),
    "body-html-all": lambda r: r.reply(200, "<html>log in</html>", [("Content-Type", "text/html")]),
    "body-gzip": lists(gzip_bomb),
    "body-gzip-small": lists(lambda r: r.reply(200, gzip.compress(json.dumps({"tags": TAGS}).encode()),
                                               [("Content-Type", JSON), ("Content-Encoding", "gzip")])),
    "body-big": lists(big_list),
    "body-endless": lists(lambda r: forever(r, HEAD_CHUNKED + chunk(b'{"tags":["'),
                                            chunk(b"a" * 65536))),
    "body-endless-error": lambda r: forever(
        r, b"HTTP/1.1 418 X\r\nTransfer-Encoding: chunked\r\n\r\n", chunk(b"a" * 65536)),
    "body-headers": lambda r: forever(r, b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 1000 + b"\r\n"),
    "body-header": lambda r: forever(r, b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65536),
    "body-status": lambda r: r.raw(b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n"),
    "body-chunks": lambda r: (r.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                              r.drop()),
    "body-continue": lambda r: forever(r, b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 20),
    "body-absurd": lists(lambda r: r.json(200, {"tags": TAGS + TAGS + [
        None, 7, {}, [[]], "", "-a", ".b", "a" * 129, "\x1b[31mred", "ä", "sha256:" + "0" * 64,
        "a/b", "p0\n"]})),
    "body-null": lists(lambda r: r.json(200, {"name": "x", "tags": None})),
    "body-no-tags": lists(lambda r: r.json(200, {"name": "x"})),
    "body-string-tags": lists(lambda r: r.json(200, {"tags": "p0"})),
    "body-nested-tags": lists(lambda r: r.json(200, {"data": {"tags": TAGS}})),
    "body-two-tags": lists(lambda r: r.reply(200, '{"tags":["p0"],"t\\u0061gs":["p1"]}',
                                             [("Content-Type", JSON)])),
    "body-html-list": lists(lambda r: r.reply(200, json.dumps({"tags": []}), [("Content-Type", "text/html")])),
    "body-two-lengths": lists(lambda r: r.reply(200, '{"tags":[]}', [("Content-Length", 3)])),
    "body-huge-length": lists(lambda r: r.reply(200, '{"tags":[]}', length=10 ** 24) or close(r)),
    "body-minus-length": lists(lambda r: r.reply(200, '{"tags":[]}', length=-1) or close(r)),
    "body-junk": lists(lambda r: r.reply(200, json.dumps({"tags": TAGS}) + "x", [("Content-Type", JSON)])),
    "body-many": lists(many_tags),
    "body-no-type": lambda r: r.reply(200, MANIFEST) if "manifests" in r.what else well(r),
    "body-no-digest": lambda r: r.reply(200, MANIFEST, [("Content-Type", OCI)])
    if "manifests" in r.what else well(r),
    "body-bad-digest": lambda r: r.reply(200, MANIFEST, [
        ("Content-Type", OCI), ("Docker-Content-Digest", "sha256:\x1b[31m")])
    if "manifests" in r.what else well(r),
    "body-etag": lists(etag),
    # sent elsewhere
    "go-same": lists(lambda r: well(r) if "to" in r.query else
                     r.reply(302, headers=[("Location", "?to=1")])),
    "go-away": bearer(then=redirect(lambda r: trap(r) + "/v2/well/x/tags/list")),
    "go-away-301": lambda r: r.reply(301, headers=[("Location", trap(r) + r.target)])
    if r.auth == BASIC else basic(r),
    "go-round": redirect(lambda r: r.target),
    "go-file": redirect(lambda r: "file:///etc/passwd"),
    "go-http": redirect(lambda r: "http://registry.example/"),
    "go-nowhere": lambda r: r.reply(307),
    "go-long": redirect(lambda r: "/" + "a" * 9000),
    # pushing
    "push-well": well,
    "push-bearer": bearer(),
    "push-denied": lambda r: r.error(403, "DENIED"),
    "push-broken": lambda r: r.error(405, "UNSUPPORTED"),
    "push-foreign": bearer(then=lambda r: r.reply(202, headers=[("Location", trap(r) + "/upload")])),
    "push-away": bearer(then=redirect(lambda r: trap(r) + "/upload")),
}


def close(_r):
    raise Gone


def token(r):
    kind = r.path[len("/token"):].strip("/")
    if kind == "html":
        r.reply(200, "<html>", [("Content-Type", "text/html")])
    elif kind == "newline":
        r.json(200, {"token": "token-1\r\nX-Evil: 1"})
    elif kind == "huge":
        forever(r, HEAD_CHUNKED + chunk(b'{"token":"'), chunk(b"a" * 65536))
    elif kind == "empty":
        r.json(200, {"expires_in": 300})
    elif kind in ("401", "403", "503"):
        r.error(int(kind), "DENIED")
    elif kind == "redirect":
        r.reply(307, headers=[("Location", trap(r) + "/token")])
    elif r.auth and r.auth != BASIC:
        r.error(401, "UNAUTHORIZED")
    else:
        who = "user" if r.auth or "refresh_token=refreshme" in r.body else "nobody"
        r.json(200, {"token": "token-%s-%d" % (who, count("token")), "expires_in": 300})


def ping(r):
    challenge(r)


def serve(r):
    if r.server == "trap":
        if r.path.startswith("/token"):
            r.json(200, {"token": "token-trap"})
        else:
            r.list(TAGS + ["only-in-the-trap"])
    elif r.path.startswith("/token"):
        token(r)
    elif r.path == "/v2/":
        ping(r)
    else:
        SCENARIOS.get(r.scenario, lambda r: r.error(404, "NAME_UNKNOWN"))(r)


def read_request(server, conn, stream):
    line = stream.readline(65536).decode("latin-1").split()
    if len(line) != 3:
        raise Gone
    headers = {}
    while True:
        h = stream.readline(65536).decode("latin-1").rstrip("\r\n")
        if not h:
            break
        name, _, value = h.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0))).decode("latin-1")
    return Request(server, conn, *line, headers, body)


def talk(server, conn):
    try:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with conn, conn.makefile("rb") as stream:
            while True:
                r = read_request(server, conn, stream)
                note = json.dumps({"server": server, "method": r.method, "path": r.target,
                                   "headers": r.headers, "body": r.body}) + "\n"
                with lock:
                    log.write(note.encode())
                serve(r)
    except (Gone, OSError):
        pass


def listen(server):
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(64)
    ports[server] = s.getsockname()[1]

    def accept():
        while True:
            conn, _ = s.accept()
            threading.Thread(target=talk, args=(server, conn), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


listen("registry")
listen("trap")
print("REGISTRY", ports["registry"])
print("TRAP", ports["trap"], flush=True)
threading.Event().wait()
