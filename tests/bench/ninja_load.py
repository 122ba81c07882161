"""What ninja makes of the build file: how long it loads it, and how long it plans all of it."""
import os
import re
import shutil
import subprocess

from gen_beside_minimal import make_fleet
from measure import Command, Section, compare, count, mebibytes, seconds, table, times

SIZES = [100, 1000, 10000, 100000, 1000000]
LIMIT_S = 120

TEXT = """\
`ninja -n` reads the build file from `gen`. *One* asks for a single image, so it does little more than
load the file; *all* asks for all images. `gen` puts more than a few hundred images into a tree of groups.
*Flat* is the same file, but with one statement per group that names all its images.

{table}
For each image, ninja takes {per_image} of memory."""


def write_flat(folder):
    """flat.ninja: build.ninja with flat groups.  tree.ninja: as it is, but no file of gen's."""
    shutil.copyfile(os.path.join(folder, "build.ninja"), os.path.join(folder, "tree.ninja"))
    with open(os.path.join(folder, "build.ninja"), encoding="ascii") as f:
        images = f.read().split("\n# groups\n")[0]
    targets = re.findall(r"^build (baseline-[0-9a-f]{12}) ", images, re.MULTILINE)
    with open(os.path.join(folder, "flat.ninja"), "w", encoding="ascii") as f:
        f.write(images + "\n# groups\n")
        f.write("build v1: phony " + " ".join(targets) + "\n")
        f.write("build local: phony " + " ".join("local-" + t for t in targets) + "\n")
        f.write("build all: phony v1\ndefault all\n")
    return targets


def cell(took):
    return f"over {LIMIT_S} s" if took is None else seconds(took.seconds)


def measure(where):
    """One section; where has gen, tools (a folder), work (a folder) and the largest size."""
    rows, ratios, memory = [], [], 0
    tried = ["one", "all", "all, flat"]
    for n in [n for n in SIZES if n <= where.most]:
        folder = make_fleet(n, where.work)
        subprocess.run([where.gen, "--offline"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        targets = write_flat(folder)
        commands = {
            "one": ["ninja", "-f", "tree.ninja", "-n", targets[-1]],
            "all": ["ninja", "-f", "tree.ninja", "-n"],
            "all, flat": ["ninja", "-f", "flat.ninja", "-n"],
        }
        took = compare([Command(name, commands[name], folder) for name in tried], where.tools,
                       where.runs, LIMIT_S)
        rows.append([count(n)] + [cell(took[name]) if name in took else "-" for name in commands] +
                    [mebibytes(took["one"].kib), mebibytes(took["all"].kib) if took.get("all") else ""])
        tried = [name for name in tried if took[name]]
        if took.get("all") and took.get("all, flat"):
            ratios = [[f"ninja, to plan {count(n)} entries in a tree of groups", "flat groups",
                       f"{times(took['all'].seconds / took['all, flat'].seconds)} the time"]]
            memory = (took["all"].kib * 1024) / len(targets)
    text = TEXT.format(table=table(
        ["entries", "one", "all", "all, flat", "memory, one", "memory, all"], rows),
        per_image=f"{memory / 1024:.1f} KiB")
    return Section("ninja with the result", ratios, text + "\n")
