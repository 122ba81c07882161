#!/usr/bin/env python3
"""Make a fleet of N entries, all to be built, that `gen --offline` can plan.

usage: make_fleet.py N FOLDER

One entry in ten is a pair that was there before.  The pairs are of a real git repository (by
git fast-import): a chain of commits, each of which changes one file, so that pair i is commit
i + 1 and its parent, commit i.  And what an earlier run would have kept of the registry's
answers: no image is there, every base is.
"""
import json
import os
import subprocess
import sys

REGISTRY = "registry.example"
REPEATED = 10       # every so many entries, one that was there before


def stream(n):
    """What git fast-import reads."""
    for i in range(n + 1):
        message = f"Change number {i} of the file\n"
        body = f"number {i}\n"
        yield (f"commit refs/heads/main\nmark :{i + 1}\n"
               f"committer Bench <bench@example.org> {1700000000 + i} +0000\n"
               f"data {len(message)}\n{message}"
               f"M 100644 inline file\ndata {len(body)}\n{body}\n")


def make_repository(n, folder):
    """Returns the ids of the commits, in order."""
    subprocess.run(["git", "init", "-q", "--bare", folder], check=True)
    marks = os.path.abspath(os.path.join(folder, "marks"))
    with subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet", "--export-marks=" + marks],
                          stdin=subprocess.PIPE) as importer:
        for text in stream(n):
            importer.stdin.write(text.encode())
        importer.stdin.close()
        if importer.wait() != 0:
            sys.exit("make_fleet.py: git fast-import failed")
    ids = [""] * (n + 1)
    with open(marks, encoding="ascii") as f:
        for line in f:
            mark, commit = line.split()
            ids[int(mark[1:]) - 1] = commit
    os.remove(marks)
    return ids


def write_answers(folder, repository, tags):
    name = f"{REGISTRY}+{repository.replace('/', '+')}.json"
    with open(os.path.join(folder, name), "w", encoding="ascii") as f:
        f.write(f'{{ "version": 1, "registry": "{REGISTRY}", "repository": "{repository}",\n'
                f'  "source": "https://{REGISTRY}", "time": "2026-01-02T03:04:05Z",\n  "tags": {{')
        comma = "\n"
        for tag, answer in sorted(tags):
            f.write(f'{comma}    "{tag}": {answer}')
            comma = ",\n"
        f.write('\n  },\n  "others": [] }\n')


def pairs_of(n):
    """Which pair each of n entries is."""
    pairs = []
    fresh = 0
    for i in range(n):
        if i % REPEATED == REPEATED - 1:
            pairs.append(fresh // 2)
        else:
            pairs.append(fresh)
            fresh += 1
    return pairs, fresh


def write_mapping(path, pairs, ids):
    with open(path, "w", encoding="ascii") as f:
        f.write("[")
        comma = "\n"
        for i in pairs:
            f.write(f'{comma}  {{ "human_commit": "{ids[i + 1]}", "parent_commit": "{ids[i]}", '
                    f'"model": "org/model-{i % 7}" }}')
            comma = ",\n"
        f.write("\n]\n")


def main():
    n, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(os.path.join(folder, "out", "registry"))
    pairs, distinct = pairs_of(n)
    ids = make_repository(distinct, os.path.join(folder, "src"))
    write_mapping(os.path.join(folder, "mapping.json"), pairs, ids)
    with open(os.path.join(folder, "Dockerfile"), "w", encoding="ascii") as f:
        f.write("ARG BASE\nFROM $BASE\nCOPY source /app\n")
    with open(os.path.join(folder, "fleet.json"), "w", encoding="ascii") as f:
        json.dump({
            "version": 1,
            "name": "bench",
            "source": {"path": "src"},
            "mappings": [{"name": "v1", "file": "mapping.json"}],
            "registry": REGISTRY,
            "baseline_repository": "bench/baseline",
            "human_repository": "bench/human",
            "build": {"dockerfile": "Dockerfile", "max_jobs": 4, "smoke_test": "true"},
        }, f, indent=2)
    answers = os.path.join(folder, "out", "registry")
    write_answers(answers, "bench/baseline",
                  ((f"baseline-{i[:12]}", '{ "verdict": "absent" }') for i in ids[:-1]))
    write_answers(answers, "bench/human",
                  ((i, f'{{ "verdict": "present", "digest": "sha256:{i}{i[:24]}" }}') for i in ids[1:]))


main()
