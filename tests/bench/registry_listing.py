"""What gen asks a registry with ten thousand tags, beside skopeo and curl."""
import os
import re
import shutil
import subprocess
import sys
import time

from gen_beside_minimal import make_fleet
from gen_beside_generators import images_of
from measure import Command, Section, compare, missing, seconds, table, times

TAGS = 10000
ENTRIES = 100
NEEDS = ["docker-registry", "skopeo", "curl"]
REPOSITORY = "bench/baseline"
OCI = "application/vnd.oci.image.manifest.v1+json"

CONFIG = """\
version: 0.1
log: {{ level: info, accesslog: {{ disabled: false }} }}
storage: {{ filesystem: {{ rootdirectory: "{storage}" }} }}
http: {{ addr: "127.0.0.1:0", secret: bench }}
"""

TEXT = """\
Which of {images} images are in a repository of {tags:,} tags? The registry is docker-registry on this machine,
so a request takes almost no time; a real network adds a round trip to each. `gen check` reads the
mapping, and finds out which images and which bases are present, and which tags no mapping names.
`skopeo list-tags` only lists the tags. `curl` sends a HEAD request for each image's manifest and reuses
its connections, 4 at a time as `gen` would, and 50 at a time.

{table}"""


class Registry:
    """A docker-registry with a storage of its own."""

    def __init__(self, folder):
        self.storage = os.path.join(folder, "storage")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        config = os.path.join(folder, "config.yml")
        with open(config, "w", encoding="utf-8") as f:
            f.write(CONFIG.format(storage=self.storage))
        self.log = os.path.join(folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", config], stdout=log,
                                            stderr=log)
        for _ in range(300):
            found = re.search(r"listening on (127[0-9.]*:[0-9]+)", self.said())
            if found:
                self.name = found.group(1)
                return
            time.sleep(0.1)
        self.stop()
        sys.exit(f"docker-registry does not start: {self.log}")

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def requests(self):
        return len(re.findall(r'"(?:GET|HEAD|POST|DELETE) /v2/', self.said()))

    def fill(self, tags):
        """Tags of one image.  The first is pushed, and the others copied from it: that is quicker."""
        push = os.path.join(os.path.dirname(__file__), "..", "real", "push_tags.py")
        subprocess.run([sys.executable, push, "http://" + self.name, REPOSITORY, tags[0]],
                       check=True, stdout=subprocess.DEVNULL)
        folder = os.path.join(self.storage, "docker/registry/v2/repositories", REPOSITORY,
                              "_manifests/tags")
        for tag in tags[1:]:
            os.makedirs(os.path.join(folder, tag, "current"))
            shutil.copyfile(os.path.join(folder, tags[0], "current", "link"),
                            os.path.join(folder, tag, "current", "link"))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def write_urls(path, registry, tags):
    with open(path, "w", encoding="ascii") as f:
        for tag in tags:
            f.write(f"url = http://{registry}/v2/{REPOSITORY}/manifests/{tag}\noutput = /dev/null\n")


def commands(where, registry, fleet, urls):
    curl = ["curl", "--silent", "--head", "--header", "Accept: " + OCI, "--config", urls,
            "--parallel", "--parallel-max"]
    return [
        # A dry run keeps no answers, so that each run asks anew.
        Command("`gen check`", [where.gen, "-n", "--no-push", "--registry", registry.name,
                                "check"], fleet),
        Command("`skopeo list-tags`", ["skopeo", "--override-os", "linux", "list-tags",
                                       "--tls-verify=false",
                                       f"docker://{registry.name}/{REPOSITORY}"]),
        Command("`curl`, 4 at a time", [*curl, "4"]),
        Command("`curl`, 50 at a time", [*curl, "50"]),
    ]


def measure(where):
    """One section; where has gen, tools (a folder) and work (a folder)."""
    absent = [program for program in NEEDS if not shutil.which(program)]
    if absent:
        return Section("Asking a registry", [], missing("asking a registry", " and ".join(
            f"package `{program}`" for program in absent)))
    fleet = make_fleet(ENTRIES, where.work)
    targets = [t for t, _ in images_of(fleet)]
    registry = Registry(os.path.join(where.work, "registry"))
    try:
        registry.fill(targets + [f"t{i:05}" for i in range(TAGS - len(targets))])
        urls = os.path.join(where.work, "urls")
        write_urls(urls, registry.name, targets)
        asked, compared = {}, commands(where, registry, fleet, urls)
        for command in compared:
            before = registry.requests()
            compare([command], where.tools, 0)
            asked[command.name] = registry.requests() - before
        took = compare(compared, where.tools, where.runs)
    finally:
        registry.stop()
    gen = took["`gen check`"]
    rows = [[name, asked[name], seconds(spent.seconds), times(gen.seconds / spent.seconds)]
            for name, spent in took.items()]
    ratios = [[f"`gen check`, {len(targets)} images among {TAGS:,} tags", name,
               f"{times(gen.seconds / took[name].seconds)} the time, {asked['`gen check`']} requests "
               f"instead of {asked[name]}"] for name in took if name != "`gen check`"]
    return Section("Asking a registry", ratios, TEXT.format(
        images=len(targets), tags=TAGS,
        table=table(["what", "requests", "time", "of which `gen` takes"], rows)))
