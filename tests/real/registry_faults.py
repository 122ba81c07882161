#!/usr/bin/env python3
"""Ask a registry that misbehaves, and compare: the verdicts, the words, the exit status, how
many requests it took, time and memory, and who was shown credentials.

usage: registry_faults.py PROBE WORK LOG REGISTRY_PORT TRAP_PORT

PROBE is obj/tools/registry_probe, LOG and the ports are badregistry.py's.
"""
import base64
import concurrent.futures
import json
import os
import subprocess
import sys
import time

probe, work, log, registry_port, trap_port = sys.argv[1:]
registry = "127.0.0.1:" + registry_port

TAGS = ["p0", "p1", "p9", "nope", "nada"]	# the first three are there
WELL = "present present present absent absent"
DARK = " ".join(["unknown"] * 5)
LOGIN = 'nobody is logged in: use "docker login %s"' % registry
PASSWORD = "secret"
BASIC = base64.b64encode(b"user:secret").decode()
LIMIT_S = 400		# with --registry-timeout 200; what hangs takes as long
LIMIT_KB = int(os.environ.get("LIMIT_KB", 64 * 1024))

CONFIGS = {
    "nobody": {},
    "user": {"auths": {registry: {"auth": BASIC}}},
    "wrong": {"auths": {registry: {"auth": base64.b64encode(b"user:wrong").decode()}}},
    "identity": {"auths": {registry: {"identitytoken": "refreshme"}}},
    "other": {"auths": {"127.0.0.1:1": {"auth": BASIC}, "localhost:" + registry_port: {"auth": BASIC}}},
    "helper": {"credHelpers": {registry: "good"}},
    "store": {"credsStore": "good"},
    "none": {"credsStore": "none"},
    "absent": {"credsStore": "absent"},
    "hanging": {"credsStore": "hanging"},
    "babbling": {"credsStore": "babbling"},
    "failing": {"credsStore": "failing"},
}
HELPERS = {
    "good": '[ "$1" = get ] && [ "$(cat)" = %s ] && echo \'{"ServerURL":"x","Username":"user",'
            '"Secret":"secret"}\'' % registry,
    "none": 'echo "credentials not found in native keychain"; exit 1',
    "hanging": "exec sleep 600",
    "babbling": "exec cat /dev/zero",
    "failing": 'echo "secret keychain is locked"; exit 1',
}

