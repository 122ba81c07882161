#!/usr/bin/env python3
"""Push a small OCI image under several tags, without an engine.

usage: push_tags.py URL REPOSITORY TAG...        prints the digest
reads: REGISTRY_AUTH (user:password), PUSH_CONFIG (a file: the image's configuration)
"""
import base64
import hashlib
import json
import os
import sys
import urllib.request

url, repository, tags = sys.argv[1], sys.argv[2], sys.argv[3:]
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def send(method, to, data, kind):
    request = urllib.request.Request(to, data=data, method=method, headers={"Content-Type": kind})
    if "REGISTRY_AUTH" in os.environ:
        request.add_header("Authorization", "Basic " + base64.b64encode(
            os.environ["REGISTRY_AUTH"].encode()).decode())
    return urllib.request.urlopen(request)


config = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
if "PUSH_CONFIG" in os.environ:
    with open(os.environ["PUSH_CONFIG"], "rb") as f:
        config = f.read()
digest = "sha256:" + hashlib.sha256(config).hexdigest()
place = send("POST", "%s/v2/%s/blobs/uploads/" % (url, repository), b"", CONFIG).headers["Location"]
send("PUT", place + ("&" if "?" in place else "?") + "digest=" + digest, config, "application/octet-stream")
manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST,
                       "config": {"mediaType": CONFIG, "size": len(config), "digest": digest},
                       "layers": []}).encode()
for tag in tags:
    send("PUT", "%s/v2/%s/manifests/%s" % (url, repository, tag), manifest, MANIFEST)
print("sha256:" + hashlib.sha256(manifest).hexdigest())
