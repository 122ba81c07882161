#!/usr/bin/env python3
"""Patches as people bring them, each for a commit of its own.

usage: patches.py N SEED FOLDER

FOLDER/source becomes a git repository with N pairs of commits, FOLDER/mapping.json the pairs,
FOLDER/patches/ID/01-x.patch a patch for each parent, and FOLDER/kinds a line for each: the
parent, and how its patch was made.  FOLDER/expected says what git makes of each: the parent and
the tree, or the parent and "-" where `git apply --index` refuses in a work tree.
"""
import json
import os
import random
import shutil
import subprocess
import sys

ENVIRONMENT = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
               "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
               "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000"}


def git(folder, *words, data=None, check=True):
    done = subprocess.run(["git", "-C", folder, *words], input=data, env=ENVIRONMENT, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and done.returncode != 0:
        sys.exit(f"patches.py: git {' '.join(words)}: {done.stderr.decode(errors='replace')}")
    return done.stdout if done.returncode == 0 else None


def lines(prefix, n):
    return b"".join(b"%s %d\n" % (prefix, i) for i in range(1, n + 1))


BASE = {
    "main.py": lines(b"line", 40),
    "dir/mod.py": lines(b"mod", 30),
    "dir/deep/er/x.c": lines(b"x", 12),
    "dir/blank lines": b"a\n\n\nb\n\nc\n\n\n\nd\n",
    "a name with blanks.txt": lines(b"blank", 20),
    "caf\u00e9.txt": lines(b"caf\xc3\xa9", 9),
    "q\"uote\\d\ttab": b"q\nr\ns\n",
    "crlf.txt": lines(b"crlf", 15).replace(b"\n", b"\r\n"),
    "no-end": b"one\ntwo\nthree",
    "nul": b"a\0b\nc\nd\n",
    "bin": bytes(range(256)) * 4,
    "empty": b"",
    "same/one": b"1\n2\n3\n4\n5\n6\n7\n",
    "same/two": b"1\n2\n3\n4\n5\n6\n7\n",
    "repeats": b"{\n  x\n}\n\n" * 12,
}


def write(folder, path, data, mode=0o644):
    whole = os.path.join(folder, path)
    above = os.path.dirname(whole)
    while not os.path.isdir(above) and not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        os.remove(above)        # a file where a folder is to be
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    if os.path.islink(whole):
        os.remove(whole)
    elif os.path.isdir(whole):
        shutil.rmtree(whole)
    with open(whole, "wb") as f:
        f.write(data)
    os.chmod(whole, mode)


def read(folder, path):
    with open(os.path.join(folder, path), "rb") as f:
        return f.read()


# ---- edits: what a person did to the files ----

def plain_files(folder):
    out = git(folder, "ls-files", "-s", "-z").decode(errors="surrogateescape")
    paths = [e.split("\t", 1)[1] for e in out.split("\0") if e and e[:6] in ("100644", "100755")]
    wholes = [(p, os.path.join(folder, p)) for p in paths]
    return [p for p, whole in wholes if os.path.isfile(whole) and not os.path.islink(whole)]


def edit_lines(r, folder, path):
    text = read(folder, path)
    if not text:
        write(folder, path, b"filled\n")
        return
    rows = text.split(b"\n")
    for _ in range(r.randint(1, 4)):
        i = r.randrange(len(rows))
        choice = r.random()
        if choice < 0.4:
            rows[i] = b"changed %d" % r.randrange(1000)
        elif choice < 0.7:
            rows.insert(i, b"added %d" % r.randrange(1000))
        elif len(rows) > 1:
            del rows[i]
    write(folder, path, b"\n".join(rows), os.stat(os.path.join(folder, path)).st_mode & 0o777)


def edit(r, folder):
    """One thing that people do; returns its name."""
    files = plain_files(folder)
    path = r.choice(files)
    whole = os.path.join(folder, path)
    kind = r.choice(["lines"] * 8 + ["remove", "rename", "rename+lines", "copy", "mode", "new", "new empty",
                     "new deep", "link", "link over file", "folder for file", "file for folder",
                     "binary", "new binary", "exec"])
    if kind == "lines":
        edit_lines(r, folder, path)
    elif kind == "remove":
        os.remove(whole)
    elif kind.startswith("rename"):
        new = os.path.join(os.path.dirname(path), "moved " + os.path.basename(path))
        os.rename(whole, os.path.join(folder, new))
        if kind.endswith("lines"):
            edit_lines(r, folder, new)
    elif kind == "copy":
        shutil.copy2(whole, whole + ".copy")
    elif kind in ("mode", "exec"):
        os.chmod(whole, os.stat(whole).st_mode ^ 0o111)
    elif kind == "new":
        write(folder, r.choice(["new.txt", "dir/new one.c", "n\u00e9w"]), lines(b"new", r.randint(1, 5)))
    elif kind == "new empty":
        write(folder, "dir/__init__.py", b"")
    elif kind == "new deep":
        write(folder, "very/deep/down/f", b"deep\n", 0o755)
    elif kind == "link":
        if os.path.lexists(os.path.join(folder, "a link")):
            return "nothing"
        os.symlink("main.py", os.path.join(folder, "a link"))
    elif kind == "link over file":
        os.remove(whole)
        os.symlink("/nowhere", whole)
    elif kind == "folder for file":
        os.remove(whole)
        write(folder, path + "/inside", b"inside\n")
    elif kind == "file for folder":
        shutil.rmtree(os.path.join(folder, "dir/deep"), ignore_errors=True)
        if os.path.lexists(os.path.join(folder, "dir/deep")):
            return "nothing"
        write(folder, "dir/deep", b"a file now\n")
    elif kind == "binary":
        write(folder, "bin", bytes(r.randrange(256) for _ in range(700)))
    else:
        write(folder, "new.bin", bytes(r.randrange(256) for _ in range(300)))
    return kind


# ---- forms: how the patch was made ----

def plain_diff(folder, tool):
    """diff -ru or svn's, of the text files that are in both."""
    out = b""
    for path in git(folder, "diff", "--cached", "--name-only", "--diff-filter=M", "-z").decode().split("\0"):
        if not path or "\t" in path or '"' in path:
            continue
        old = git(folder, "show", "HEAD:" + path)
        body = subprocess.run(["diff", "-u", "-", os.path.join(folder, path)], input=old,
                              stdout=subprocess.PIPE, check=False).stdout
        if not body.startswith(b"---"):
            continue
        body = body.split(b"\n", 2)[2]
        name = path.encode()
        if tool == "svn":
            out += (b"Index: %s\n" + b"=" * 67 + b"\n--- %s\t(revision 12)\n+++ %s\t(working copy)\n") % (
                name, name, name) + body
        elif tool == "orig":
            out += b"--- %s.orig\t2024-01-01 10:00:00.000000000 +0000\n+++ %s\t2024-01-01 10:00:01.000000000 +0000\n" % (
                name, name) + body
        else:
            out += b"diff -ru old/%s new/%s\n--- old/%s\t2024-01-01 10:00:00.000000000 +0000\n" \
                b"+++ new/%s\t2024-01-01 10:00:01.000000000 +0000\n" % (name, name, name, name) + body
    return out


def make_patch(r, folder):
    """The staged change as a patch; returns its form and its bytes."""
    form = r.choice(["git"] * 5 + ["-M", "-C", "--binary", "--binary -M", "-U0", "-U1", "-U20", "--no-prefix",
                    "--full-index", "-a", "--irreversible-delete", "mail", "mails", "diff -ru", "svn", "orig",
                    "mnemonic"])
    if form in ("mail", "mails"):
        git(folder, "commit", "-qm", "A change\n\nWith words about it:\n--- not a patch")
        if form == "mails":
            edit(r, folder)
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "--allow-empty", "-m", "Another")
        patch = git(folder, "format-patch", "--stdout", "--binary", "-2" if form == "mails" else "-1")
    elif form in ("diff -ru", "svn", "orig"):
        patch = plain_diff(folder, form)
    else:
        options = {"git": [], "mnemonic": ["--src-prefix=i/", "--dst-prefix=w/"]}.get(form, form.split())
        if form == "-C":
            options = ["-C", "--find-copies-harder"]
        patch = git(folder, "diff", "--cached", *options, "HEAD")
    return form, patch


