#!/usr/bin/env python3
"""The list goes out as CSV and comes back: roundtrip.py FOLDER ROUNDS SEED [PROPERTY]

Each property is tried on ROUNDS random ledgers, numbered from SEED.
"""
import os
import shutil
import sys
import traceback

import editing
import ledgers
import outputs
from editing import expect_nothing, import_edits, pick
from running import DATA, MORE, Failed, Ledger, Sheet, column, expect

ALL = "id,agency,agency_name," + ",".join(column(key) for key in DATA + MORE) + ",ledger_revision"
REVIEW = "title csp type published year_of_death summary source".split()


def some_columns(chance):
    """Some of them in any order, with those that a row is found by."""
    names = [column(key) for key in DATA + MORE] + REVIEW + [
        "agency_name", "review", "number", "addressed_to", "rag", "text", "missing", "days_late",
        "days_left", "action_number", "recommendations", "accessed", "commissioned_by"]
    names = chance.sample(names, chance.randint(2, len(names))) + [
        "id", "agency", "ledger_revision"]
    chance.shuffle(names)
    return ",".join(names)


def unchanged(ledger, chance):
    expect_nothing(ledger, ledger.sheet())
    expect_nothing(ledger, ledger.sheet("--columns", ALL))
    # And byte for byte as it was written.
    path = ledger.root + ".csv"
    with open(path, "wb") as file:
        file.write(ledger.ask("list", "-O", "csv"))
    before = ledger.state()
    status, said, complaints = ledger.run("import", "--commit", path)
    expect(status == 0 and not said and ledger.state() == before, "the list itself", complaints)


def one_cell(ledger, chance):
    sheet = ledger.sheet("--columns", ALL)
    for edit in pick(ledger, sheet):
        edit.type_in(sheet)
        import_edits(ledger, sheet, [edit])


def several_cells(ledger, chance):
    sheet = ledger.sheet("--columns", ALL)
    edits = pick(ledger, sheet, chance.randint(2, 6))
    for edit in edits:
        edit.type_in(sheet)
    import_edits(ledger, sheet, edits)


def emptied(ledger, chance):
    """An empty cell unsets what it held, except what must be there."""
    sheet = ledger.sheet("--columns", ALL)
    for edit in pick(ledger, sheet, 1, lambda edit: edit.old and edit.key != "status"):
        edit.new = []
        sheet.put(edit.row, edit.heading, chance.choice(["", " ", "   "]))
        import_edits(ledger, sheet, [edit])
    sheet = ledger.sheet()
    before = ledger.state()
    sheet.put(chance.randrange(len(sheet.rows)), "Status", "")
    status, _, said = ledger.import_sheet(sheet, "--commit")
    expect(status == 1 and "Status" in said and ledger.state() == before, "no status", said)


def moved_target(ledger, chance):
    """A target that moves wants its reason; the first one is kept."""
    sheet = ledger.sheet()
    sheet.chance = chance
    rows = [row for row in range(len(sheet.rows)) if sheet.get(row, "Target date")]
    if not rows:
        return
    row, values = chance.choice(rows), ledger.values()
    due = editing.Edit(values, sheet, row, "due")
    reason = editing.Edit(values, sheet, row, "due-reason")
    original = editing.Edit(values, sheet, row, "due-original", due.old)
    due.new = [editing.new_date(ledger, due.old[0])] if chance.random() < 0.7 else []
    sheet.put(row, due.heading, "".join(due.new))
    before = ledger.state()
    status, _, said = ledger.import_sheet(sheet, "--commit")
    expect(status == 1 and "say why" in said and ledger.state() == before, "no reason", said)
    reason.new = editing.new_items(ledger, "due-reason", reason.old)
    sheet.put(row, reason.heading, reason.new[0])
    import_edits(ledger, sheet, [due, reason] + ([] if original.old else [original]))


def changed_meanwhile(ledger, chance):
    """What somebody else changed since is told and kept; the rest can still be taken."""
    sheet, other = ledger.sheet("--columns", ALL), ledger.sheet("--columns", ALL)
    edits = pick(ledger, sheet, 2)
    first, other.chance = edits[0], chance
    theirs = editing.Edit(ledger.values(), other, first.row, first.key,
                          editing.new_items(ledger, first.key, first.old))
    theirs.type_in(other)
    import_edits(ledger, other, [theirs])
    expect_nothing(ledger, sheet)
    expect_nothing(ledger, other)
    if theirs.new == first.new or len(edits) < 2:
        return
    for edit in edits:
        edit.type_in(sheet)
    before = ledger.state()
    status, said, complaints = ledger.import_sheet(sheet, "--commit")
    expect(status == 1 and "left alone" in complaints and first.id in complaints and
           first.heading in complaints, "not told", first, theirs, complaints)
    expect(ledger.state() == before, "overwritten", first, theirs)
    status, said, complaints = ledger.import_sheet(sheet, "--commit", "--partial")
    expect(status == 1, "--partial ended with %d" % status, complaints)
    editing.expect_edits(ledger, before, edits[1:])


