"""Say what a tree's setup.py compiles: a line "need NAME" or "may NAME" for each extension.

NAME is "vllm/_C": the object is vllm/_C.abi3.so, or has the interpreter's own suffix.
usage: extensions.py TREE, with the environment of a build
"""
import os
import sys

import setuptools

tree = os.path.realpath(sys.argv[1])
asked = {}
setuptools.setup = lambda **arguments: asked.update(arguments)

os.chdir(tree)
sys.path.insert(0, tree)
sys.argv = ["setup.py", "--version"]
with open("setup.py", encoding="utf-8") as file:
    code = compile(file.read(), f"{tree}/setup.py", "exec")
    # Its print() and ours are two things.
    ours, sys.stdout = sys.stdout, sys.stderr
    exec(code, {"__name__": "__main__", "__file__": f"{tree}/setup.py"})
    sys.stdout = ours

for extension in asked.get("ext_modules") or []:
    print("may" if extension.optional else "need", extension.name.replace(".", "/"))
