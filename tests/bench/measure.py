"""Measure commands beside each other, and write down what they took."""
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass


@dataclass
class Spent:
    """What a command took: medians of several runs."""
    seconds: float
    kib: float


@dataclass
class Command:
    """Something to measure.  before() is called ahead of each run, and is not measured."""
    name: str
    argv: list
    cwd: str = "."
    before: object = None


def spend(command, tools):
    """Run a command once; tools is the folder that has spend."""
    if command.before:
        command.before()
    ran = subprocess.run([os.path.join(tools, "spend"), *command.argv], cwd=command.cwd,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"{command.name}: {' '.join(command.argv)}: exit {ran.returncode}\n{ran.stderr}")
    seconds, kib = ran.stdout.split()
    return Spent(float(seconds), float(kib))


def compare(commands, tools, runs=5):
    """Measure commands in turns, so that whatever else the machine does meets all of them.

    Returns what each took, by its name.  The first turn only warms the caches."""
    taken = {command.name: [] for command in commands}
    for turn in range(runs + 1):
        for command in commands:
            spent = spend(command, tools)
            if turn:
                taken[command.name].append(spent)
    return {name: Spent(statistics.median(s.seconds for s in all_spent),
                        statistics.median(s.kib for s in all_spent))
            for name, all_spent in taken.items()}


@dataclass
class Section:
    """A part of the page.  ratios are rows of (what, beside what, how much) for its top."""
    title: str
    ratios: list
    text: str


def table(head, rows):
    """A Markdown table, all columns but the first to the right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def seconds(value):
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s" if value < 100 else f"{value:.0f} s"


def mebibytes(kib):
    return f"{kib / 1024:.1f} MiB" if kib < 102400 else f"{kib / 1024:.0f} MiB"


def times(value):
    return f"{value:.2f}×"


def count(n):
    return f"{n:,}"
