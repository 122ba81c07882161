"""gen beside what else could write the graph: ninja's own Python writer, CMake, Meson."""
import glob
import importlib.util
import json
import os
import shutil
import sys

from gen_beside_minimal import check_same, forget, make_fleet
from measure import (SLOW_S, Command, Section, compare, count, mebibytes, missing, seconds, table,
                     times)

SIZES = [100, 1000, 10000, 100000, 1000000]
LIMIT_S = 120
CHECKED = 10000         # larger files come from the same lines of code
ELSEWHERE = [           # who brings a copy of ninja_syntax.py along
    "/usr/lib/python3/dist-packages/gyp",
    "/usr/share/nodejs/node-gyp/gyp/pylib/gyp",
    "/usr/lib/node_modules/npm/node_modules/node-gyp/gyp/pylib/gyp",
    "/usr/local/lib/node_modules/npm/node_modules/node-gyp/gyp/pylib/gyp",
]

CMAKE = """\
cmake_minimum_required(VERSION 3.15)
project(bench NONE)
set_property(GLOBAL PROPERTY JOB_POOLS source=2 cuda=1 light=2 push=2)
function(image t commit)
  set(stamp out/stamps/${t})
  add_custom_command(OUTPUT ${stamp}.source VERBATIM JOB_POOL source
    COMMAND step source ${t} -- source.sh ${commit})
  add_custom_command(OUTPUT ${stamp}.patch DEPENDS ${stamp}.source VERBATIM JOB_POOL source
    COMMAND step patch ${t} -- patch.sh ${commit})
  add_custom_command(OUTPUT ${stamp}.image DEPENDS ${stamp}.patch VERBATIM JOB_POOL cuda
    COMMAND step image ${t} -- image.sh)
  add_custom_command(OUTPUT ${stamp}.verify DEPENDS ${stamp}.image VERBATIM JOB_POOL light
    COMMAND step verify ${t} -- verify.sh)
  add_custom_command(OUTPUT ${stamp}.push DEPENDS ${stamp}.verify VERBATIM JOB_POOL push
    COMMAND step push ${t} -- push.sh)
  set_property(GLOBAL APPEND PROPERTY pushed ${CMAKE_BINARY_DIR}/${stamp}.push)
endfunction()
"""

MESON = """\
project('bench')
step = find_program('true')
foreach image : [
%s]
  t = image[0]
  source = custom_target(t + '.source', output: t + '.source',
    command: [step, 'source', t, '--', 'source.sh', image[1]])
  patch = custom_target(t + '.patch', output: t + '.patch', input: source,
    command: [step, 'patch', t, '--', 'patch.sh', image[1]])
  built = custom_target(t + '.image', output: t + '.image', input: patch,
    command: [step, 'image', t, '--', 'image.sh'])
  verify = custom_target(t + '.verify', output: t + '.verify', input: built,
    command: [step, 'verify', t, '--', 'verify.sh'])
  custom_target(t + '.push', output: t + '.push', input: verify, build_by_default: true,
    command: [step, 'push', t, '--', 'push.sh'])
endforeach
"""

TEXT = """\
Each generator writes the same graph of N entries, with five edges per image. `ninja_syntax` is ninja's
own writer. `tests/bench/with_ninja_syntax.py` uses it: this program reads the mapping, drops
duplicates, and writes the same statements as `gen`; the benchmark checks this. CMake uses one
`add_custom_command` per edge, Meson one `custom_target`. Both get a finished list of images without
duplicates, and write no groups and no names for the images: with one target per image, CMake takes ten
times as long. None of the three asks git for a commit, computes a digest or checks anything. All start
in an empty folder; the folder of `gen` has the registry's answers.

The benchmark stops a program after {limit} s, and does not try it with larger sizes (-). It runs a program
that takes longer than {slow} s only once.

{table}
{missing}"""


