"""What the reports print for other programs: formats agree, and no cell is a formula."""
import csv
import io
import json
import re

import ledgers
from running import DATA, MORE, Sheet, column, expect


def cell(value):
    """A value of JSON as a cell, without an apostrophe."""
    if value is None:
        return ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def markdown_cells(line):
    """The cells of a row, with its marks taken back."""
    parts = re.findall(r"(?:\\.|[^|\\])*\|", line)[1:]
    return [re.sub(r"\\(.)", r"\1", part[1:-2].replace("<br>", "\n")) for part in parts]


def from_files(ledger, row):
    """What the files say about the keys of a row, as JSON would."""
    values = ledger.all_values
    for key in DATA + MORE + list(ledgers.NEVER_EDITED):
        section = "agency " + row["agency"] if key in ledgers.ADDRESSEE else "recommendation"
        kinds = ledgers.ADDRESSEE if key in ledgers.ADDRESSEE else ledgers.RECOMMENDATION
        found = values.get(("reviews/%s.ini" % row["id"], section, key), [])
        many = isinstance(kinds[key], str) and kinds[key].endswith("*")
        yield column(key), found if many else (found[0] if found else None)


def safe(text):
    """Whether a table for people shows it as it is."""
    return all(c.isprintable() or c in "\n\u00a0\u202f" for c in text)


def agree(ledger, chance):
    ledger.all_values = ledger.values()
    names = ["id", "agency", "number", "addressed_to", "text", *map(column, DATA + MORE)]
    words = ["list", "--columns", ",".join(names)]
    whole = json.loads(ledger.ask(*words, "-O", "json"))
    expect(whole["format"] == "dhrledger.list" and whole["today"] == "2026-11-24", "its head", whole)
    rows = whole["rows"]
    held = {(place[0], place[1]) for place in ledger.all_values if place[1].startswith("agency ")}
    listed = [("reviews/%s.ini" % row["id"], "agency " + row["agency"]) for row in rows]
    expect(sorted(listed) == sorted(held), "not every agency's section is listed once", listed)
    for row in rows:
        for name, value in from_files(ledger, row):
            expect(row[name] == value, "%s: JSON and the file differ" % name, row[name], value)
    lines = ledger.ask(*words, "-O", "ndjson").decode("utf-8").split("\n")
    expect(lines[-1] == "" and json.loads(lines[0])["format"] == "dhrledger.list", "NDJSON's ends")
    expect([json.loads(line) for line in lines[1:-1]] == rows, "NDJSON and JSON differ")
    sheet = Sheet(ledger.ask(*words, "-O", "csv"))
    expect(sheet.rows == [[cell(row[name]) for name in names] for row in rows],
           "CSV and JSON differ")
    head, rule, *table = ledger.ask(*words, "-O", "md").decode("utf-8").split("\n")[:-1]
    expect(markdown_cells(head) == sheet.heading, "Markdown's headings", head)
    expect(len(table) == len(rows), "Markdown has %d rows" % len(table))
    for line, cells in zip(table, sheet.rows):
        got = markdown_cells(line)
        expect(len(got) == len(cells), "a row of Markdown has %d cells" % len(got), line)
        for have, want in zip(got, cells):
            expect(not safe(want) or have == want, "Markdown and CSV differ", have, want)


def no_formulas(ledger, chance):
    """No cell of any report begins as a formula does; what the apostrophe hides comes back."""
    names = ["id", "agency", "agency_name", "review", "number", "addressed_to", "text", "title",
             "csp", "summary", "source", "statutory_basis", *map(column, DATA + MORE)]
    reports = [["list"], ["list", "--columns", ",".join(names)], ["list", "--group-by", "lead"],
               ["overdue"], ["due", "--within", "9999d"], ["gaps"], ["status"], ["agencies"],
               ["export"]]
    reports += [["show", id] for id in ledger.maker.others[:3]]
    for words in reports:
        said = ledger.ask(*words, "-O", "csv").decode("utf-8")
        for row in csv.reader(io.StringIO(said, newline=""), strict=True):
            for one in row:
                expect(one[:1] not in tuple("=+-@\t\r") or re.fullmatch(r"-\d+", one),
                       "%s: a cell is a formula" % " ".join(words), one)
    said = json.loads(ledger.ask("list", "-O", "json", "--columns", ",".join(names)))
    sheet = ledger.sheet("--columns", ",".join(names))
    expect(sheet.rows == [[cell(row[name]) for name in names] for row in said["rows"]],
           "the apostrophe does not come off")
