#!/usr/bin/env python3
"""A token server for docker-registry's "token" authentication.

usage: tokenserver.py KEY CERTIFICATE LOG

Prints "PORT n" and serves.  Everybody may pull from public/..., user with the password
secret may do all; the refresh token "identity" is that user's.  A line of JSON for each
request goes to LOG.
"""
import base64
import http.server
import json
import subprocess
import sys
import time
import urllib.parse

key, certificate, log_path = sys.argv[1:]
BASIC = "Basic " + base64.b64encode(b"user:secret").decode()
der = "".join(line for line in open(certificate).read().splitlines() if "-----" not in line)
log = open(log_path, "a", buffering=1)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(service, scopes, user):
    access = []
    for scope in scopes:
        kind, name, actions = scope.split(":")
        allowed = {"pull", "push", "delete"} if user else {"pull"} if name.startswith("public/") else set()
        access.append({"type": kind, "name": name,
                       "actions": sorted(allowed & set(actions.split(",")))})
    now = int(time.time())
    head = {"typ": "JWT", "alg": "RS256", "x5c": [der]}
    body = {"iss": "tokenserver", "sub": user, "aud": service, "exp": now + 300, "nbf": now - 10,
            "iat": now, "jti": str(time.monotonic_ns()), "access": access}
    text = b64(json.dumps(head).encode()) + b"." + b64(json.dumps(body).encode())
    sign = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text,
                          stdout=subprocess.PIPE, check=True)
    return (text + b"." + b64(sign.stdout)).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, query, user):
        log.write(json.dumps({"method": self.command, "query": query, "user": user}) + "\n")
        if user is None:
            self.reply(401, {"errors": [{"code": "UNAUTHORIZED", "message": "who are you"}]})
            return
        scopes = [s for value in query.get("scope", []) for s in value.split()]
        self.reply(200, {"token": token(query["service"][0], scopes, user), "expires_in": 300})

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        auth = self.headers.get("Authorization")
        self.answer(query, "" if auth is None else "user" if auth == BASIC else None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = urllib.parse.parse_qs(body)
        self.answer(query, "user" if query.get("refresh_token") == ["identity"] else None)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("PORT", server.server_port, flush=True)
server.serve_forever()
