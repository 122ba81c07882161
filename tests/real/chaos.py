#!/usr/bin/env python3
"""Build the demo fleet while its parts are killed, cut off and starved; look what is lost.

usage: chaos.py ENGINE FOLDER GEN BLOWS SEED

reads: IMAGES (an OCI layout of the base images) and HUMANS (their names); for buildah
       CONTAINERS_STORAGE_CONF, for docker DOCKER (a client that has BuildKit)

FOLDER is a file system of its own, on which the disk gets full.  It holds examples/demo/ (the
fleet, with its history in out/tally.git) and the engine's storage.

In each round all images have to be built again, since ROUND in the Dockerfile is another.  While
they are, blows fall at random moments.  After each blow no stamp may say what is not so and no
file may be torn; a plain ninja, or gen and ninja, goes on.  At the end of a round ninja has
finished, and every image is right: in the engine, in the registry, by digest, content and label.
The last line counts blows and losses.
"""
import ctypes
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

engine_name, folder, gen, blows, seed = sys.argv[1:]
demo = os.path.join(folder, "examples", "demo")
PARENTS = ["d26278459e60", "684a8174260f", "17bf3c67cabe", "18286cb89f99"]
ROUND_BLOWS = 5
FINISH_S = 2400
DOWN_S = 100
STEPS = ["source", "patch", "image", "verify", "push"]
MANIFEST = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
chance = random.Random("%s %s" % (engine_name, seed))
lost = []
down_s = []     # after each ^C


# ---- processes ---------------------------------------------------------------------------

class Process:
    """One of /proc, all of it that is asked for here."""

    def __init__(self, pid):
        self.pid = pid
        with open("/proc/%d/stat" % pid) as f:
            text = f.read()
        self.name = text[text.index("(") + 1:text.rindex(")")]
        self.state, self.parent = text[text.rindex(")") + 2:].split()[:2]
        self.parent = int(self.parent)
        with open("/proc/%d/cmdline" % pid, errors="replace") as f:
            self.command = f.read().replace("\0", " ")


def processes():
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                yield Process(int(name))
            except OSError:
                pass


def ours():
    """All that descends from us: whose parent was killed is our child, and waited for here."""
    children = {}
    for p in processes():
        children.setdefault(p.parent, []).append(p)
    found, parents = [], [os.getpid()]
    while parents:
        for p in children.get(parents.pop(), []):
            if p.state == "Z":
                reap(p.pid)
                continue
            found.append(p)
            parents.append(p.pid)
    return found


ended = {}


def reap(pid):
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
    if done:
        ended[done] = os.waitstatus_to_exitcode(status)


def is_running(pid):
    if pid not in ended:
        reap(pid)
    return pid not in ended


def start(log, *command, before=None):
    with open(log, "ab") as out:
        p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=demo,
                             preexec_fn=before)
    p.returncode = 0    # waited for by reap alone
    ended.pop(p.pid, None)
    return p.pid


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def wait_until(seconds, condition):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=demo, text=True,
                          check=True).stdout


# ---- what the fleet needs ------------------------------------------------------------------

