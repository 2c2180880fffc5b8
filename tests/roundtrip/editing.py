"""Edits as people make them in a sheet: a cell's new value, and what must come of it."""
import re

import ledgers
from running import (DATA, KINDS, MORE, changed_lines, difference, expect, guarded, is_sound,
                     owners)


def first_day(date):
    return (date + "-01-01")[:10] if len(date) == 4 else (date + "-01")[:10]


def new_date(ledger, old):
    """Not a day that a spreadsheet could have made of a month or a year."""
    while True:
        date = ledgers.day(ledger.maker.chance)
        if not old or first_day(date) != first_day(old):
            return date


def new_items(ledger, key, old):
    """Other items for a key than it has, or None where there are none to be had."""
    chance, kind = ledger.maker.chance, KINDS[key]
    if kind == "date":
        return [new_date(ledger, old[0] if old else None)]
    one = kind[:-1] if isinstance(kind, str) and kind.endswith("*") else kind
    for _ in range(20):
        item = ledger.maker.one(one)
        if one == kind:
            new = [item]
        elif item in old:
            continue
        else:
            new = list(old)
            place = chance.randint(0, len(old))
            new[place:place + chance.randint(0, 1)] = [item]
        if new != old:
            return new
    return None


class Edit:
    """A cell to change: its row, its key, the items before and after."""

    def __init__(self, values, sheet, row, key, new=()):
        self.row, self.key, self.new = row, key, list(new)
        self.id, self.agency = sheet.get(row, "Recommendation"), sheet.get(row, "Agency id")
        self.section = "agency " + self.agency if key in ledgers.ADDRESSEE else "recommendation"
        self.place = ("reviews/%s.ini" % self.id, self.section, key)
        self.old = values.get(self.place, [])
        self.heading = ledgers.HEADING[key]

    def type_in(self, sheet):
        """The cell as somebody may write it: dates day first, words in their own way."""
        chance = sheet.chance
        cell = "\n".join(self.new)
        if KINDS[self.key] == "date" and len(cell) == 10 and chance.random() < 0.3:
            year, month, day = cell.split("-")
            typed = "%s/%s/%s" % (day, month, year)
            # 04/03 for what was 03/04 can't be told from an American spelling; that is asked.
            if not self.old or self.old[0] != "-".join((year, day, month)):
                cell = typed
        elif isinstance(KINDS[self.key], list) and chance.random() < 0.3:
            cell = cell.capitalize().replace("-", " ")
        sheet.put(self.row, self.heading, cell)

    def __str__(self):
        return "%s %s: %r -> %r" % (self.id, self.key, self.old, self.new)


def candidates(values, sheet):
    """Rows and keys that one edit alone can change: a target that moves needs more."""
    for row in range(len(sheet.rows)):
        path = "reviews/%s.ini" % sheet.get(row, "Recommendation")
        for key in DATA + MORE:
            if ledgers.HEADING[key] not in sheet.heading:
                continue
            section = "agency " + sheet.get(row, "Agency id")
            if key in ("due", "due-original") and (values.get((path, section, "due")) or
                                                   values.get((path, section, "due-original"))):
                continue
            yield row, key


def is_forward(edit):
    """A status that moves back, closes or is opened again needs a reason beside it."""
    if edit.key != "status" or not edit.old or not edit.new:
        return True
    moves = [ledgers.STATUS.index(items[0]) for items in (edit.old, edit.new)]
    return moves[0] <= moves[1] and ledgers.STATUS.index("closed") not in moves


def pick(ledger, sheet, count=1, wanted=lambda edit: True):
    """Edits of different places, in random cells."""
    chance, edits, values = ledger.maker.chance, [], ledger.values()
    sheet.chance = chance
    places = list(candidates(values, sheet))
    chance.shuffle(places)
    for row, key in places:
        edit = Edit(values, sheet, row, key)
        edit.new = new_items(ledger, key, edit.old)
        if edit.new and is_forward(edit) and wanted(edit) and all(edit.place != other.place for other in edits):
            edits.append(edit)
        if len(edits) == count:
            break
    return edits


