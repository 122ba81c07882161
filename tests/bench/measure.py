"""Measure commands beside each other, and write down what they took."""
import os
import signal
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


SLOW_S = 20


def spend(command, tools, limit_s=None):
    """Run a command once; tools is the folder that has spend.  None if it took too long."""
    if command.before:
        command.before()
    with subprocess.Popen([os.path.join(tools, "spend"), *command.argv], cwd=command.cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as ran:
        try:
            out, err = ran.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(ran.pid, signal.SIGKILL)
            return None
    if ran.returncode != 0:
        sys.exit(f"{command.name}: {' '.join(command.argv)}: exit {ran.returncode}\n{err}")
    seconds, kib = out.split()
    return Spent(float(seconds), float(kib))


def median(all_spent):
    return Spent(statistics.median(s.seconds for s in all_spent),
                 statistics.median(s.kib for s in all_spent))


def compare(commands, tools, runs=5, limit_s=None):
    """Measure commands in turns, so that whatever else the machine does meets all of them.

    Returns what each took, by its name.  The first turn only warms the caches.  Where there is a
    limit, a command that takes longer is stopped, and None is what it took; and one that takes
    over SLOW_S is not run again."""
    first = {command.name: spend(command, tools, limit_s) for command in commands}
    taken = {name: [] for name in first}
    for _ in range(runs):
        for command in commands:
            was = first[command.name]
            if limit_s is None or (was and was.seconds <= SLOW_S):
                taken[command.name].append(spend(command, tools))
    return {name: median(all_spent) if all_spent else first[name]
            for name, all_spent in taken.items()}


def missing(what, remedy):
    """A line for the page on what is not there, which the terminal hears of, too."""
    print(f"bench: {what} is not there and not measured: {remedy}", file=sys.stderr)
    return f"\n**Not measured: {what}**, which was not there: {remedy}.\n"


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
    return f"{value:.2f}×" if value >= 0.095 else f"{value:.4f}×"


def count(n):
    return f"{n:,}"
