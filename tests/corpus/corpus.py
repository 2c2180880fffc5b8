#!/usr/bin/env python3
"""What check says of each case here, against what it must say: corpus.py FOLDER [NAME]

A case is a change to a small sound ledger, from which one ledger is made for each:

    == due-in-words: DL040          its name, and the codes of all findings; or "sound"
    # what it is about
    @ reviews/exampleshire-2019/1.ini     the record that is changed (this one, if none is named);
                                          one that isn't there begins as a plain one of its kind
    [agency exampleshire-police]          the section, made if it isn't there; at first, the first
    due = soon                            set a key; \\n in a value is a paragraph's end
    note += 2026-01-02 Asked.             a further item of a list
    - [agency exampleshire-police]        take the section away
    - due                                 … or the key, with its line
    ~ due = soon ~> due: soon             in the finished bytes: the first OLD becomes NEW
    + # a comment                         … a line at the end

    > file PATH BYTES      what is no record: \\n, \\t, \\xNN and \\uNNNN are escapes
    > link PATH TARGET     > folder PATH     > remove PATH     > rename PATH PATH
    > executable PATH      > big PATH SIZE  > empty PATH

    for: A | B | C         the case once for each, with {a} in its place, NAME-1, NAME-2, …;
                           "A => B" has {b}, too

Records are written in canonical layout by a writer that has nothing of the program's. Words,
names and numbers are invented, but for the names of public bodies in public-bodies.txt.
"""
import codecs
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
KEYS = {
    "review": "title type csp commissioned-by published year-of-death recommendations summary source "
              "page-url report-url statutory-basis accessed notified commissioned completed submitted "
              "qa-panel qa-letter sent-to-commissioner plan-closed same-as formerly*",
    "recommendation": "number order* addressed-to text text-corrected page scope kind theme priority "
                      "extraction repeats superseded-by formerly*",
    "agency-of": "response response-due responded-on status lead action milestone due due-original "
                 "due-reason implemented-on outcome evidence verified-on verified-by closed-on "
                 "closed-reason note",
    "action": "action lead due due-original due-reason status implemented-on outcome evidence",
    "agency": "name alias kind from to successor placeholder contact region formerly*",
    "ledger": "name due-soon-days stale-days", "severity": "", "people": "", "publish": ""}
BASE = {
    "agencies/exampleshire-police.ini":
        [("agency", {"name": ["Exampleshire Police"], "kind": ["police"]})],
    "agencies/exampleshire-council.ini":
        [("agency", {"name": ["Exampleshire Council"], "kind": ["council"]})],
    "agencies/northmarsh-hospitals.ini":
        [("agency", {"name": ["Northmarsh Hospitals NHS Trust"], "kind": ["nhs-provider"]})],
    "reviews/exampleshire-2019/review.ini":
        [("review", {"title": ["Exampleshire review"], "csp": ["Safer Exampleshire"],
                     "year-of-death": ["2019"], "source": ["Invented for tests"]})],
    "reviews/exampleshire-2019/1.ini":
        [("recommendation", {"number": ["1"], "addressed-to": ["Exampleshire Police"],
                             "text": ["Officers ask about firearms at every call."]}),
         ("agency exampleshire-police", {"status": ["open"]})],
    "reviews/exampleshire-2019/2.ini":
        [("recommendation", {"number": ["2"], "addressed-to": ["Exampleshire Council"],
                             "text": ["The council tells the police whom it houses."]}),
         ("agency exampleshire-council", {"status": ["open"]})]}
FIRST = "reviews/exampleshire-2019/1.ini"


class Wrong(Exception):
    pass


def width(text):
    wide = re.findall("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]", text)
    return len(re.sub("[\u0300-\u036f\u200b-\u200f]", "", text)) + len(wide)


def escaped(line):
    """With a backslash, where it would be read as something else."""
    return "\\" + line if re.match(r"[#;.\\[]|[A-Za-z0-9-]+ *=", line) else line


def folded(key, value):
    """key = value, or the value below it in lines of 76 columns."""
    if "\n" not in value and width(key + " = " + value) <= 78:
        return (key + " = " + value).rstrip(" ") + "\n"
    lines = []
    for number, paragraph in enumerate(value.split("\n")):
        lines += ["."] if number else []
        line = ""
        for word in paragraph.split(" "):
            if line and width(escaped(line + " " + word)) > 76:
                lines.append(escaped(line))
                line = word
            else:
                line = line + " " + word if line else word
        lines.append(escaped(line))
    return key + " =\n" + "".join("  " + line + "\n" for line in lines)