def rearranged(ledger, chance):
    """Rows and columns left out, in another order, sorted, or found by a query."""
    words = ["--columns", some_columns(chance)]
    if chance.random() < 0.5:
        words += ["--sort", chance.choice(["due", "-status", "agency,-id", "text", "lead"])]
    if chance.random() < 0.5:
        words += [chance.choice(["status:open", "-status:open,closed", "-due:none", "-kind:process",
                                 "text:a", "agency:*e*", "priority:none"])]
    sheet = ledger.sheet(*words)
    if chance.random() < 0.5:
        chance.shuffle(sheet.rows)
    if sheet.rows and chance.random() < 0.5:
        sheet.rows = chance.sample(sheet.rows, chance.randint(1, len(sheet.rows)))
    if chance.random() < 0.3:
        order = chance.sample(range(len(sheet.heading)), len(sheet.heading))
        sheet.heading = [sheet.heading[i] for i in order]
        sheet.rows = [[row[i] for i in order] for row in sheet.rows]
    if not sheet.rows:
        return
    expect_nothing(ledger, sheet)
    for edit in pick(ledger, sheet):
        edit.type_in(sheet)
        import_edits(ledger, sheet, [edit])


def own_columns(ledger, chance):
    """A column of one's own is named, unless it is empty or said to be ignored."""
    sheet = ledger.sheet()
    place = chance.randint(0, len(sheet.heading))
    sheet.heading.insert(place, "My remarks")
    for row in sheet.rows:
        row.insert(place, "")
    expect_nothing(ledger, sheet)
    sheet.rows[-1][place] = ledgers.text(chance)
    before = ledger.state()
    status, _, said = ledger.import_sheet(sheet, "--commit")
    expect(status == 1 and "My remarks" in said and ledger.state() == before, "not named", said)
    for edit in pick(ledger, sheet):
        edit.type_in(sheet)
        import_edits(ledger, sheet, [edit], "--map-column", "My remarks=ignore")


def fixed_columns(ledger, chance):
    """What import never changes is named where it was edited."""
    names = ["number", "addressed_to", "text", "agency_name", "review", *REVIEW]
    sheet = ledger.sheet("--columns", "id,agency,ledger_revision," + ",".join(names))
    name = chance.randrange(3, len(sheet.heading))
    row = chance.randrange(len(sheet.rows))
    sheet.rows[row][name] = chance.choice(["Something else", "2999", "'= else"])
    before = ledger.state()
    status, _, said = ledger.import_sheet(sheet, "--commit")
    expect(status == 1 and ledger.state() == before and sheet.heading[name] in said,
           "%s was edited, and that ended with %d" % (sheet.heading[name], status), said)


def at_a_commit(ledger, chance):
    """An older list is what it was, and says nothing about what came later."""
    old = ledger.ask("list", "-O", "csv")
    for _ in range(2):
        sheet = ledger.sheet("--columns", ALL)
        for edit in pick(ledger, sheet):
            edit.type_in(sheet)
            import_edits(ledger, sheet, [edit])
    now = ledger.ask("list", "-O", "csv", "--at", "HEAD~2")
    expect(now == old, "the list at a commit differs from the list then")
    expect_nothing(ledger, Sheet(old))
    sheet, now = Sheet(old), ledger.sheet()
    for edit in pick(ledger, sheet, 1, lambda edit: sheet.get(edit.row, edit.heading) ==
                     now.get(edit.row, edit.heading)):
        edit.type_in(sheet)
        import_edits(ledger, sheet, [edit])


def actions(ledger, chance):
    """A row of `due` may be about one action of an agency."""
    names = "id,agency,action_number,status,lead,due,outcome,evidence,text,ledger_revision"
    sheet = Sheet(ledger.ask("due", "-O", "csv", "--within", "9999d", "--columns", names))
    rows = [row for row in range(len(sheet.rows)) if sheet.get(row, "Action number")]
    if not sheet.rows:
        return
    expect_nothing(ledger, sheet)
    row = chance.choice(rows or range(len(sheet.rows)))
    edit = editing.Edit({}, sheet, row, "outcome", ["It is done."])
    if sheet.get(row, "Action number"):
        edit.section = "action %s %s" % (edit.agency, sheet.get(row, "Action number"))
    edit.place = (edit.place[0], edit.section, "outcome")
    edit.old = ledger.values().get(edit.place, [])
    sheet.put(row, "Outcome", "It is done.")
    before = ledger.state()
    status, _, said = ledger.import_sheet(sheet, "--commit")
    expect(status == 0, "the import ended with %d" % status, said)
    changed = editing.difference(before[2], ledger.values())
    expect(changed == {edit.place: (edit.old, edit.new)}, "not what was edited", changed)


PROPERTIES = [unchanged, one_cell, several_cells, emptied, moved_target, changed_meanwhile,
              rearranged, own_columns, fixed_columns, at_a_commit, actions, outputs.agree,
              outputs.no_formulas]


def try_one(holds, folder, seed):
    root = os.path.join(folder, "%s-%d" % (holds.__name__, seed))
    maker = ledgers.Maker(root, seed)
    maker.make()
    ledger = Ledger(maker)
    maker.chance.seed("%s %d" % (holds.__name__, seed))
    holds(ledger, maker.chance)
    for name in os.listdir(folder):
        if name.startswith(os.path.basename(root) + "."):
            os.remove(os.path.join(folder, name))
    shutil.rmtree(root)


def main(folder, rounds, first, only=None):
    passed = failed = 0
    for holds in PROPERTIES:
        name = holds.__name__.replace("_", "-")
        if only not in (None, name):
            continue
        try:
            for seed in range(int(first), int(first) + int(rounds)):
                try_one(holds, folder, seed)
        except Exception as wrong:  # a tool that fails is a failure of this round, too
            print(wrong if isinstance(wrong, Failed) else traceback.format_exc())
            print("the ledger: make test-roundtrip TEST=%s SEED=%d ROUNDS=1" % (name, seed))
            print("not ok " + name)
            failed += 1
        else:
            print("ok " + name)
            passed += 1
        sys.stdout.flush()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