# scenario, verdicts, words of the reason ("" for none), requests to the repository,
# then: who asks, options and the tags.  None for requests: not compared.
ROWS = [
    ("well", WELL, "", 1),
    ("well", "present absent", "", 2, "nobody", [], ["p0", "nope"]),
    ("well", WELL, "", 5, "nobody", ["-d"]),
    # pages
    ("pages-path", WELL, "", 5),
    ("pages-query", WELL, "", 5),
    ("pages-relative", WELL, "", 5),
    ("pages-absolute", WELL, "", 5),
    ("pages-prev", WELL, "", 5),
    ("pages-loop", "present unknown unknown unknown unknown", "its pages go in a circle", 2),
    ("pages-circle", WELL, "", 7),
    ("pages-foreign", "present present unknown unknown unknown", "its next page is on another server", 1),
    ("pages-userinfo", "present present unknown unknown unknown", "is not usable", 1),
    ("pages-file", "present present unknown unknown unknown", "is neither https nor http", 1),
    ("pages-garbage", "present present unknown unknown unknown", "cannot be read", 1),
    ("pages-endless", WELL, "", 7),
    ("pages-endless", WELL, "", 55, "nobody", ["-c", "e"]),
    ("pages-endless-no-head", DARK, "500 Internal Server Error, tried 5 times", 10),
    ("pages-unlinked", WELL, "", 4),
    ("pages-ignores-last", WELL, "", 2),
    ("pages-n-refused", WELL, "", 2),
    ("pages-n-too-many", WELL, "", 2),
    # who may ask
    ("auth-none", DARK, LOGIN, 2),
    ("auth-bearer", WELL, "", 2),
    ("auth-bearer", WELL, "", 2, "user"),
    ("auth-bearer", WELL, "", 2, "identity"),
    ("auth-bearer", DARK, "token server 127.0.0.1 says 401 Unauthorized", 1, "wrong"),
    ("auth-expiring", " ".join(["present"] * 8), "", None, "nobody", ["-d"],
     ["p%d" % i for i in range(8)]),
    ("auth-refused", DARK, "401 Unauthorized with a new token", 2),
    ("auth-private", DARK, LOGIN, 2),
    ("auth-private", WELL, "", 2, "user"),
    ("auth-private", "absent absent absent absent absent", "", 2, "nobody", ["-n"]),
    ("auth-hidden", "absent absent absent absent absent", "", 1),
    ("auth-hidden", WELL, "", 2, "user"),
    ("auth-hidden", DARK, "404 Not Found, and credentials could not be looked up: "
     "docker-credential-absent: no such program in PATH", 1, "absent"),
    ("auth-basic", DARK, LOGIN, 1),
    ("auth-basic", WELL, "", 2, "user"),
    ("auth-basic", WELL, "", 2, "helper"),
    ("auth-basic", WELL, "", 2, "store"),
    ("auth-basic", DARK, LOGIN, 1, "other"),
    ("auth-basic", DARK, LOGIN, 1, "none"),
    ("auth-basic", DARK, 'the credentials from "docker login %s" are not enough' % registry, 2, "wrong"),
    ("auth-basic", DARK, "docker-credential-absent: no such program in PATH", 1, "absent"),
    ("auth-basic", DARK, "no answer within 2 s", 1, "hanging", ["-t", "2"]),
    ("auth-basic", DARK, "docker-credential-babbling: prints more than 65536 bytes", 1, "babbling"),
    ("auth-basic", DARK, 'docker-credential-failing: it said "secret keychain is locked"', 1, "failing"),
    ("auth-bearer", WELL, "", 2, "absent"),		# what everybody may read
    ("auth-both", WELL, "", 2),
    ("auth-two-headers", WELL, "", 2),
    ("auth-realm-file", DARK, "is neither https nor http", 1, "user"),
    ("auth-realm-http", DARK, "leads to plain http on another machine", 1, "user"),
    ("auth-realm-relative", WELL, "", 2),
    ("auth-token-html", DARK, "is not a JSON object", 1, "user"),
    ("auth-token-newline", DARK, "with blanks or control characters", 1),
    ("auth-token-huge", DARK, "sends more than 1048576 bytes", 1),
    ("auth-token-empty", DARK, "has no token", 1),
    ("auth-token-403", DARK, "token server 127.0.0.1 says 403 Forbidden", 1),
    ("auth-token-403", "absent absent absent absent absent", "", 1, "nobody", ["-n"]),
    ("auth-token-401", DARK, "token server 127.0.0.1 says 401 Unauthorized", 1),
    ("auth-token-503", DARK, "token server 127.0.0.1 says 503 Service Unavailable, tried 5 times", 1),
    ("auth-token-redirect", WELL, "", 2, "user"),
    ("auth-403", DARK, "403 Forbidden", 2),
    ("auth-403-list", WELL, "", 6),
    ("auth-404-name", "absent absent absent absent absent", "", 1),
    ("auth-404-html", DARK, "404 Not Found, but not from the registry itself", 2),
    ("auth-404-bare", DARK, "404 Not Found, but not from the registry itself", 2),
    ("auth-404-gateway", DARK, "404 Not Found, but not from the registry itself", 2),
    ("auth-403-firewall", DARK, "403 Forbidden: private or missing", 2, "nobody", ["-n"]),
    ("auth-405-list", WELL, "", 6),
    ("auth-405-head", "present absent", "", 3, "nobody", [], ["p0", "nope"]),
    # busy
    ("busy-seconds", WELL, "", 2),
    ("busy-date", WELL, "", 2),
    ("busy-past", WELL, "", 2),
    ("busy-hour", DARK, "429 Too Many Requests; asks us to wait until ", 1),
    ("busy-forever", DARK, "429 Too Many Requests, tried 5 times", 5),
    ("busy-limits", "present", "", 1, "nobody", [], ["p0"]),
    ("sick-once", WELL, "", 2),
    ("sick-503-once", WELL, "", 2),
    ("sick-408", WELL, "", 2),
    ("sick-forever", DARK, "500 Internal Server Error, tried 5 times", 5),
    ("sick-418", DARK, "status 418", 1),
    # connections
    ("line-reset", DARK, "the connection broke, tried 5 times", 5),
    ("line-reset-once", WELL, "", 2),
    ("line-nothing", DARK, "tried 5 times", 5),
    ("line-garbage", DARK, "does not speak HTTP", 5),
    ("line-stall", DARK, "no answer within 3 s", 1, "nobody", ["-t", "3"]),
    ("line-stall-body", DARK, "no answer within 3 s", 1, "nobody", ["-t", "3"]),
    ("line-drip", DARK, "no answer within 3 s", 1, "nobody", ["-t", "3"]),
    ("line-drip-head", DARK, "no answer within 3 s", 1, "nobody", ["-t", "3"]),
    # bodies
    ("body-cut", DARK, "tried 5 times", 5),
    ("body-cut-chunked", DARK, "the answer was cut short, tried 5 times", 5),
    ("body-cut-10", DARK, "is JSON that ends too early", 5),
    ("body-short", DARK, "is JSON that ends too early", 1),
    ("body-10", WELL, "", 1),
    ("body-deep", DARK, "is not JSON", 1),
    ("body-html", DARK, 'is a web page (type "text/html")', 1),
    ("body-html-list", DARK, 'is a web page (type "text/html")', 1),
    ("body-two-lengths", DARK, "sends more or less than its Content-Length says", 1),
    ("body-huge-length", DARK, "sends more or less than its Content-Length says", 1),
    ("body-minus-length", DARK, "does not speak HTTP, tried 5 times", 5),
    ("body-html-all", "unknown", 'type "text/html", which is not a manifest', 1, "nobody", [], ["p0"]),
    ("body-gzip", DARK, "sends compressed text, which gen did not ask for", 1),
    ("body-gzip-small", DARK, "sends compressed text, which gen did not ask for", 1),
    ("body-big", "absent absent absent absent absent", "", 1),
    ("body-endless", WELL, "", 6),
    ("body-endless-error", DARK, "status 418", 1),
    ("body-headers", DARK, "sends more than 262144 bytes of headers", 1),
    ("body-header", DARK, "a header is too long", 1),
    ("body-status", DARK, "status 999", 1),
    ("body-chunks", DARK, "tried 5 times", 5),
    ("body-continue", DARK, "sends more than 262144 bytes of headers", 1),
    ("body-absurd", WELL, "", 1),
    ("body-null", "absent absent absent absent absent", "", 1),
    ("body-no-tags", DARK, 'has no "tags"', 1),
    ("body-string-tags", DARK, 'has "tags" that is not an array', 1),
    ("body-nested-tags", DARK, 'has no "tags"', 1),
    ("body-two-tags", DARK, 'has "tags" twice', 1),
    ("body-junk", DARK, "is not JSON", 1),
    ("body-many", WELL, "", 1),
    ("body-many", WELL, "", 1, "nobody", ["-c", "t"]),
    ("body-no-type", "unknown", 'type "", which is not a manifest', 1, "nobody", [], ["p0"]),
    ("body-no-digest", "present", "", 1, "nobody", ["-d"], ["p0"]),
    ("body-bad-digest", "present", "", 1, "nobody", ["-d"], ["p0"]),
    # sent elsewhere
    ("go-same", WELL, "", 2),
    ("go-away", WELL, "", 2, "user"),
    ("go-away-301", WELL, "", 2, "user"),
    ("go-round", DARK, "redirects: more than 5 times", 6),
    ("go-file", DARK, "is neither https nor http", 1),
    ("go-http", DARK, "leads to plain http on another machine", 1),
    ("go-nowhere", DARK, "redirects: without Location", 1),
    ("go-long", DARK, "is not usable", 1),
]

