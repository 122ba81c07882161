#!/usr/bin/env python3
"""Make a build file from a mapping with ninja's own writer, ninja_syntax.

usage: with_ninja_syntax.py FOLDER MAPPING BUILD_FILE        ninja_syntax.py is in FOLDER

As ideal.c does: the pairs that come again are dropped, nothing is asked or checked, the
digests are made up.
"""
import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import ninja_syntax     # noqa: E402

DIGEST = "sha256:" + 4 * "0123456789abcdef"


def write_image(w, parent, human):
    t = "baseline-" + parent[:12]
    stamp = "out/stamps/" + t
    w.newline()
    w.comment(f"{t}: build, parent of {human[:8]}")
    w.build([stamp + ".source"], "source", variables=[("target", t), ("commit", parent)])
    w.build([stamp + ".patch"], "patch", [stamp + ".source"],
            variables=[("target", t), ("digest", DIGEST)])
    w.build([stamp + ".image"], "image", [stamp + ".patch"],
            variables=[("pool", "cuda"), ("target", t), ("input", DIGEST)])
    w.build([stamp + ".verify"], "verify", [stamp + ".image"], variables=[("target", t)])
    w.build(["local-" + t], "phony", [stamp + ".verify"])
    w.build([stamp + ".push"], "push", [stamp + ".verify"],
            variables=[("target", t), ("input", DIGEST)])
    w.build([t, t[:17], "human-" + human[:8]], "phony", [stamp + ".push"])
    return t


def main():
    mapping, build_file = sys.argv[2:]
    with open(mapping, encoding="ascii") as f:
        pairs = dict.fromkeys((e["parent_commit"], e["human_commit"]) for e in json.load(f))
    with open(build_file, "w", encoding="ascii") as out:
        w = ninja_syntax.Writer(out, width=1 << 60)     # to fold lines would take it longer
        targets = [write_image(w, *pair) for pair in pairs]
        w.newline()
        w.comment("groups")
        w.build(["v1"], "phony", targets)
        w.build(["local"], "phony", ["local-" + t for t in targets])
        w.build(["all"], "phony", ["v1"])
        w.default(["all"])


main()
