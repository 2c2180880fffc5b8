"""A ledger in git, the program at work on it, and what its files say without the program."""
import csv
import io
import os
import re
import subprocess
import sys

import ledgers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "property"))
from read_record import Reader, squeeze  # noqa: E402

PROGRAM = os.environ["DHRLEDGER"]
DATA = ["response", "response-due", "responded-on", "status", "lead", "action", "milestone", "due",
        "due-original", "due-reason", "implemented-on", "outcome", "evidence", "verified-on",
        "verified-by", "closed-on", "closed-reason", "note"]
MORE = ["text-corrected", "page", "scope", "kind", "theme", "priority", "extraction", "repeats",
        "superseded-by"]
KINDS = {**ledgers.RECOMMENDATION, **ledgers.ADDRESSEE}


class Failed(Exception):
    """A property that does not hold: one sentence."""


def expect(holds, sentence, *more):
    if not holds:
        raise Failed(sentence + "".join("\n    %s" % (one,) for one in more))


def column(key):
    return ledgers.COLUMN.get(key, key.replace("-", "_"))


def guarded(text):
    """A cell as the manual says it is written: an apostrophe before what could be a formula."""
    return "'" + text if re.match(r"'*[=+\-@\t\r]", text) else text


class Sheet:
    """A list as a spreadsheet holds it: cells without their apostrophes."""

    def __init__(self, bytes_):
        self.heading, *self.rows = csv.reader(io.StringIO(bytes_.decode("utf-8"), newline=""),
                                              strict=True)
        self.rows = [[cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell for cell in row]
                     for row in self.rows]

    def at(self, heading):
        return self.heading.index(heading)

    def get(self, row, heading):
        return self.rows[row][self.at(heading)]

    def put(self, row, heading, value):
        self.rows[row][self.at(heading)] = value

    def save(self, path, chance):
        """As one of the many programs would write it."""
        encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig"])
        with open(path, "w", newline="", encoding=encoding) as file:
            writer = csv.writer(file, delimiter=chance.choice(",,;\t"),
                                lineterminator=chance.choice(["\r\n", "\n"]),
                                quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
            writer.writerow(self.heading)
            writer.writerows([guarded(cell) for cell in row] for row in self.rows)


def is_sound(said):
    """Whether check found no error; the fixtures and Durham have warnings, which are true."""
    return said.endswith("no findings\n") or ": 0 errors, " in said.split("\n")[-2]


class Ledger:
    """The ledger in a folder, which becomes a repository. Its maker has what is random here."""

    def __init__(self, maker):
        self.maker, self.root, self.number = maker, maker.root, 0
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "Invented")
        status, said, _ = self.run("check")
        expect(status == 0 and is_sound(said), "the ledger is not sound", said)

    def git(self, *words):
        return subprocess.run(["git", "-C", self.root, *words], check=True,
                              stdout=subprocess.PIPE).stdout.decode("utf-8", "surrogateescape")

    def run_raw(self, *words):
        done = subprocess.run([PROGRAM, *words], cwd=self.root, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout, done.stderr

    def run(self, *words):
        status, said, complaints = self.run_raw(*words)
        return status, said.decode("utf-8"), complaints.decode("utf-8")

    def ask(self, *words):
        """What a report prints; it must go well."""
        status, said, complaints = self.run_raw(*words)
        expect(status == 0, "%s ended with %d" % (" ".join(words), status), complaints)
        return said

    def sheet(self, *words):
        return Sheet(self.ask("list", "-O", "csv", *words))

    def head(self):
        return self.git("rev-parse", "HEAD").strip()

    def state(self):
        """The commit, the files and whether they differ from it."""
        return self.head(), self.git("status", "--porcelain"), self.values()

    def paths(self):
        for folder, _, names in os.walk(self.root):
            for name in sorted(names):
                if name.endswith(".ini") and ".git" not in folder.split(os.sep):
                    yield os.path.relpath(os.path.join(folder, name), self.root)

    def values(self):
        """What the files say: lists of values by (path, section's heading, key)."""
        found = {}
        for path in self.paths():
            reader = Reader((), ())
            with open(os.path.join(self.root, path), "rb") as file:
                reader.read(file.read())
            result = reader.result()
            expect(not result["faults"], "%s has faults" % path, result["faults"])
            for heading, *entries in result["sections"]:
                for key, value in entries:
                    found.setdefault((path, heading, key), []).append(value)
        return found

    def value(self, id, heading, key):
        return self.values().get(("reviews/%s.ini" % id, heading, key), [])

    def import_sheet(self, sheet, *words):
        """Save it outside the work tree, and import it."""
        self.number += 1
        path = "%s.%d.csv" % (self.root, self.number)
        sheet.save(path, self.maker.chance)
        return self.run("import", *words, path)


def difference(before, after):
    """What changed between two states of the files: (old, new) by place."""
    return {place: (before.get(place, []), after.get(place, []))
            for place in sorted({*before, *after}) if before.get(place) != after.get(place)}


def owners(data):
    """Whose each line of a file is: a section's heading and a key, or (heading, None)."""
    heading, key, found = None, None, []
    for line in data.decode("utf-8").split("\n"):
        visible = line.strip(" \t")
        if not visible:
            found.append("blank")
        elif visible[0] in "#;":
            found.append("comment")
        elif line[0] in " \t":
            found.append((heading, key))
        elif visible[0] == "[":
            heading, key = squeeze(visible[1:-1]), None
            found.append((heading, key))
        else:
            key = line.partition("=")[0].strip(" \t")
            found.append((heading, key))
    return found


def changed_lines(ledger, path):
    """Owners of the lines that the last commit took out of a file, and put into it."""
    old = ledger.git("show", "HEAD~1:" + path).encode("utf-8", "surrogateescape")
    new = ledger.git("show", "HEAD:" + path).encode("utf-8", "surrogateescape")
    out, put = [], []
    for line in ledger.git("diff", "-U0", "--no-color", "HEAD~1", "HEAD", "--", path).split("\n"):
        hunk = re.match(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", line)
        if hunk:
            first, count, start, length = (1 if part is None else int(part)
                                           for part in hunk.groups())
            out += owners(old)[first - 1:first - 1 + count] if count else []
            put += owners(new)[start - 1:start - 1 + length] if length else []
    return out, put
