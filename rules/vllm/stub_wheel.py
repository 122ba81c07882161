"""Put files of a tree, named on stdin, into a file that vLLM's setup.py reads as a wheel.

usage: stub_wheel.py TREE WHEEL
"""
import os
import sys
import zipfile

tree, wheel = sys.argv[1:]
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED, strict_timestamps=False) as out:
    for name in sys.stdin.read().split():
        out.write(os.path.join(tree, name), name)
