"""The demo fleet, built for real: in parallel and one after the other, and what is not compiled."""
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys

from measure import Section, missing, seconds, table, times

NEEDS = ["ninja", "git", "skopeo", "docker-registry", "mmdebstrap", "flock", "buildah"]
RUNS = 3

# The demo calls ninja: this notes when, and adds what is to be added.
NINJA = """\
#!/bin/sh
began=$(date +%s.%N)
"{ninja}" {options} "$@"
status=$?
echo "$began $(date +%s.%N)" >>"{times}"
exit $status
"""

WAYS = [    # name, options of ninja, how native code may come about
    ("`ninja`", "", "auto"),
    ("`ninja -j1`", "-j1", "auto"),
    ("`ninja`, `--native=compile`", "", "compile"),
]

TEXT = """\
buildah builds the seven images of `examples/demo`, from nothing to pushed: sources, patches, builds,
smoke tests, pushes. The time is that of `ninja`, the median of {runs} runs; the base images exist before.
Two builds run at a time, on {cores} cores. The program is small and compiles in a moment, so taking its
objects from elsewhere saves no time here, as it does with an hour of CUDA.

{table}
`gen` plans one image with objects from its base and one with objects from another image. A third claim
turns out to be wrong, and its build compiles. All builds share a compiler cache, which was empty at the
start of each run, so two images that need the same object compile it once. Without reuse and cache, the
compiler would have run {needed} times, once for each object of each image.
"""


def prepare(where):
    """A copy of the demo, which belongs to nobody else."""
    tree = os.path.join(where.work, "demo")
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(os.path.join(tree, "examples"))
    os.symlink(os.path.join(where.source, "rules"), os.path.join(tree, "rules"))
    demo = os.path.join(tree, "examples", "demo")
    shutil.copytree(os.path.join(where.source, "examples", "demo"), demo,
                    ignore=shutil.ignore_patterns("out", "build.ninja", ".ninja_*"))
    return demo


def put_ninja(folder, options):
    """A folder for PATH.  Returns the file with the times."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "ninja")
    noted = os.path.join(folder, "times")
    if os.path.exists(noted):
        os.remove(noted)
    with open(path, "w", encoding="utf-8") as f:
        f.write(NINJA.format(ninja=shutil.which("ninja"), options=options, times=noted))
    os.chmod(path, 0o755)
    return noted


def compiled(demo):
    """(runs of the compiler, objects that the cache had)."""
    counts = {"hits": 0, "misses": 0}
    for path in glob.glob(os.path.join(demo, "out", "native", "*.stats")):
        with open(path, encoding="utf-8") as f:
            for name, value in re.findall(r"^ccache_(hits|misses)=(\d+)$", f.read(), re.MULTILINE):
                counts[name] += int(value)
    return counts["misses"], counts["hits"]


def build(where, demo, options, native):
    """Build the fleet once.  Returns seconds, runs of the compiler, objects from the cache."""
    folder = os.path.join(where.work, "demo-ninja")
    noted = put_ninja(folder, options)
    cache = os.path.join(where.source, "examples", "demo", "out", "cache")
    env = dict(os.environ, GEN=where.gen, DEMO_ENGINE="buildah", DEMO_NATIVE=native,
               DEMO_CACHE=os.environ.get("DEMO_CACHE", cache), PATH=f"{folder}:{os.environ['PATH']}")
    ran = subprocess.run(["sh", os.path.join(demo, "demo.sh")], env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"the demo failed:\n{ran.stdout}")
    with open(noted, encoding="ascii") as f:
        began, ended = map(float, f.readline().split())
    return ended - began, *compiled(demo)


def measure(where):
    """One section; where has gen, source and work (folders)."""
    absent = [program for program in NEEDS if not shutil.which(program)]
    if absent or os.getuid() != 0:
        return Section("The demo fleet", [], missing(
            "the demo fleet", "it needs root" if not absent else "packages " + ", ".join(absent)))
    demo = prepare(where)
    taken = {name: [] for name, _, _ in WAYS}
    for _ in range(RUNS):
        for name, options, native in WAYS:
            taken[name].append(build(where, demo, options, native))
    rows = [[name, seconds(statistics.median(t[0] for t in all_taken)), all_taken[0][1],
             all_taken[0][2]] for name, all_taken in taken.items()]
    for name, all_taken in taken.items():
        if len({t[1] for t in all_taken}) > 1:
            print(f"bench: {name}: the compiler ran {[t[1] for t in all_taken]} times", file=sys.stderr)
    together, alone, anew = (statistics.median(t[0] for t in taken[name]) for name, _, _ in WAYS)
    runs, needed = rows[0][2], rows[2][2] + rows[2][3]
    return Section("The demo fleet", [
        ["the demo fleet, `ninja`", "one after the other, `ninja -j1`",
         f"{times(together / alone)} the time"],
        ["the demo fleet, objects reused and shared", "all compiled, `--native=compile`",
         f"{times(together / anew)} the time"],
        ["the demo fleet, runs of the compiler", "each object of each image compiled",
         f"{runs} instead of {needed}"],
    ], TEXT.format(runs=RUNS, cores=os.cpu_count(), needed=needed, table=table(
        ["how", "time", "compiler runs", "objects the cache had"], rows)))
