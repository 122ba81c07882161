"""gen --offline beside the least that a program can do: ideal.c, in this folder."""
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

from measure import Command, Section, compare, count, mebibytes, seconds, table, times

SIZES = [100, 1000, 10000, 100000, 1000000]
FEW_RUNS = 1000000      # from here on
CHECKED = 10000         # up to here: to compare what a million images come to takes gigabytes

TEXT = """\
`gen --offline` plans fleets of N entries. All images are to be built, and one entry in ten repeats an
earlier pair. The minimal program is `tests/bench/ideal.c`, in C. It reads the mapping with jansson, one
element at a time, drops duplicates and writes the build file. It does not ask git, computes no digest,
checks nothing, and writes no plan. For each image it writes what `gen` writes; the
benchmark checks this up to 10,000 entries.

*First* runs in a folder where `out/` has only the registry's answers: `gen` asks git for each commit, and
writes and syncs its files. The clone's mapped pack counts as memory. *Again* is a run that changes
nothing, and so writes nothing. It still reads and plans everything, and compares its result with the
files.

Without any entries, `gen` takes {empty} to load its libraries. This matters in the rows with few
entries.

{table}
Each entry takes {per_entry} of memory.
"""


def make_fleet(n, work):
    """The folder of a fleet of n entries; made once."""
    folder = os.path.join(work, f"fleet.{n}")
    if not os.path.exists(os.path.join(folder, "done")):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "make_fleet.py"),
                        str(n), folder], check=True)
        with open(os.path.join(folder, "done"), "w", encoding="ascii"):
            pass
    return folder


def forget(folder):
    """All that gen made, but not what the registry said."""
    out = os.path.join(folder, "out")
    for name in os.listdir(out):
        path = os.path.join(out, name)
        if os.path.isfile(path):
            os.remove(path)
        elif name != "registry":
            shutil.rmtree(path)
    if os.path.exists(os.path.join(folder, "build.ninja")):
        os.remove(os.path.join(folder, "build.ninja"))


def lines_of(path):
    """How often each line of the images is there, whatever its digest."""
    with open(path, encoding="ascii") as f:
        images = f.read().split("\n# groups\n")[0]
    return Counter(re.sub("sha256:[0-9a-f]{64}", "sha256:", images).split("\n"))


def check_same(folder, name):
    """What another program writes for images must be what gen writes for them."""
    gen = lines_of(os.path.join(folder, "build.ninja"))
    other = lines_of(os.path.join(folder, name))
    head = sum((gen - other).values())
    if other - gen or head > 30:
        sys.exit(f"{folder}: {name} is not what gen writes: {other - gen or gen - other}")


def commands(folder, where):
    gen = [where.gen, "--offline"]
    ideal = [os.path.join(where.tools, "ideal"), "mapping.json", "ideal.ninja"]
    return [
        Command("minimal", ideal, folder),
        Command("first", gen, folder, before=lambda: forget(folder)),
        Command("again", gen, folder),
    ]


def measure(where):
    """One section; where has gen, tools (a folder), work (a folder) and sizes."""
    sizes = [n for n in SIZES if n <= where.most]
    empty = compare([Command("gen", [where.gen, "--version"])], where.tools)["gen"]
    rows, ratios, last = [], [], None
    for n in sizes:
        folder = make_fleet(n, where.work)
        took = compare(commands(folder, where), where.tools, 3 if n >= FEW_RUNS else where.runs)
        if n <= CHECKED:
            check_same(folder, "ideal.ninja")
        minimal, first, again = took["minimal"], took["first"], took["again"]
        rows.append([count(n),
                     times(again.seconds / minimal.seconds), times(first.seconds / minimal.seconds),
                     times(max(first.kib, again.kib) / minimal.kib),
                     seconds(minimal.seconds), seconds(again.seconds), seconds(first.seconds),
                     mebibytes(minimal.kib), mebibytes(again.kib), mebibytes(first.kib)])
        if n >= 10000:
            ratios.append([f"`gen --offline`, {count(n)} entries", "the minimal C program",
                           f"{times(again.seconds / minimal.seconds)} the time "
                           f"({times(first.seconds / minimal.seconds)} the first time), "
                           f"{times(again.kib / minimal.kib)} the memory"])
        last = (n, again.kib)
    text = TEXT.format(
        empty=f"{seconds(empty.seconds)} and {mebibytes(empty.kib)}",
        per_entry=f"{(last[1] - empty.kib) * 1024 / last[0]:.0f} bytes",
        table=table(["entries", "time, again", "time, first", "memory", "minimal", "again", "first",
                     "minimal", "again", "first"], rows))
    return Section("gen beside a minimal program", ratios, text)