class Record:
    def __init__(self, path, sections):
        self.path = path
        self.sections = [(heading, {key: list(values) for key, values in keys.items()})
                         for heading, keys in sections]
        self.left_out = set()
        self.edits = []

    def section(self, heading):
        for name, keys in self.sections:
            if name == heading:
                return keys
        self.sections.append((heading, {}))
        return self.sections[-1][1]

    def render(self):
        parts = []
        for heading, keys in self.sections:
            word = heading.split(" ")[0]
            names = KEYS.get("agency-of" if word == "agency" and " " in heading else word, "").split()
            known = [name.rstrip("*") for name in names]
            entries = []
            for name in names + [key for key in keys if key not in known]:
                key = name.rstrip("*")
                values = keys.get(key, [] if name.endswith("*") else [""])
                if values and (heading, key) not in self.left_out:
                    entries.append("".join(folded(key, value) for value in values))
            parts.append("[%s]\n" % heading + "\n".join(entries))
        data = "\n".join(parts).encode("utf-8")
        for old, new in self.edits:
            if old is not None and old not in data:
                raise Wrong("%s doesn't hold %r" % (self.path, old))
            data = data + new + b"\n" if old is None else data.replace(old, new, 1)
        return data


def unescape(text):
    """\\n, \\t, \\xNN as a byte and \\uNNNN as a character; all else as it stands."""
    data = b""
    for piece in re.split(r"(\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[nrt0\\])", text):
        if piece.startswith("\\x"):
            data += bytes([int(piece[2:], 16)])
        elif piece.startswith("\\"):
            data += codecs.decode(piece, "unicode_escape").encode("utf-8")
        else:
            data += piece.encode("utf-8")
    return data


def plain(path, nth):
    """A record that a case begins with; its text is no other's of the case."""
    if path == ".dhrledger.ini":
        return []
    name = path.rsplit("/", 1)[1][:-4]
    if path.startswith("agencies/"):
        return [("agency", {"name": [name.replace("-", " ").title()], "kind": ["other"]})]
    if name == "review":
        review = path.split("/")[1]
        return [("review", {"title": ["Review of " + review], "csp": ["Safer " + review],
                            "source": ["Invented for tests"]})]
    return [("recommendation", {"number": [name], "addressed-to": ["Exampleshire Police"],
                                "text": ["The panel meets %d times a year and writes down who came." % nth]}),
            ("agency exampleshire-police", {"status": ["open"]})]


class Case:
    def __init__(self, source, name, expected, lines):
        self.source, self.name, self.lines = source, name, lines
        self.expected = sorted([] if expected == "sound" else expected.split())

    def build(self, root):
        records = {path: Record(path, sections) for path, sections in BASE.items()}
        things, record, keys = [], records[FIRST], None
        for line in self.lines:
            mark, _, rest = line.partition(" ")
            setting = re.match(r"([^ =]+) (\+?=)(?: (.*))?$", line)
            if mark == "@":
                record = records.setdefault(rest, None) or Record(rest, plain(rest, len(records)))
                records[rest], keys = record, None
            elif line.startswith("["):
                keys = record.section(line[1:-1])
            elif mark == ">":
                things.append(rest.split(" ", 2))
            elif mark == "~":
                old, _, new = rest.partition(" ~> ")
                record.edits.append((unescape(old), unescape(new)))
            elif mark == "+":
                record.edits.append((None, unescape(rest)))
            elif mark == "-" and rest.startswith("["):
                record.sections = [(h, k) for h, k in record.sections if "[%s]" % h != rest]
            elif mark == "-":
                heading = next(h for h, k in record.sections
                               if k is (record.sections[0][1] if keys is None else keys))
                record.left_out.add((heading, rest))
            elif setting:
                keys = record.sections[0][1] if keys is None else keys
                key, how, value = setting.groups()
                value = (value or "").replace("\\n", "\n")
                keys[key] = keys.get(key, []) + [value] if how == "+=" else [value]
            else:
                raise Wrong("%s: not understood: %s" % (self.name, line))
        for path, one in records.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(one.render())
        for what in things:
            thing(root, *what)

    def run(self, program, folder):
        """None, or what is wrong."""
        root = folder / self.name
        try:
            self.build(root)
        except (Wrong, OSError) as wrong:
            return "can't be made: %s" % wrong
        done = subprocess.run([program, "check", "-O", "json", "-C", str(root)],
                              capture_output=True, check=False, timeout=60)
        try:
            findings = json.loads(done.stdout)["rows"]
        except ValueError:
            return "ended with %d: %s" % (done.returncode, done.stderr.decode("utf-8", "replace"))
        found = sorted(finding["code"] for finding in findings)
        shutil.rmtree(root)
        if found == self.expected:
            return None
        said = ["%s:%s: %s [%s]" % (f["path"], f.get("line"), f["message"], f["code"]) for f in findings]
        return "expected %s, and check said:\n    %s" % (
            " ".join(self.expected) or "nothing", "\n    ".join(said) or "nothing")


