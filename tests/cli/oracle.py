#!/usr/bin/env python3
"""The reports once more, slowly and simply, written from the description alone.

    oracle.py compare LEDGER DAY...     with DHRLEDGER, for each of the days
    oracle.py make FOLDER SEED          a random ledger, which says that it is invented

"compare" prints what differs between the program's JSON and CSV and what is
found here, and fails if anything does.
"""
import calendar
import csv
import datetime
import io
import json
import os
import random
import re
import subprocess
import sys

STATUSES = ["open", "in-progress", "partly-implemented", "implemented", "verified", "closed"]
DONE = ("implemented", "verified", "closed")


def read(path):
    """The sections of a sound record: a list of (words of the heading, keys to lists of values)."""
    sections, value = [], None
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file.read().split("\n"):
            text = line.strip(" \t")
            if not text or text[0] in "#;":
                continue
            text = re.sub("[ \t]+", " ", text)
            if line[0] in " \t":
                value[-1] = (value[-1] + ("\n" if text == "." else
                             " " + text.removeprefix("\\"))).strip(" ").replace("\n ", "\n")
            elif text[0] == "[":
                sections.append((text[1:-1].split(), {}))
            else:
                key, _, rest = text.partition("=")
                value = sections[-1][1].setdefault(key.strip(), [])
                value.append(rest.strip(" "))
    for _, keys in sections:
        for key in keys:
            keys[key] = [item for item in keys[key] if item]
    return sections


def natural(name):
    """Digits by their number, all else by its character."""
    return [(48, int(part)) if part.isdigit() else (ord(part), 0)
            for part in re.findall("[0-9]+|[^0-9]", name)]


def last_day(text):
    """The last day of a day, a month or a year."""
    numbers = [int(part) for part in text.split("-")]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else 12
    day = numbers[2] if len(numbers) > 2 else calendar.monthrange(year, month)[1]
    return datetime.date(year, month, day)


def first(keys, key):
    return keys.get(key, [None])[0] if keys.get(key) else None


class Debt:
    """What one agency owes, or one action of it."""

    def __init__(self, recommendation, agency, keys, action=None, of=None):
        self.recommendation, self.agency, self.keys = recommendation, agency, keys
        self.action, self.of = action, of
        self.status = first(keys, "status")
        self.due = first(keys, "due")
        self.actions = []

    def late(self, today):
        return (today - last_day(self.due)).days if self.due else None

    def owed(self):
        return self.status not in DONE and (not self.of or self.of.owed())

    def overdue(self, today):
        return self.owed() and self.due is not None and self.late(today) > 0

    def any_overdue(self, today):
        return self.overdue(today) or any(action.overdue(today) for action in self.actions)

    def rag(self, today, soon):
        if self.status == "closed":
            return "grey"
        if self.status in DONE:
            return "blue"
        if self.any_overdue(today):
            return "red"
        if not self.due:
            return "grey"
        original = first(self.keys, "due-original")
        moved = original is not None and original != self.due
        return "amber" if moved or -self.late(today) <= soon else "green"

    def lacks(self):
        missing = []
        if first(self.keys, "response") in (None, "none"):
            missing.append("response")
        if not first(self.keys, "lead"):
            missing.append("lead")
        if not self.due:
            missing.append("target")
        return missing