# scenario, answer, words, requests, who
PUSHES = [
    ("push-well", "yes", "", 2, "nobody"),
    ("push-bearer", "yes", "", 3, "user"),
    ("push-denied", "no", LOGIN, 1, "nobody"),
    ("push-broken", "unknown", "405 Method Not Allowed", 1, "nobody"),
    ("push-foreign", "yes", "", 2, "user"),
    ("push-away", "unknown", "redirects: to 127.0.0.1, which must not get this request", 2, "user"),
    ("auth-basic", "no", LOGIN, 1, "nobody"),
    ("auth-basic", "yes", "", 3, "user"),
    ("auth-none", "no", LOGIN, 2, "nobody"),
    ("line-stall", "unknown", "no answer within 2 s", 1, "nobody"),
]


def prepare():
    for name, config in CONFIGS.items():
        os.makedirs(os.path.join(work, "config", name))
        with open(os.path.join(work, "config", name, "config.json"), "w") as f:
            json.dump(config, f)
    folder = os.path.join(work, "helpers")
    os.makedirs(folder)
    for name, text in HELPERS.items():
        path = os.path.join(folder, "docker-credential-" + name)
        with open(path, "w") as f:
            f.write("#!/bin/sh\n%s\n" % text)
        os.chmod(path, 0o755)