def thing(root, what, path, rest=""):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if what == "file":
        target.write_bytes(unescape(rest))
    elif what == "empty":
        target.touch()
    elif what == "link":
        os.symlink(rest, target)
    elif what == "folder":
        target.mkdir()
    elif what == "remove":
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    elif what == "rename":
        (root / rest).parent.mkdir(parents=True, exist_ok=True)
        target.rename(root / rest)
    elif what == "executable":
        target.chmod(0o755)
    elif what == "big":
        target.write_bytes(b"[recommendation]\n" + b"# filling\n" * (int(rest) // 10))
    else:
        raise Wrong("not understood: > " + what)


def cases_of(path):
    text = path.read_text(encoding="utf-8")
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, *lines = block.rstrip("\n").split("\n")
        name, _, expected = head.partition(": ")
        lines = [line for line in lines if line and not line.startswith("# ")]
        many = [line[5:].split(" | ") for line in lines if line.startswith("for: ")]
        lines = [line for line in lines if not line.startswith("for: ")]
        if not many:
            yield Case(path, name, expected, lines)
        for number, value in enumerate(sum(many, []), 1):
            a, _, b = value.partition(" => ")
            yield Case(path, "%s-%d" % (name, number), expected,
                       [line.replace("{a}", a).replace("{b}", b) for line in lines])


def public_bodies():
    """Each name as an agency, and as the addressee of a recommendation."""
    names = [line for line in (HERE / "public-bodies.txt").read_text(encoding="utf-8").split("\n")
             if line and not line.startswith("#")]
    lines = []
    for number, name in enumerate(names, 101):
        lines += ["@ agencies/body-%d.ini" % number, "name = " + name,
                  "@ reviews/exampleshire-2019/%d.ini" % number, "addressed-to = " + name]
    return Case(HERE / "public-bodies.txt", "public-bodies", "sound", lines)


def main():
    folder, only = pathlib.Path(sys.argv[1]), (sys.argv[2:] or [""])[0]
    program = os.environ["DHRLEDGER"]
    cases = [case for kind in ("faulty", "sound") for path in sorted((HERE / kind).glob("*.cases"))
             for case in cases_of(path)] + [public_bodies()]
    names = [case.name for case in cases]
    doubled = sorted({name for name in names if names.count(name) > 1})
    # One that is named for a finding raises it.
    misnamed = [case.name for case in cases if case.source.parent.name == "faulty" and
                case.source.stem.upper() not in case.expected]
    passed = failed = 0
    wanted = [case for case in cases if not only or case.name == only]
    with ThreadPoolExecutor(2) as pool:
        for case, wrong in zip(wanted, pool.map(lambda case: case.run(program, folder), wanted)):
            if wrong:
                print("%s (%s): %s" % (case.name, case.source.name, wrong))
            print(("not ok " if wrong else "ok ") + case.name)
            passed, failed = passed + (not wrong), failed + bool(wrong)
    counts = {kind: sum(case.source.parent.name == kind for case in cases) for kind in ("faulty", "sound")}
    if not only:
        bad = doubled or misnamed or counts["faulty"] < 200 or counts["sound"] < 300
        print("%d faulty and %d sound records%s" % (
            counts["faulty"], counts["sound"],
            "; named twice: %s; not for their file's finding: %s" % (doubled, misnamed) if bad else ""))
        print(("not ok " if bad else "ok ") + "enough-cases")
        passed, failed = passed + (not bad), failed + bool(bad)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


main()