class Ledger:
    def __init__(self, root):
        self.names, self.titles, self.recommendations, self.soon = {}, {}, {}, 30
        settings = os.path.join(root, ".dhrledger.ini")
        if os.path.exists(settings):
            for heading, keys in read(settings):
                if heading == ["ledger"]:
                    self.soon = int(first(keys, "due-soon-days") or 30)
        for name in os.listdir(os.path.join(root, "agencies")):
            self.names[name[:-4]] = first(read(os.path.join(root, "agencies", name))[0][1], "name")
        for review in os.listdir(os.path.join(root, "reviews")):
            folder = os.path.join(root, "reviews", review)
            for name in os.listdir(folder):
                sections = read(os.path.join(folder, name))
                if name == "review.ini":
                    self.titles[review] = first(sections[0][1], "title")
                else:
                    self.add(review, name[:-4], sections)
        self.order = sorted(self.recommendations, key=lambda id: [natural(p) for p in id])

    def add(self, review, number, sections):
        keys, debts = sections[0][1], {}
        self.recommendations[review, number] = keys, debts
        for heading, section in sections[1:]:
            if heading[0] == "agency":
                debts[heading[1]] = Debt((review, number), heading[1], section)
            else:
                owner = debts[heading[1]]
                owner.actions.append(Debt((review, number), heading[1], section,
                                          int(heading[2]), owner))

    def debts(self, actions):
        """Everything owed, in the ledger's order."""
        for id in self.order:
            for debt in self.recommendations[id][1].values():
                yield debt
                if actions:
                    yield from debt.actions

    def row(self, debt, today, *wanted):
        review, number = debt.recommendation
        keys = self.recommendations[debt.recommendation][0]
        owner = debt.of or debt
        values = {
            "id": review + "/" + number, "review": review, "number": first(keys, "number"),
            "agency": debt.agency, "agency_name": self.names[debt.agency],
            "action_number": debt.action, "status": debt.status,
            "rag": debt.rag(today, self.soon), "response": first(owner.keys, "response"),
            "lead": first(debt.keys, "lead") or first(owner.keys, "lead"), "due": debt.due,
            "text": first(debt.keys, "action") if debt.of else first(keys, "text"),
            "missing": owner.lacks(), "days_late": debt.late(today),
            "days_left": -debt.late(today) if debt.due else None}
        return {name: values[name] for name in wanted}

    def list(self, today):
        return [self.row(d, today, "id", "review", "number", "agency", "agency_name", "status",
                         "rag", "response", "lead", "due", "text") for d in self.debts(False)]

    def dated(self, today, days, debts):
        debts = sorted(debts, key=lambda debt: -debt.late(today))
        return [self.row(d, today, days, "due", "id", "review", "number", "agency", "agency_name",
                         "action_number", "lead", "status", "rag", "text") for d in debts]

    def overdue(self, today):
        return self.dated(today, "days_late", [d for d in self.debts(True) if d.overdue(today)])

    def due(self, today):
        return self.dated(today, "days_left", [d for d in self.debts(True) if d.owed() and d.due
                                               and 0 <= -d.late(today) <= 90])

    def gaps(self, today):
        return [self.row(d, today, "id", "review", "number", "agency", "agency_name", "missing",
                         "status", "text") for d in self.debts(False) if d.owed() and d.lacks()]

    def status(self, today):
        rows = [self.count("ledger", None, "The whole ledger", list(self.recommendations), today)]
        for review in sorted(self.titles, key=natural):
            rows.append(self.count("review", review, "%s (%s)" % (review, self.titles[review]),
                                   [id for id in self.recommendations if id[0] == review], today))
        for agency in sorted(self.names, key=natural):
            debts = [d for d in self.debts(False) if d.agency == agency]
            if debts:
                rows.append(self.tally("agency", agency, self.names[agency],
                                       [([d], d.status) for d in debts], today))
        return rows

    def count(self, scope, id, name, recommendations, today):
        units = []
        for recommendation in recommendations:
            debts = list(self.recommendations[recommendation][1].values())
            statuses = [d.status for d in debts]
            still = [s for s in statuses if s != "closed"] or statuses
            units.append((debts, min(still, key=STATUSES.index)))
        return self.tally(scope, id, name, units, today)

    @staticmethod
    def tally(scope, id, name, units, today):
        row = {"scope": scope, "id": id, "name": name, "total": len(units)}
        for status in STATUSES:
            row[status.replace("-", "_")] = sum(s == status for _, s in units)
        row["overdue"] = sum(any(d.any_overdue(today) for d in debts) for debts, _ in units)
        row["without_target"] = sum(not any(d.due for d in debts) for debts, _ in units)
        return row