# ---- damage: what happened to the patch on its way ----

def hunks_of(patch):
    """The head of a patch of one file, and its hunks; None if it is not that simple."""
    if patch.count(b"\n+++ ") != 1 or b"\n@@ " not in patch:
        return None
    parts = patch.split(b"\n@@ ")
    return parts[0] + b"\n", [b"@@ " + p + (b"" if p.endswith(b"\n") else b"\n") for p in parts[1:]]


def damage(r, patch):
    kind = r.choice(["none"] * 12 + ["no last newline", "stripped blanks", "hunks out of order", "no index",
                    "odd mode", "shifted", "a line lost", "a line twice", "crlf", "words before",
                    "words after", "double slash", "twice", "wrong context", "dots", "absolute", ".git",
                    "below a link", "below a made link", "wrong counts", "empty", "no diff line", "-p2",
                    "hunk lost", "tabs"])
    rows = patch.split(b"\n")
    if kind == "no last newline":
        patch = patch[:-1]
    elif kind == "stripped blanks":
        patch = b"\n".join(row.rstrip(b" ") if row == b" " else row for row in rows)
    elif kind == "hunks out of order":
        parts = hunks_of(patch)
        if parts:
            r.shuffle(parts[1])
            patch = parts[0] + b"".join(parts[1])
    elif kind == "no index":
        patch = b"\n".join(row for row in rows if not row.startswith(b"index "))
    elif kind == "odd mode":
        mode = r.choice([b"100664", b"100600", b"100777", b"120644", b"160000", b"040000"])
        patch = patch.replace(b"100644", mode).replace(b"100755", mode)
    elif kind == "shifted":
        patch = b"\n".join(b"@@ -%d,%s" % (int(row[4:].split(b",")[0].split()[0]) + 7, row.split(b",", 1)[1])
                           if row.startswith(b"@@ -") and b"," in row.split(b"+")[0] else row for row in rows)
    elif kind in ("a line lost", "a line twice") and len(rows) > 2:
        i = r.randrange(len(rows) - 1)
        rows[i:i + 1] = [] if kind == "a line lost" else [rows[i], rows[i]]
        patch = b"\n".join(rows)
    elif kind == "crlf":
        patch = patch.replace(b"\n", b"\r\n")
    elif kind == "words before":
        patch = b"Fixes a fault.\n\n--- see the report\n\n" + patch
    elif kind == "words after":
        patch += b"-- \n2.39.5\n\nand more words\n"
    elif kind == "double slash":
        patch = patch.replace(b"b/dir/", b"b//dir//").replace(b"a/dir/", b"a/dir//")
    elif kind == "twice":
        patch += patch
    elif kind == "wrong context":
        patch = patch.replace(b"\n line", b"\n Line", 1)
    elif kind in ("dots", "absolute", ".git"):
        name = {"dots": b"b/../out", "absolute": b"b//etc/out", ".git": b"b/.git/hooks/x"}[kind]
        patch += b"diff --git %s %s\nnew file mode 100644\n--- /dev/null\n+++ %s\n@@ -0,0 +1 @@\n+x\n" % (
            name.replace(b"b/", b"a/", 1), name, name)
    elif kind == "below a link":
        patch += b"diff --git a/the link/x b/the link/x\nnew file mode 100644\n--- /dev/null\n" \
            b"+++ b/the link/x\n@@ -0,0 +1 @@\n+x\n"
    elif kind == "below a made link":
        patch += b"diff --git a/made b/made\nnew file mode 120000\n--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n" \
            b"+dir\n\\ No newline at end of file\ndiff --git a/made/x b/made/x\nnew file mode 100644\n" \
            b"--- /dev/null\n+++ b/made/x\n@@ -0,0 +1 @@\n+x\n"
    elif kind == "wrong counts":
        patch = patch.replace(b"@@ -1,", b"@@ -1,9", 1)
    elif kind == "empty":
        patch = r.choice([b"", b"\n", b"only words\n"])
    elif kind == "no diff line":
        patch = b"\n".join(row for row in rows if not row.startswith((b"diff --git", b"index ")))
    elif kind == "-p2":
        patch = patch.replace(b" a/", b" a/b/").replace(b" b/", b" b/b/")
    elif kind == "hunk lost":
        parts = hunks_of(patch)
        if parts and len(parts[1]) > 1:
            del parts[1][r.randrange(len(parts[1]))]
            patch = parts[0] + b"".join(parts[1])
    elif kind == "tabs":
        patch = patch.replace(b"+++ b/main.py\n", b"+++ b/main.py\t\n").replace(b"--- a/main.py\n", b"--- a/main.py\t\n")
    return kind, patch