class Registry:
    def __init__(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % s.getsockname()[1]
        self.config = os.path.join(folder, "..", engine_name + "-registry.yml")
        storage = os.path.abspath(os.path.join(folder, "..", engine_name + "-registry"))
        with open(self.config, "w") as f:
            json.dump({"version": 0.1, "log": {"level": "error", "accesslog": {"disabled": True}},
                       "storage": {"filesystem": {"rootdirectory": storage}},
                       "http": {"addr": self.address, "secret": "chaos"}}, f)
        self.start()

    def start(self):
        self.pid = start(logs("registry"), "docker-registry", "serve", self.config)
        if not wait_until(200, self.answers):
            sys.exit("the registry does not start")

    def answers(self):
        try:
            return self.get("/v2/")[0] == 200
        except OSError:
            return False

    def get(self, path, **headers):
        request = urllib.request.Request("http://%s%s" % (self.address, path), headers=headers)
        with urllib.request.urlopen(request, timeout=100) as answer:
            return answer.status, answer.headers, answer.read()

    def manifest(self, target):
        """Its digest and text; None, None for a tag that is not there."""
        try:
            _, headers, body = self.get("/v2/demo/baseline/manifests/" + target, Accept=MANIFEST)
        except urllib.error.HTTPError as e:
            if e.code != 404:
                raise
            return None, None
        return headers["Docker-Content-Digest"], body

    def blob(self, digest):
        body = self.get("/v2/demo/baseline/blobs/" + digest)[2]
        return body if "sha256:" + hashlib.sha256(body).hexdigest() == digest else None


class Buildah:
    memory_of = "ninja"     # whose control group the compilers are in

    def start(self):
        os.environ["TMPDIR"] = os.path.join(folder, "tmp")
        os.mkdir(os.environ["TMPDIR"])

    def images(self):
        """The ids of our images by their targets."""
        return {name.rsplit(":", 1)[1]: i["id"]
                for i in json.loads(self.listed("images", "--json", "--no-trunc") or "[]") or []
                for name in i["names"] or [] if name.startswith("localhost/stampmill-demo:")}

    def containers(self):
        return self.listed("containers", "--quiet").split()

    def listed(self, *what):
        """Of an image that goes while it makes its list, buildah says that it is not known."""
        for _ in range(20):
            try:
                return output("buildah", *what)
            except subprocess.CalledProcessError as e:
                said = e.stderr
                time.sleep(0.1)
        sys.exit("buildah %s: %s" % (what[0], said))

    def victims(self):
        return [p for p in ours() if p.name == "buildah"]


class Docker:
    memory_of = "daemon"

    def start(self):
        self.client = os.environ["DOCKER"]
        os.environ["DOCKER_HOST"] = "unix://%s/docker.sock" % folder
        group = ["--cgroup-parent", "/" + os.path.basename(memory.folder)] if memory.folder else []
        self.pid = start(logs("dockerd"), "dockerd", "--host", os.environ["DOCKER_HOST"],
                         "--data-root", folder + "/docker", "--exec-root", folder + "/docker-run",
                         "--pidfile", folder + "/docker.pid", "--iptables=false",
                         "--ip6tables=false", "--bridge=none", *group)
        # Meanwhile its killed containerd is waited for: a zombie counts as running.
        if not wait_until(600, lambda: ours() and self.answers()):
            sys.exit("dockerd does not start: " + logs("dockerd"))

    def answers(self):
        return subprocess.run([self.client, "version"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def images(self):
        lines = output(self.client, "images", "--no-trunc", "--format", "{{.Tag}} {{.ID}}", "stampmill-demo")
        return dict(line.split() for line in lines.splitlines())

    def containers(self):
        return output(self.client, "ps", "--all", "--quiet").split()

    def victims(self):
        return [p for p in ours() if p.pid == self.pid] * 3 + \
            [p for p in ours() if p.name in ("docker", "runc", "containerd")]


class Memory:
    """A control group that the compilers are in; none where none can be made."""

    def __init__(self):
        name = "stampmill-chaos-%d" % os.getpid()
        for root, self.limit, self.usage, self.none in (
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "-1"),
                ("/sys/fs/cgroup", "memory.max", "memory.current", "max")):
            self.folder = os.path.join(root, name)
            try:
                os.mkdir(self.folder)
            except OSError:
                continue
            if os.path.exists(os.path.join(self.folder, self.limit)):
                return
            os.rmdir(self.folder)
        self.folder = None

    def enter(self):
        with open(self.folder + "/cgroup.procs", "w") as f:
            f.write(str(os.getpid()))

    def take_away(self):
        """Of what is used now, all that can be had, and a little more is not allowed."""
        with open(os.path.join(self.folder, self.usage)) as f:
            used = int(f.read())
        for limit in range(2 << 20, used + (4 << 20), 1 << 20):
            try:
                self.write(str(limit))
                return
            except OSError:
                pass

    def write(self, text):
        with open(os.path.join(self.folder, self.limit), "w") as f:
            f.write(text)

    def kills(self):
        with open("/proc/vmstat") as f:
            return int(dict(line.split() for line in f)["oom_kill"])

    def remove(self):
        if self.folder:
            for top, _, _ in os.walk(self.folder, topdown=False):
                wait_until(50, lambda group=top: removed(group))


def removed(group):
    try:
        os.rmdir(group)
    except OSError:
        return not os.path.exists(group)
    return True


def logs(name):
    return os.path.join(folder, "..", "%s-%s.log" % (engine_name, name))


# ---- what must be so -------------------------------------------------------------------------

def lines(path):
    """key=value lines; {} without the file."""
    try:
        with open(path) as f:
            return dict(line.rstrip("\n").split("=", 1) for line in f)
    except FileNotFoundError:
        return {}


def recipe(target):
    """What the plan says that the image is made of."""
    return next(i for i in images() if i["target"] == target)


def images():
    with open(in_out("plan.json")) as f:
        return json.load(f)["images"]


def decisions():
    return {i["target"]: i["decision"] for i in images()}


def in_out(*names):
    return os.path.join(demo, "out", *names)


def lose(what):
    lost.append(what)
    print("LOST: " + what)


def check_stamp(target, step, stamp, images):
    """What a stamp of this round says is there."""
    if stamp.get("step") != step or stamp.get("target") != target:
        lose("%s of %s: a torn stamp: %s" % (step, target, stamp))
    elif step in ("image", "verify") and images.get(target) != stamp.get("image_id"):
        lose("%s of %s: the stamp says %s, the engine %s" %
             (step, target, stamp.get("image_id"), images.get(target)))
    elif step == "push" and registry.manifest(target)[0] != stamp.get("digest"):
        lose("push of %s: the stamp says %s, the registry %s" %
             (target, stamp.get("digest"), registry.manifest(target)[0]))


def check_stamps():
    """Stamps first: what they say was made before it is looked for."""
    found = []
    for target in targets:
        wanted = recipes[target]["input"]
        for step in ("image", "verify", "push"):
            path = in_out("stamps", "%s.%s" % (target, step))
            stamp = lines(path)
            if os.path.exists(path) and (not stamp or stamp.get("input") == wanted):
                found.append((target, step, stamp))
    images = engine.images()
    for target, step, stamp in found:
        check_stamp(target, step, stamp, images)


def check_files():
    for path in glob.glob(in_out("*.json")) + glob.glob(in_out("registry", "*.json")):
        try:
            with open(path) as f:
                json.load(f)
        except ValueError as e:
            lose("%s is torn: %s" % (path, e))
    for path in glob.glob(in_out("*.jsonl")):
        with open(path, errors="replace") as f:
            for number, line in enumerate(f, 1):
                try:
                    json.loads(line)
                except ValueError:
                    torn.add((path, number))
    if torn and "disk" not in fallen:
        lose("torn lines: %s" % sorted(torn))
    for what in (["status", "--json"], ["explain", targets[0]]):
        status = subprocess.run([gen, "-C", demo] + what, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True, check=False)
        if status.returncode != 0:
            lose("gen %s: %s" % (" ".join(what), status.stderr))


def check_image(target, number, images):
    stamps = {step: lines(in_out("stamps", "%s.%s" % (target, step))) for step in STEPS}
    digest, text = registry.manifest(target)
    if not digest or "sha256:" + hashlib.sha256(text).hexdigest() != digest:
        return lose("%s: the registry has no whole manifest of it" % target)
    manifest = json.loads(text)
    config = json.loads(registry.blob(manifest["config"]["digest"]) or "{}")
    labels = config.get("config", {}).get("Labels", {})
    planned = recipes[target]
    wanted = [
        ("input of the image", stamps["image"].get("input"), planned["input"]),
        ("the engine's image", images.get(target), stamps["image"].get("image_id")),
        ("the verified image", stamps["verify"].get("image_id"), stamps["image"].get("image_id")),
        ("the pushed image", manifest["config"]["digest"], stamps["image"].get("image_id")),
        ("label input", labels.get("stampmill.input"), planned["input"]),
        ("label revision", labels.get("org.opencontainers.image.revision"), planned["parent"]),
        ("the round", "ROUND=%d" % number in config.get("config", {}).get("Env", []), True),
        ("layers", all(registry.blob(layer["digest"]) for layer in manifest["layers"]), True),
    ]
    if decisions()[target] != "skip":   # else gen saw the tag before its push could say so
        wanted += [("input of the push", stamps["push"].get("input"), planned["input"]),
                   ("the pushed digest", stamps["push"].get("digest"), digest)]
    for what, got, want in wanted:
        if got != want:
            lose("%s: %s: %s, and not %s" % (target, what, got, want))


def check_all(number):
    images = engine.images()
    for target in targets:
        check_image(target, number, images)
    left = [p for p in ours() if p.name in ("ninja", "step", "step-keeper")] + engine.containers() + \
        os.listdir(in_out("tmp"))
    if left:
        lose("left over: %s" % left)
    with open(in_out("build_progress.json")) as f:
        states = {t: i["state"] for t, i in json.load(f)["images"].items() if t in targets}
    if set(states.values()) != {"done"}:
        lose("progress says %s" % states)


# ---- blows -----------------------------------------------------------------------------------

def named(*names):
    return [p for p in ours() if p.name in names]


def scripts():
    return [p for p in ours() if "/rules/" in p.command and p.name.endswith(".sh")]


def kill_one(found, number=signal.SIGKILL):
    if not found:
        return None
    p = chance.choice(found)
    return "%s (%d)" % (p.name, p.pid) if kill(p.pid, number) else None


def blow_ninja():
    return kill_one(named("ninja"))


def builders():
    """All but the servers.  A killed daemon may leave a shim; what it runs counts by itself."""
    servers = ("docker-registry", "dockerd", "containerd", "containerd-shim")
    return [p for p in ours() if p.name not in servers]


def blow_interrupt():
    """^C: whatever ninja has under way is down in seconds."""
    since = time.monotonic()
    said = kill_one(named("ninja"), signal.SIGINT)
    if not said:
        return None
    if not wait_until(DOWN_S, lambda: not builders()):
        lose("still there %d s after ^C: %s" % (DOWN_S, [p.command for p in builders()]))
    down_s.append(time.monotonic() - since)
    return "%s, all down after %.2f s" % (said, down_s[-1])


def blow_step():
    return kill_one(named("step"))


def blow_keeper():
    return kill_one(named("step-keeper"))


def blow_both():
    """A step and all that would see to its end."""
    step = named("step")
    keepers = {p.parent: p for p in named("step-keeper")}
    step = [p for p in step if p.pid in keepers]
    if not step:
        return None
    p = chance.choice(step)
    kill(p.pid)
    return "step and keeper" if kill(keepers[p.pid].pid) else None


def blow_script():
    return kill_one(scripts())


def blow_compiler():
    return kill_one(named("cc1", "gcc", "cc", "make", "as", "ld"))


def blow_gen():
    pid = start(logs("gen"), gen)
    time.sleep(chance.uniform(0, gen_s))
    return "gen" if kill(pid) and wait_until(50, lambda: not is_running(pid)) and ended[pid] < 0 else None


def blow_engine():
    said = kill_one(engine.victims())
    if said and engine_name == "docker":
        time.sleep(chance.uniform(0, 1))
        if not engine.answers():
            wait_until(50, lambda: not is_running(engine.pid))
            engine.start()
    return said


def blow_registry():
    kill(registry.pid)
    wait_until(50, lambda: not is_running(registry.pid))
    time.sleep(chance.uniform(0, 2))
    registry.start()
    return "registry"


def blow_network():
    """It hangs for a while, and is then gone for a while."""
    kill(registry.pid, signal.SIGSTOP)
    time.sleep(chance.uniform(0, 2))
    kill(registry.pid, signal.SIGTERM)
    kill(registry.pid, signal.SIGCONT)
    wait_until(50, lambda: not is_running(registry.pid))
    time.sleep(chance.uniform(0, 2))
    registry.start()
    return "network"


def blow_disk():
    filler = os.path.join(folder, "filler")
    with open(filler, "wb", buffering=0) as f:
        size = 1 << 20
        while size:
            try:
                f.write(b"\0" * size)
            except OSError:
                size //= 4
        time.sleep(chance.uniform(0.2, 2))
    os.remove(filler)
    return "disk full"


def blow_memory():
    """Until the kernel has killed a compiler."""
    if not memory.folder or not wait_until(5, lambda: named("cc1")):
        return None
    before = memory.kills()
    memory.take_away()
    wait_until(3, lambda: memory.kills() > before)
    memory.write(memory.none)
    return "out of memory" if memory.kills() > before else None


BLOWS = {name[5:]: f for name, f in globals().items() if name.startswith("blow_")}


def wait_for_moment(ninja):
    """Until some step of some image has been at work for a while; else any moment."""
    step = chance.choice(STEPS[1:])
    wait_until(chance.uniform(0, 4), lambda: not is_running(ninja) or
               glob.glob(in_out("run", "baseline-*." + step)))
    time.sleep(chance.uniform(0, 0.6))


# ---- rounds ----------------------------------------------------------------------------------

def replace(path, old, new):
    with open(os.path.join(demo, path)) as f:
        text = f.read()
    if old not in text:
        sys.exit("%s: \"%s\" is not in it" % (path, old))
    with open(os.path.join(demo, path), "w") as f:
        f.write(text.replace(old, new, 1))


def set_up():
    """Four images, of each kind of objects; compiled anew in each round, by compilers that the
    kernel kills first."""
    path = os.path.join(demo, "mapping.json")
    with open(path) as f:
        pairs = [p for p in json.load(f) if p["parent_commit"][:12] in PARENTS]
    with open(path, "w") as f:
        json.dump(pairs, f)
    replace("Dockerfile", "COPY source", "ENV ROUND=0\nCOPY source")
    replace("files/build.sh", "/run/ccache ", "/run/ccache/$ROUND ")
    replace("files/build.sh", "set -eu\n", "set -eu\necho 1000 >/proc/self/oom_score_adj\n")
    replace("fleet.json", '"max_jobs": 2', '"max_jobs": 8, "ladder": [ 6, 4, 3, 2, 1 ]')


def set_round(number):
    replace("Dockerfile", "ROUND=%d\n" % (number - 1), "ROUND=%d\n" % number)
    shutil.rmtree(in_out("rungs"), ignore_errors=True)


def run_gen():
    """As a person does; then steps wait no longer than a test can."""
    status = subprocess.run([gen, "--registry", registry.address, "--engine", engine_name], cwd=demo,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if status.returncode == 0:
        with open(in_out("settings", "fleet"), "a") as f:
            f.write("retry_wait_s=0.5\n")
    return status


def start_ninja():
    return start(logs("ninja"), "ninja",
                 before=memory.enter if memory.folder and engine.memory_of == "ninja" else None)


def finish(ninja):
    if not wait_until(FINISH_S, lambda: not is_running(ninja)):
        lose("ninja does not end")
        kill(ninja)
    return ended[ninja]


def strike(ninja):
    """One blow, and what must be so after it.  Returns whether it hit something."""
    kind = chance.choice(kinds)
    wait_for_moment(ninja)
    if not is_running(ninja):
        return False
    said = BLOWS[kind]()
    if not said:
        return False
    fallen[kind] = fallen.get(kind, 0) + 1
    print("%s: round %d: %s: %s" % (time.strftime("%T"), number, kind, said), flush=True)
    check_files()
    check_stamps()
    return True


def play_round(most):
    hits = 0
    ninja = start_ninja()
    while hits < most:
        hits += strike(ninja)
        if is_running(ninja):
            continue
        if ended[ninja] == 0:
            break
        if chance.random() < 0.3:
            planned = run_gen()
            for target, decision in decisions().items():
                if target in targets and decision == "hold":
                    lose("%s is held:\n%s" % (target, planned.stdout))
        ninja = start_ninja()
    # It may still suffer from the last blow: a plain ninja after it must not.
    if finish(ninja) != 0 and finish(start_ninja()) != 0:
        lose("ninja does not finish")
    check_files()
    check_stamps()
    check_all(number)
    return hits


def stop_all():
    for p in ours():
        kill(p.pid)
    wait_until(50, lambda: not ours())
    memory.remove()


ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER: orphans become our children
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
signal.signal(signal.SIGINT, signal.default_int_handler)    # not ignored by our children
torn, fallen, targets, recipes = set(), {}, [], {}
number, total = 0, 0
memory = Memory()
engine = {"buildah": Buildah, "docker": Docker}[engine_name]()
try:
    registry = Registry()
    engine.start()
    for human in os.environ["HUMANS"].split():
        output("skopeo", "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false",
               "oci:%s:%s" % (os.environ["IMAGES"], human), "docker://%s/demo/human:%s" % (registry.address, human))
    set_up()
    since = time.monotonic()
    if run_gen().returncode != 0:
        sys.exit(run_gen().stdout)
    gen_s = time.monotonic() - since
    targets = [target for target, decision in decisions().items() if decision == "build"]
    kinds = [k for k in BLOWS if k != "memory" or memory.folder]
    while total < int(blows) and not lost:
        number += 1
        set_round(number)
        planned = run_gen()
        if planned.returncode != 0:
            lose("gen fails: " + planned.stdout)
        for target in targets:
            if decisions()[target] != "build":
                lose("%s is not planned:\n%s" % (target, planned.stdout))
        recipes = {target: recipe(target) for target in targets}
        total += play_round(min(ROUND_BLOWS, int(blows) - total))
    print("%s: seed %s: %d images, %d rounds, %d blows (%s), all down %.2f s after ^C, %d torn journal lines, "
          "lost: %d" % (engine_name, seed, len(targets), number, total,
                        ", ".join("%s %d" % pair for pair in sorted(fallen.items())), max(down_s, default=0),
                        len(torn), len(lost)))
finally:
    stop_all()
sys.exit(1 if lost else 0)