def ask(root, verb, day, *more):
    command = [os.environ["DHRLEDGER"], verb, "-C", root, "--today", day, *more]
    if verb == "due":
        command += ["--within", "90d"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode("utf-8")


def cell(value):
    """A value as a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = "\n".join(value) if isinstance(value, list) else value
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text


def only(row, names):
    return {name: row.get(name, "(missing)") for name in names}


def differences(root, day):
    """Sentences about what the program says otherwise."""
    ledger, today = Ledger(root), datetime.date.fromisoformat(day)
    for verb in ("list", "status", "overdue", "due", "gaps"):
        wanted = getattr(ledger, verb)(today)
        said = json.loads(ask(root, verb, day, "-O", "json"))
        if (said["format"], said["today"]) != ("dhrledger." + verb, day):
            yield "%s: %s on %s" % (verb, said["format"], said["today"])
        if len(said["rows"]) != len(wanted):
            yield "%s on %s: %d rows, not %d" % (verb, day, len(said["rows"]), len(wanted))
        for number, (row, want) in enumerate(zip(said["rows"], wanted), 1):
            got = only(row, want)
            if got != want:
                yield "%s on %s, row %d:\n    got    %s\n    wanted %s" % (
                    verb, day, number, json.dumps(got, ensure_ascii=False),
                    json.dumps(want, ensure_ascii=False))
                break
        # CSV has the same columns, with other headings.
        text = ask(root, verb, day, "-O", "csv")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
        if rows != [[cell(value) for value in row.values()] for row in said["rows"]]:
            yield "%s on %s: the CSV differs from the JSON" % (verb, day)


def random_day(chance):
    day = datetime.date(2024, 1, 1) + datetime.timedelta(chance.randrange(1500))
    return day.isoformat()[:chance.choice([4, 7, 10, 10, 10])]


def write(path, lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("# Invented for tests.\n" + "".join(line + "\n" for line in lines))


def some(chance, key, value, likely=0.5):
    return ["%s = %s" % (key, value)] if chance.random() < likely else [key + " ="]


def make_debt(chance, heading, statuses):
    lines = ["", "[%s]" % heading, "status = " + chance.choice(statuses)]
    lines += some(chance, "lead", "Head of " + chance.choice(["=Nursing", "Housing", "–Records"]))
    lines += some(chance, "due", random_day(chance), 0.7)
    lines += some(chance, "due-original", random_day(chance), 0.2)
    return lines


def make(root, seed):
    chance = random.Random(seed)
    agencies = ["agency-%d" % n for n in range(1, 13)]
    for agency in agencies:
        write("%s/agencies/%s.ini" % (root, agency),
              ["[agency]", "name = The %s" % agency, "kind = other"])
    for year in (2009, 2010, 2021):
        review = "exampleshire-%d" % year
        write("%s/reviews/%s/review.ini" % (root, review),
              ["[review]", "title = Year %d" % year, "csp = X", "source = Invented"])
        for _ in range(40):
            number = ".".join(str(chance.randrange(1, 13)) for _ in range(chance.randrange(1, 4)))
            number += chance.choice(["", "", "", "a", "b", "-2"])
            lines = ["[recommendation]", "number = " + number, "addressed-to = X", "text =",
                     "  Ask  “what” and", "  why.", "  .", "  \\# Then wait; =it= helps."]
            for agency in chance.sample(agencies, chance.choice([1, 1, 1, 2, 3])):
                lines += make_debt(chance, "agency " + agency, STATUSES)
                lines += some(chance, "response", chance.choice(["none", "accepted"]), 0.7)
                for action in range(1, chance.choice([1, 1, 2, 4])):
                    lines += make_debt(chance, "action %s %d" % (agency, action),
                                       ["open", "in-progress", "implemented"])
                    lines.append("action = - act")
            write("%s/reviews/%s/%s.ini" % (root, review, number), lines)


def main(what, root, *rest):
    if what == "make":
        make(root, int(rest[0]))
        return 0
    said = [sentence for day in rest for sentence in differences(root, day)]
    print("\n".join(said[:5]))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
