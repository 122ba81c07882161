"""Say where the installed vLLM is, and of which commit it says that it is.

Prints "folder=PATH", and "commit=HEX PLACE" for each place that names a commit, whole or its
first digits.  vLLM is not imported: it need not work.  No folder: none is installed.
"""
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def version_commits(version):
    """What setuptools-scm puts behind the "+": 0.6.4.dev7+gb2e0ad3b5.d20241114.cu124."""
    return re.findall(r"\+(?:.*\.)?g([0-9a-f]{7,40})\b", version)


def installed_commits():
    try:
        dist = importlib.metadata.distribution("vllm")
    except importlib.metadata.PackageNotFoundError:
        return
    for commit in version_commits(dist.version):
        yield commit, f"version {dist.version}"
    origin = json.loads(dist.read_text("direct_url.json") or "{}")
    commit = origin.get("vcs_info", {}).get("commit_id")
    if commit:
        yield commit, "direct_url.json"


def folder_commits(folder):
    for version in re.findall(r"version = '([^']*)'", read(f"{folder}/_version.py")):
        for commit in version_commits(version):
            yield commit, "vllm/_version.py"
    for commit in re.findall(r'__commit__ = "([0-9a-f]{40})"', read(f"{folder}/commit_id.py")):
        yield commit, "vllm/commit_id.py"
    tree = os.path.dirname(folder)
    if os.path.exists(f"{tree}/.git"):
        head = subprocess.run(["git", "-c", "safe.directory=*", "-C", tree, "rev-parse", "HEAD"],
                              capture_output=True, text=True)
        if head.returncode == 0:
            yield head.stdout.strip(), f"{tree}/.git"


spec = importlib.util.find_spec("vllm")
if spec and spec.origin:
    folder = os.path.realpath(os.path.dirname(spec.origin))
    print(f"folder={folder}")
    for commit, place in dict.fromkeys([*installed_commits(), *folder_commits(folder)]):
        print(f"commit={commit} {place}")