def writer_folder():
    """Where ninja_syntax.py is; None if nowhere."""
    found = importlib.util.find_spec("ninja_syntax")
    if found and found.origin:
        return os.path.dirname(found.origin)
    for folder in ELSEWHERE:
        if os.path.exists(os.path.join(folder, "ninja_syntax.py")):
            return folder
    copies = glob.glob("/usr/lib/python3/dist-packages/**/ninja_syntax.py", recursive=True)
    return os.path.dirname(copies[0]) if copies else None


def images_of(folder):
    """(target, commit) of each image of a fleet."""
    with open(os.path.join(folder, "mapping.json"), encoding="ascii") as f:
        return list(dict.fromkeys(("baseline-" + e["parent_commit"][:12], e["parent_commit"])
                                  for e in json.load(f)))


def write_cmake(folder, images):
    with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="ascii") as f:
        f.write(CMAKE)
        f.writelines(f"image({t} {commit})\n" for t, commit in images)
        f.write("get_property(all GLOBAL PROPERTY pushed)\n"
                "add_custom_target(images ALL DEPENDS ${all})\n")


def write_meson(folder, images):
    with open(os.path.join(folder, "meson.build"), "w", encoding="ascii") as f:
        f.write(MESON % "".join(f"  ['{t}', '{commit}'],\n" for t, commit in images))


def start_over(folder):
    shutil.rmtree(os.path.join(folder, "build"), ignore_errors=True)


def command_of(tool, where, fleet, n):
    """How a tool is run on a fleet."""
    if tool == "gen":
        return Command(tool, [where.gen, "--offline"], fleet, before=lambda: forget(fleet))
    if tool == "ninja_syntax":
        program = os.path.join(os.path.dirname(__file__), "with_ninja_syntax.py")
        return Command(tool, [sys.executable, program, writer_folder(), "mapping.json",
                              "writer.ninja"], fleet)
    folder = os.path.join(where.work, f"{tool.lower()}.{n}")
    os.makedirs(folder, exist_ok=True)
    if tool == "CMake":
        write_cmake(folder, images_of(fleet))
        argv = ["cmake", "-G", "Ninja", "-S", ".", "-B", "build"]
    else:
        write_meson(folder, images_of(fleet))
        argv = ["meson", "setup", "build"]
    return Command(tool, argv, folder, before=lambda: start_over(folder))


def choose_tools():
    """Which there are, and a line for each that is not."""
    tools, absent = ["gen"], []
    for tool, there, remedy in (
            ("ninja_syntax", writer_folder(), "`pip install ninja-syntax` (node-gyp has it, too)"),
            ("CMake", shutil.which("cmake"), "package `cmake`"),
            ("Meson", shutil.which("meson"), "package `meson`")):
        if there:
            tools.append(tool)
        else:
            absent.append(missing(tool, remedy))
    return tools, absent


def cells(took):
    return [f"over {LIMIT_S} s", ""] if took is None else [seconds(took.seconds), mebibytes(took.kib)]


def measure(where):
    """One section; where has gen, tools (a folder), work (a folder) and the largest size."""
    tools, absent = choose_tools()
    head = ["entries"] + [cell for tool in tools for cell in (tool, "memory")]
    rows, ratios, tried = [], {}, list(tools)
    for n in [n for n in SIZES if n <= where.most]:
        fleet = make_fleet(n, where.work)
        took = compare([command_of(tool, where, fleet, n) for tool in tried], where.tools,
                       where.runs, LIMIT_S)
        if took.get("ninja_syntax") and n <= CHECKED:
            check_same(fleet, "writer.ninja")
        rows.append([count(n)] + [cell for tool in tools for cell in (
            cells(took[tool]) if tool in took else ["-", ""])])
        for tool in tried[1:]:
            if took[tool]:
                ratios[tool] = [f"`gen --offline`, {count(n)} entries", tool,
                                f"{times(took['gen'].seconds / took[tool].seconds)} the time, "
                                f"{times(took['gen'].kib / took[tool].kib)} the memory"]
        tried = [tool for tool in tried if took[tool]]
    text = TEXT.format(limit=LIMIT_S, slow=SLOW_S, table=table(head, rows), missing="".join(absent))
    return Section("gen beside other generators", list(ratios.values()), text)