def expect_nothing(ledger, sheet, *words):
    """Importing it changes neither a file nor the history, and says so."""
    before = ledger.state()
    for options in (["-n"], ["--commit"], []):
        status, said, complaints = ledger.import_sheet(sheet, *options, *words)
        expect(status == 0 and "nothing to change" in complaints and not said,
               "importing what was not edited ended with %d" % status, said, complaints)
        expect(ledger.state() == before, "importing what was not edited changed the ledger",
               difference(before[2], ledger.values()))


def shown(items):
    return "; ".join(items) if items else "(unset)"


def expect_trailers(ledger, edits):
    """One Ledger-Change for each edit, with the values where they are short and plain."""
    message = ledger.git("log", "-1", "--format=%B")
    changes = re.findall("^Ledger-Change: (.*)$", message, re.M)
    records = re.findall("^Ledger-Record: (.*)$", message, re.M)
    expect(sorted(records) == sorted({edit.id for edit in edits}), "other records are named",
           message)
    expect(len(changes) == len(edits), "not one Ledger-Change for each field", message)
    for edit in edits:
        whose = edit.section.replace("agency ", "") + " " if edit.key in ledgers.ADDRESSEE else ""
        wanted = "%s%s: %s -> %s" % (whose, edit.key, shown(edit.old), shown(edit.new))
        plain = all(len(item) < 20 and item.isascii() for item in edit.old + edit.new)
        found = [c for c in changes if c.startswith("%s%s: " % (whose, edit.key))]
        expect(found and (wanted in found or not plain or len(edit.old + edit.new) > 2),
               "no Ledger-Change says what changed", wanted, *changes)


def expect_lines(ledger, edits):
    """Only the lines of what was edited changed; one line for a line."""
    for path in {edit.place[0] for edit in edits}:
        mine = {edit.place[1:]: edit for edit in edits if edit.place[0] == path}
        old = ledger.git("show", "HEAD~1:" + path).encode("utf-8", "surrogateescape")
        out, put = changed_lines(ledger, path)
        allowed = {*mine, "blank"}
        if not old.endswith(b"\n"):
            allowed.add(owners(old)[-1])
        strangers = [line for line in out + put if line not in allowed and line != "comment"]
        expect(not strangers and out.count("comment") == put.count("comment"),
               "%s: lines changed that nobody edited" % path, out, put)
        edit = next(iter(mine.values()))
        lines = owners(old).count(edit.place[1:])
        one = len(edit.new) < 2 and all(len(v) <= 36 and "\n" not in v for v in edit.new)
        if len(mine) == 1 and lines == 1 and len(edit.old) < 2 and one and old.endswith(b"\n"):
            expect((out, put) == ([edit.place[1:]], [edit.place[1:]]),
                   "%s: one line should have changed" % path, out, put)


def expect_edits(ledger, before, edits):
    """One commit, with just these fields changed, in a ledger that is sound and clean."""
    changed = difference(before[2], ledger.values())
    wanted = {edit.place: (edit.old, edit.new) for edit in edits}
    expect(changed == wanted, "not what was edited", "wanted %r" % wanted, "got    %r" % changed)
    expect(ledger.git("rev-parse", "HEAD~1").strip() == before[0], "not one commit")
    expect(ledger.git("status", "--porcelain") == "", "the work tree is not clean")
    files = ledger.git("diff", "--name-only", "HEAD~1", "HEAD").split("\n")[:-1]
    expect(sorted(files) == sorted({edit.place[0] for edit in edits}), "other files", files)
    status, said, _ = ledger.run("check")
    expect(status == 0 and is_sound(said), "the ledger is not sound", said)
    expect_trailers(ledger, edits)
    expect_lines(ledger, edits)


def import_edits(ledger, sheet, edits, *words):
    """Import the sheet, first as a plan; what the plan says must be what is done."""
    before = ledger.state()
    told = "\n    ".join(str(edit) for edit in edits)
    status, plan, complaints = ledger.import_sheet(sheet, "-n", "-m", "Why", *words)
    expect(status == 0 and ledger.state() == before, "the plan ended with %d" % status, told,
           complaints)
    status, said, complaints = ledger.import_sheet(sheet, "--commit", "-m", "Why", *words)
    expect(status == 0, "the import ended with %d" % status, told, complaints)
    expect_edits(ledger, before, edits)
    message = ledger.git("log", "-1", "--format=%B")
    expect(message.rstrip("\n") == plan.rstrip("\n"), "the plan said something else", plan, message)
