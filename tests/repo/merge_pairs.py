#!/usr/bin/env python3
"""Merge any two fields of a record with git: merge_pairs.py HOW

In the current folder, a ledger with one record of each kind is made, and a
repository in which every pair of fields has a file of its own: one branch edits
the pair's first field in it, the other branch its second. git merges all of them
at once, and each merged file must be what both edits together make of it.

HOW is fill (empty form lines), change (values that are there), clear (one value
is taken out, the other changed; only of fields that stand close together), or
dense (neighbours in a record without its empty lines: they must conflict, or
this test could not see a conflict).
"""
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys

PROSE = """\
  {} shall review what was done, by whom; and what was learned from it
  by the end of the year. Then it shall tell the board # in writing
  .
  Its answer is published with the review.
"""
VALUES = {
    "date": ("2027-03-31", "2028-04"),
    "year": ("2011", "2012"),
    "count": ("46", "47"),
    "url": ("https://example.org/a", "https://example.org/b"),
    "mailbox": ("a@example.org", "b@example.org"),
    "dated": ("2026-03-31 first", "2026-04-30 second"),
}
RECORDS = {
    "review": ("reviews/x/review.ini", "[review]\n"),
    "recommendation": (
        "reviews/x/1.ini",
        "[recommendation]\n[agency a]\n[action a 1]\n[agency b]\n",
    ),
    "agency": ("agencies/a.ini", "[agency]\n"),
}


def run(*command, data=None):
    result = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
    return result.stdout


def entry(key, which):
    """The lines of a key with its first or second value."""
    name = key["key"]
    if key["type"] == "prose":
        return f"{name} =\n" + PROSE.format(("The agency", "The partnership")[which])
    value = VALUES.get(key["type"], ("one", "two"))[which]
    if key["type"] == "word":
        value = key["words"][which]
    if key["list"]:
        return f"{name} = {value}\n{name} = another, {which}\n"
    return f"{name} = {value}\n"


class Record:
    """A file cut into the lines of its fields and what stands between them."""

    def __init__(self, text, sections):
        self.pieces = []
        self.fields = []
        keys = {}
        for line in text.splitlines(keepends=True):
            heading = re.match(r"\[(\w+)( \S+)?", line)
            name = re.match(r"([a-z-]+) =\n", line)
            if heading:
                keys = sections[heading[1], bool(heading[2])]
            elif name:
                self.fields.append((len(self.pieces), keys[name[1]]))
            self.pieces.append(line)

    def edited(self, edits):
        """The text with the numbered fields holding their value 0 or 1, or nothing (None)."""
        pieces = list(self.pieces)
        for number, which in edits.items():
            at, key = self.fields[number]
            pieces[at] = f"{key['key']} =\n" if which is None else entry(key, which)
        return "".join(pieces)


def make_records(how):
    schema = json.loads(run("dhrledger", "schema", "-O", "json"))
    for kind, (path, text) in RECORDS.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    run("dhrledger", "fmt")
    for kind, (path, _) in RECORDS.items():
        sections = {
            (section["section"], section["label"] != "none"): {
                key["key"]: key for key in section["keys"]
            }
            for section in schema["sections"]
            if section["record"] == kind
        }
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if how == "dense":
            text = text.replace("\n\n", "\n")
        yield kind, Record(text, sections)


def three_versions(record, how, first, second):
    """Base, one branch, the other branch, and what the merge should give."""
    before = 0 if how in ("change", "clear") else None
    base = {number: before for number in range(len(record.fields))}
    ours = {first: {"change": 1, "clear": None}.get(how, 0)}
    theirs = {second: 1 if how in ("change", "clear") else 0}
    return tuple(
        record.edited(edits)
        for edits in (base, base | ours, base | theirs, base | ours | theirs)
    )


def commit(branch, files, parent=None):
    """A commit in git fast-import's language."""
    lines = [f"commit refs/heads/{branch}\n", "committer A <a@example.org> 0 +0000\n", "data 0\n"]
    if parent:
        lines.append(f"from refs/heads/{parent}\n")
    for path, text in files.items():
        lines.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    return "".join(lines)


def blob_id(text):
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def merge(pairs):
    """Merge all files at once: the merged blobs' ids, and the paths that conflict."""
    run("git", "init", "-q", "--bare", "pairs.git")
    git = ("git", "-C", "pairs.git")
    stream = [
        commit(branch, {path: versions[i] for path, versions in pairs.items()}, parent)
        for i, (branch, parent) in enumerate([("base", None), ("ours", "base"), ("theirs", "base")])
    ]
    run(*git, "fast-import", "--quiet", data="".join(stream).encode())
    merged = subprocess.run(
        (*git, "merge-tree", "--write-tree", "--name-only", "--no-messages", "ours", "theirs"),
        stdout=subprocess.PIPE,
        check=False,
    )
    if merged.returncode > 1:
        sys.exit("git merge-tree failed")
    tree, *conflicts = merged.stdout.decode().split("\n")[:-1]
    blobs = {}
    for line in run(*git, "ls-tree", "-r", tree).decode().splitlines():
        mode_type_id, path = line.split("\t")
        blobs[path] = mode_type_id.split(" ")[2]
    return blobs, set(conflicts)


def make_pairs(how):
    """The versions of each pair's file, what the pair is, and which are neighbours."""
    farthest = {"clear": 3, "dense": 1}.get(how)
    pairs, names, neighbours = {}, {}, set()
    for kind, record in make_records(how):
        for first, second in itertools.combinations(range(len(record.fields)), 2):
            if farthest and second - first > farthest:
                continue
            path = f"{kind}-{first}-{second}.ini"
            turned = how == "clear" and (first + second) % 2
            order = (second, first) if turned else (first, second)
            pairs[path] = three_versions(record, how, *order)
            # Prose leaves the line of its key as it is, between the two edits.
            (at, key), (next_at, next_key) = record.fields[first], record.fields[second]
            if at + 1 == next_at and next_key["type"] != "prose":
                neighbours.add(path)
            names[path] = f"{key['key']} and {next_key['key']}"
    return pairs, names, neighbours


def main(how):
    pairs, names, neighbours = make_pairs(how)
    blobs, conflicts = merge(pairs)
    if how == "dense":
        print(f"    {len(neighbours)} pairs of neighbours, {len(conflicts)} conflicts")
        return not neighbours or not neighbours <= conflicts
    bad = [path for path in pairs if path in conflicts or blobs[path] != blob_id(pairs[path][3])]
    for path in bad[:10]:
        print(f"    {path}: {names[path]}: {'conflict' if path in conflicts else 'not both'}")
    print(f"    {len(pairs)} pairs, {len(bad)} of them bad")
    return bool(bad) or len(pairs) < 200


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