def run(args, who):
    env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    env.update(DOCKER_CONFIG=os.path.join(work, "config", who), HOME=work,
               PATH=os.path.join(work, "helpers") + ":" + env["PATH"])
    for name in ("DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        env.pop(name, None)
    began = time.monotonic()
    p = subprocess.Popen([probe, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
    out = p.stdout.read().decode()
    _, status, usage = os.wait4(p.pid, 0)
    return out, os.waitstatus_to_exitcode(status), time.monotonic() - began, usage.ru_maxrss


def logged():
    """What was asked so far.  Others may still be asking: the last line may be half there."""
    with open(log) as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


def requests(repository):
    return [r for r in logged() if "/v2/%s/" % repository in r["path"]
            and r["server"] == "registry"]


def check(number, scenario, want, words, count, who, args, push):
    repository = "%s/%d" % (scenario, number)
    out, code, seconds, kb = run([*args[0], registry, repository, *args[1]], who)
    lines = out.splitlines()
    if push:
        first = out.split(None, 2)
        got, reason = first[1], first[2].strip() if len(first) > 2 else ""
        want_code = 1 if want == "unknown" else 0
    else:
        got = " ".join(line.split()[1] for line in lines[:len(args[1])])
        reason = "".join(line[7:] for line in lines if line.startswith("reason "))
        want_code = 1 if words else 0
    n = len(requests(repository))
    bad = []
    if got != want:
        bad.append("verdicts: got %s, want %s" % (got, want))
    if words not in reason if words else reason:
        bad.append("reason: got \"%s\", want \"%s\"" % (reason, words))
    if code != want_code:
        bad.append("exit: got %d, want %d" % (code, want_code))
    if count is not None and n != count:
        bad.append("requests: got %d, want %d" % (n, count))
    if seconds > LIMIT_S:
        bad.append("took %.0f s" % seconds)
    if kb > LIMIT_KB:
        bad.append("took %d KB" % kb)
    if any(c < " " and c != "\n" for c in out) or BASIC in out or "token-" in out:
        bad.append("prints what it should not: %r" % out)
    return "%-22s %-8s %5.1f s %6d KB %3d requests%s" % (
        scenario, who, seconds, kb, n, "".join("\n    " + b for b in bad)), bool(bad)


def leaks():
    """Who else was shown anything, and was anything shown that need not be?"""
    found = []
    for r in logged():
        auth, secret = r["headers"].get("authorization", ""), json.dumps(r)
        if r["server"] == "trap" and (auth or BASIC in secret or "token-" in secret
                                      or "refreshme" in secret):
            found.append(r)
        if BASIC in r["path"] or PASSWORD in r["path"] or "refreshme" in r["path"]:
            found.append(r)
        if "cookie" in r["headers"] or "gzip" in r["headers"].get("accept-encoding", ""):
            found.append(r)
    return found


def main():
    prepare()
    jobs = []
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for i, row in enumerate(ROWS):
            scenario, want, words, count, who, options, tags = (
                row + ("nobody", [], TAGS)[len(row) - 4:])
            options = options if "-t" in options else ["-t", "200", *options]
            jobs.append(pool.submit(check, i, scenario, want, words, count, who,
                                    (options, tags), False))
        for i, (scenario, want, words, count, who) in enumerate(PUSHES, len(ROWS)):
            options = ["-p", "-t", "2" if "stall" in scenario else "200"]
            jobs.append(pool.submit(check, i, scenario, want, words, count, who,
                                    (options, []), True))
    failed = 0
    for job in jobs:
        line, bad = job.result()
        print(line)
        failed += bad
    for r in leaks():
        print("leaked:", json.dumps(r))
        failed += 1
    print("%d asked, %d failed" % (len(jobs), failed))
    return failed != 0


sys.exit(main())
