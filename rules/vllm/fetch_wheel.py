"""Fetch a wheel and unpack its package vllm.

usage: fetch_wheel.py URL DIGEST FOLDER     DIGEST: "sha256:...", or "" if it is not known
exit:  0 FOLDER/vllm is there, and stdout says the wheel's digest; 3 there is no such wheel,
       or it is another one: the last line of stdout says so; else failed, try again
"""
import hashlib
import http.client
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

url, digest, folder = sys.argv[1:]
TRIES = 5


def lost(why):
    print(f"{url}: {why}")
    sys.exit(3)


def fetch(out):
    """The digest of what is there now."""
    out.seek(0)
    out.truncate()
    seen = hashlib.sha256()
    with urllib.request.urlopen(url, timeout=60) as answer:
        while block := answer.read(1 << 20):
            seen.update(block)
            out.write(block)
    return "sha256:" + seen.hexdigest()


with tempfile.TemporaryFile() as wheel:
    for left in reversed(range(TRIES)):
        try:
            got = fetch(wheel)
            break
        except urllib.error.HTTPError as error:
            if error.code in (403, 404, 410):    # S3 says 403 of what is not there
                lost(error)
            if not left:
                sys.exit(f"{url}: {error}")
        except (OSError, http.client.HTTPException) as error:
            if not left:
                sys.exit(f"{url}: {error}")
        time.sleep(2 ** (TRIES - left))
    if digest and got != digest:
        lost(f"is {got}, not {digest}")
    try:
        with zipfile.ZipFile(wheel) as members:
            members.extractall(folder, [m for m in members.namelist() if m.startswith("vllm/")])
    except zipfile.BadZipFile as error:
        lost(error)
print(got)
