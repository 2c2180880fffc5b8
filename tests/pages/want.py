#!/usr/bin/env python3
"""What the program makes of each page here, against what must come out.

    want.py PROGRAM FOLDER [NAME]

NAME.want has a line for each thing:

    # what the page is for
    know NAME = ALIAS     an agency that the ledger has beforehand; the alias may be missing
    list NAME             a name in the file for --agencies
    exit N                the exit status of a plain import
    fact KEY = VALUE      what review.ini holds, all of it; | for a new paragraph
    row NUMBER | TEXT | ADDRESSEE | …
    unplaced LINE         a line of the page where a row is reported
    leftover LINE         … or a line that nothing was recorded of
    remark LINE           … or addressees that deserve a look
    refused LINE          the page is refused as a whole, because of this line
    says WORDS            words in what is said on standard error

With exit 1, a plain import must write nothing; the rows are those of --partial.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
from oracle import read  # noqa: E402

PLACES = {"can't be placed": "unplaced", "not recorded": "leftover", "addressed to": "remark"}


def wanted(path):
    """The lines of a NAME.want by their first word."""
    want = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        word, _, rest = line.partition(" ")
        if word and word != "#":
            want.setdefault(word, []).append(rest.strip(" "))
    return want


def ledger(folder, want):
    """A new ledger with the agencies of "know"."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "reviews").mkdir(parents=True)
    (folder / "agencies").mkdir()
    for number, text in enumerate(want.get("know", [])):
        name, _, alias = text.partition(" = ")
        record = "[agency]\nname = %s\nkind = other\n" % name
        record += "alias = %s\n" % alias if alias else ""
        (folder / "agencies" / ("known-%d.ini" % number)).write_text(record, encoding="utf-8")
    (folder / "names").write_text("".join(n + "\n" for n in want.get("list", [])), encoding="utf-8")


def cells(row):
    """A row's cells; a mark behind a backslash divides none."""
    return [cell.strip(" ") for cell in re.split(r"(?<!\\)\|", row)]


def found(folder):
    """Facts and rows of the one review there, or nothing."""
    facts, rows = [], []
    for path in sorted((folder / "reviews").rglob("*.ini")):
        words, keys = read(path)[0]
        if words == ["review"]:
            facts = ["%s = %s" % (key, value.replace("\n", "|"))
                     for key, values in keys.items() for value in values]
        else:
            rows.append((keys.get("number") or [""])[:1] + keys["text"] + keys["addressed-to"])
    return facts, rows


def run(program, folder, page, *options):
    done = subprocess.run([program, "import", "--agencies", "names", *options, page.name],
                          cwd=folder, capture_output=True, check=False, timeout=60)
    said = done.stderr.decode("utf-8")
    places = {word: [] for word in PLACES.values()}
    for line, what in re.findall("^%s:([0-9]+): (%s): " % (re.escape(page.name), "|".join(PLACES)),
                                 said, re.MULTILINE):
        places[PLACES[what]].append(line)
    return done.returncode, places, said


def differences(program, folder, page):
    """A line for each thing that is not as it must be."""
    want = wanted(page.with_suffix(".want"))
    ledger(folder, want)
    shutil.copy(page, folder / page.name)
    status, places, said = run(program, folder, page)
    if [str(status)] != want["exit"]:
        yield "exit %s" % status
    for word, lines in places.items():
        if lines != want.get(word, []):
            yield "%s %s" % (word, " ".join(lines))
    for words in want.get("says", []):
        if words not in said:
            yield "not said: " + words
    for line in want.get("refused", []):
        if "%s:%s: " % (page.name, line) not in said:
            yield "line %s isn't named" % line
    if status:
        if found(folder) != ([], []) or len(os.listdir(folder / "agencies")) != len(
                want.get("know", [])):
            yield "something was written"
        again = run(program, folder, page, "--partial")
        if again[:2] != (status, places):
            yield "--partial: exit %s, %s" % again[:2]
    facts, rows = found(folder)
    if want.get("row") and sorted(facts) != sorted(want.get("fact", [])):
        yield "facts: %s" % facts
    rest = [cells(row) for row in want.get("row", [])]
    for row in rows:
        if row in rest:
            rest.remove(row)
        else:
            yield "row " + " | ".join(row)
    for row in rest:
        yield "missing: row " + " | ".join(row)


def main():
    program, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    passed = failed = 0
    for page in sorted(HERE.glob("*.page")):
        if sys.argv[3:] and sys.argv[3] != page.stem:
            continue
        wrong = list(differences(program, scratch / "ledger", page))
        for line in wrong:
            print("%s: %s" % (page.stem, line))
        print("%s pages-%s" % ("not ok" if wrong else "ok", page.stem))
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0 or passed == 0)


main()