# ---- all of them ----

def drift(r, folder):
    """The commit that the patch is for is sometimes not the one that it was made from."""
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        edit(r, folder)


def judge(folder, parent, patch):
    """The tree that git makes in a work tree, or "-"."""
    git(folder, "checkout", "-qf", "--detach", parent)
    git(folder, "clean", "-qfdx")
    if git(folder, "apply", "--index", "--whitespace=nowarn", "-", data=patch, check=False) is None:
        return "-"
    return git(folder, "write-tree").decode().strip()


def main():
    n, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    r = random.Random(seed)
    source = os.path.join(folder, "source")
    git(".", "init", "-q", "-b", "main", source)
    git(source, "config", "user.name", "A")
    git(source, "config", "user.email", "a@example.org")
    git(source, "config", "core.autocrlf", "false")
    for path, data in BASE.items():
        write(source, path, data)
    write(source, "run.sh", b"#!/bin/sh\necho one\n", 0o755)
    os.symlink("dir", os.path.join(source, "the link"))
    git(source, "add", "-A")
    git(source, "commit", "-qm", "base")
    base = git(source, "rev-parse", "HEAD").decode().strip()
    mapping, kinds, expected = [], [], []
    for i in range(n):
        git(source, "checkout", "-qf", "--detach", base)
        git(source, "clean", "-qfdx")
        done = [edit(r, source) for _ in range(r.choice([1, 1, 1, 2, 3]))]
        git(source, "add", "-A")
        form, patch = make_patch(r, source)
        harm, patch = damage(r, patch)
        git(source, "checkout", "-qf", "--detach", base)
        git(source, "clean", "-qfdx")
        drift(r, source)
        git(source, "add", "-A")
        git(source, "commit", "-q", "--allow-empty", "-m", f"parent {i}")
        parent = git(source, "rev-parse", "HEAD").decode().strip()
        git(source, "commit", "-q", "--allow-empty", "-m", f"human {i}")
        human = git(source, "rev-parse", "HEAD").decode().strip()
        git(source, "update-ref", f"refs/heads/pair{i}", human)
        mapping.append({"human_commit": human, "parent_commit": parent})
        where = os.path.join(folder, "patches", parent[:12])
        os.makedirs(where)
        write(where, "01-x.patch", patch)
        kinds.append(f"{parent[:12]} {' and '.join(done)}; {form}; {harm}\n")
        tree = judge(source, parent, patch)
        if tree == git(source, "rev-parse", parent + "^{tree}").decode().strip():
            tree = "-"      # it changes nothing, and is refused for that
        expected.append(f"{parent[:12]} {tree}\n")
    git(source, "checkout", "-qf", "main")
    for name, text in (("kinds", kinds), ("expected", expected)):
        with open(os.path.join(folder, name), "w", encoding="ascii", errors="surrogateescape") as f:
            f.write("".join(text))
    with open(os.path.join(folder, "mapping.json"), "w", encoding="ascii") as f:
        json.dump(mapping, f, indent=1)


main()
