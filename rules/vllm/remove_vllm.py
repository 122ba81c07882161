"""See that nothing called vllm can be imported; remove what an uninstall left behind.

What is left of a package without its __init__.py is a namespace package: it would hide
the one that is installed after it, as editable installs are found last.
"""
import importlib.util
import os
import shutil
import site
import sys

own = [os.path.realpath(p) for p in site.getsitepackages() + [site.getusersitepackages()]]

spec = importlib.util.find_spec("vllm")
for folder in list(spec.submodule_search_locations or []) if spec else []:
    if spec.origin is None and os.path.realpath(os.path.dirname(folder)) in own:
        print(f"removing what is left in {folder}")
        shutil.rmtree(folder)

importlib.invalidate_caches()
sys.path_importer_cache.clear()
spec = importlib.util.find_spec("vllm")
if spec:
    place = spec.origin or list(spec.submodule_search_locations)
    sys.exit(f"vllm is uninstalled, but Python still finds it: {place}")
