#!/usr/bin/env python3
"""LibreOffice as the second reader and writer of the list: office.py FOLDER [TEST]"""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from xml.dom import minidom

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "roundtrip"))
import editing  # noqa: E402
import ledgers  # noqa: E402
from roundtrip import ALL  # noqa: E402
from running import Failed, Ledger, Sheet, expect  # noqa: E402

# What LibreOffice is told of a CSV: delimiter, quote, encoding (76 UTF-8, 1 Windows-1252),
# first line, columns, language (2057 British English), and of reading whether quoted cells are
# text and whether numbers other than plain ones are looked for, of writing whether all text is
# quoted and whether cells are written as they are shown.
READ = {"as-offered": "44,34,76,1,,2057,false,false",
        "numbers-looked-for": "44,34,76,1,,2057,false,true"}
WRITE = {"utf-8": "44,34,76,1,,2057,false,true", "quoted": "44,34,76,1,,2057,true,true",
         "semicolons": "59,34,76,1,,2057,false,true", "windows": "59,34,1,1,,2057,false,true",
         "tabs": "9,34,76,1,,2057,false,true"}


def convert(path, kind, *more):
    """The file as LibreOffice saves it in another format, in a folder of its own."""
    folder = tempfile.mkdtemp(dir=os.path.dirname(path))
    profile = "-env:UserInstallation=file://" + os.path.join(os.environ["HOME"], "profile")
    done = subprocess.run(["soffice", "--headless", profile, *more, "--convert-to", kind,
                           "--outdir", folder, path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300)
    names = os.listdir(folder)
    expect(done.returncode == 0 and len(names) == 1, "soffice made no file", done.stdout)
    return os.path.join(folder, names[0])


def opened(path, kind, read="as-offered"):
    return convert(path, kind, "--infilter=CSV:" + READ[read])


def as_csv(path, write="utf-8"):
    return convert(path, "csv:Text - txt - csv (StarCalc):" + WRITE[write])


def ledger_of(folder, fixture):
    """A copy of a ledger, in git."""
    maker = ledgers.Maker(os.path.join(folder, "ledger"), fixture)
    if fixture.isdigit():
        maker.make()
    elif fixture == "durham":
        for name in ("reviews", "agencies"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(maker.root, name))
    else:
        shutil.copytree(os.path.join(ROOT, "tests", "fixtures", fixture), maker.root)
    return Ledger(maker)


def list_of(ledger, *words):
    path = ledger.root + ".csv"
    with open(path, "wb") as file:
        file.write(ledger.ask("list", "-O", "csv", *words))
    return path


def expect_nothing(ledger, path):
    before = ledger.state()
    for options in (["-n"], ["--commit"]):
        status, said, complaints = ledger.run("import", *options, path)
        expect(status == 0 and not said and "nothing to change" in complaints,
               "importing what LibreOffice saved ended with %d" % status, said, complaints)
        expect(ledger.state() == before, "the ledger changed")


def unedited(fixture, kind, write, read="as-offered", *words):
    def test(folder):
        ledger = ledger_of(folder, fixture)
        expect_nothing(ledger, as_csv(opened(list_of(ledger, *words), kind, read), write))
    return test


class Fods:
    """A sheet in LibreOffice's flat XML, its cells one by one."""

    DATES = """<number:date-style xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
        xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="ukdate"
        number:language="en" number:country="GB"><number:day number:style="long"/><number:text>/</number:text>
        <number:month number:style="long"/><number:text>/</number:text><number:year
        number:style="long"/></number:date-style>"""

    def __init__(self, path):
        self.path, self.document = path, minidom.parse(path)
        self.rows = []
        for row in self.document.getElementsByTagName("table:table-row"):
            cells = []
            for cell in list(row.getElementsByTagName("table:table-cell")):
                repeated = int(cell.getAttribute("table:number-columns-repeated") or 1)
                if repeated > 1:
                    cell.removeAttribute("table:number-columns-repeated")
                cells.append(cell)
                for _ in range(min(repeated, 60) - 1):
                    cells.append(row.insertBefore(cell.cloneNode(True), cells[-1].nextSibling))
            self.rows.append(cells)
        styles = self.document.getElementsByTagName("office:automatic-styles")[0]
        styles.appendChild(minidom.parseString(self.DATES).documentElement)
        style = self.document.createElement("style:style")
        for name, value in (("style:name", "uk"), ("style:family", "table-cell"),
                            ("style:data-style-name", "ukdate")):
            style.setAttribute(name, value)
        styles.appendChild(style)

    def text(self, cell):
        return "".join(node.data for line in cell.getElementsByTagName("text:p")
                       for node in line.childNodes if node.nodeType == node.TEXT_NODE)

    def find(self, id, agency, heading):
        at = [self.text(cell) for cell in self.rows[0]].index(heading)
        mine = [row for row in self.rows if id == self.text(row[0]) and
                agency in map(self.text, row)]
        return mine[0][at]

    def put(self, cell, kind, value):
        """What stands in the cell after it was typed in: text, or a date shown day first."""
        while cell.firstChild:
            cell.removeChild(cell.firstChild)
        cell.setAttribute("office:value-type", kind)
        if kind == "date":
            cell.setAttribute("office:date-value", value)
            cell.setAttribute("table:style-name", "uk")
            return
        line = self.document.createElement("text:p")
        line.appendChild(self.document.createTextNode(value))
        cell.appendChild(line)

    def show_dates_day_first(self):
        """Every date cell, as after formatting the columns; the number of them."""
        dates = [cell for row in self.rows for cell in row
                 if cell.getAttribute("office:value-type") == "date"]
        for cell in dates:
            cell.setAttribute("table:style-name", "uk")
        return len(dates)

    def save(self):
        with open(self.path, "w", encoding="utf-8") as file:
            self.document.writexml(file)


def answered(folder):
    """A status and two targets, typed in a sheet that shows dates day first."""
    ledger = ledger_of(folder, "progress")
    path = list_of(ledger)
    sheet = Sheet(open(path, "rb").read())
    values, before = ledger.values(), ledger.state()
    edits = []
    for id, agency, key, value in (
            ("northmarsh-2021/R2", "exampleshire-police", "status", "in-progress"),
            ("exampleshire-2019/10.1", "northmarsh-care-trust", "due", "2026-12-31"),
            ("northmarsh-2021/3", "northmarsh-hospitals", "due", "2027-02-01")):
        row = next(r for r in range(len(sheet.rows)) if sheet.get(r, "Recommendation") == id and
                   sheet.get(r, "Agency id") == agency)
        edits.append(editing.Edit(values, sheet, row, key, [value]))
    fods = Fods(opened(path, "fods"))
    expect(fods.show_dates_day_first() > 3, "LibreOffice took no cell for a date")
    for edit in edits:
        fods.put(fods.find(edit.id, edit.agency, edit.heading),
                 "date" if edit.key == "due" else "string", edit.new[0])
    fods.save()
    saved = as_csv(fods.path)
    text = open(saved, encoding="utf-8", newline="").read()
    expect("31/12/2026" in text and "01/02/2027" in text and "31/10/2026" in text and
           not re.search(r",20\d\d-\d\d-\d\d[,\r\n]", text), "the dates are not day first", text)
    status, said, complaints = ledger.run("import", "--commit", "-m", "Typed in", saved)
    expect(status == 0, "the import ended with %d" % status, said, complaints)
    editing.expect_edits(ledger, before, edits)


def formulas(folder):
    """A value that looks like a formula is text for LibreOffice, and comes back as it was."""
    ledger = ledger_of(folder, "progress")
    values = ["=1+1", "+1", "-1+2", "@SUM(1;2)", "'=1+1", "=HYPERLINK(\"https://x.example\")"]
    for value in values:
        status, _, said = ledger.run("set", "northmarsh-2021/R2", "--agency", "exampleshire-police",
                                     "note+=2026-11-01 x", "lead=" + value, "theme+=" + value,
                                     "-m", "Try")
        expect(status == 0, "set ended with %d" % status, said)
        path = opened(list_of(ledger, "--columns", ALL), "fods", "numbers-looked-for")
        with open(path, encoding="utf-8") as file:
            expect("table:formula" not in file.read(), "%s became a formula" % value)
        expect_nothing(ledger, as_csv(path))


def numbers(folder):
    """LibreOffice writes 10.10 as 10.1 and 007 as 7; neither is a change."""
    ledger = ledger_of(folder, "progress")
    ledger.run("set", "exampleshire-2019/4a", "page=10.10", "theme=007", "-m", "Try")
    ledger.run("set", "exampleshire-2019/2", "page=1e5", "-m", "Try")
    path = opened(list_of(ledger, "--columns", "number," + ALL), "ods")
    saved = as_csv(path)
    with open(saved, encoding="utf-8", newline="") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    expect({"10.1", "7"} <= cells and "10.10" not in cells, "LibreOffice left numbers alone", cells)
    expect_nothing(ledger, saved)


def long_texts(folder):
    """An Excel cell holds 32,767 characters, LibreOffice's 65,535; what is lost is no change."""
    for letters, kind in ((40000, "xlsx"), (80000, "ods")):
        ledger = ledger_of(os.path.join(folder, kind), "progress")
        ledger.run("set", "northmarsh-2021/R1", "outcome=" + "a wörd " * (letters // 7), "-m", "Try")
        path = list_of(ledger, "--columns", ALL)
        saved = as_csv(opened(path, kind))
        expect(os.path.getsize(saved) < os.path.getsize(path) - 5000, "LibreOffice cut nothing")
        expect_nothing(ledger, saved)


TESTS = {"answered": answered, "formulas": formulas, "numbers": numbers,
         "long-texts": long_texts}
for kind in ("ods", "xlsx", "fods"):
    TESTS["durham-" + kind] = unedited("durham", kind, "utf-8")
    TESTS["progress-" + kind] = unedited("progress", kind, "quoted")
for write in ("semicolons", "windows", "tabs"):
    TESTS["progress-" + write] = unedited("progress", "ods", write)
TESTS["durham-windows"] = unedited("durham", "xlsx", "windows")
TESTS["progress-numbers-looked-for"] = unedited("progress", "ods", "utf-8", "numbers-looked-for")
for seed in "1", "2", "3":
    for kind in ("ods", "xlsx"):
        TESTS["random-%s-%s" % (seed, kind)] = unedited(seed, kind, "quoted", "as-offered",
                                                        "--columns", ALL)


def main(folder, only=None):
    passed = failed = 0
    for name, test in TESTS.items():
        if only not in (None, name):
            continue
        own = os.path.join(folder, name)
        os.mkdir(own)
        try:
            test(own)
        except Exception as wrong:  # a tool that fails is a failure of this test, too
            print(wrong if isinstance(wrong, Failed) else traceback.format_exc())
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
