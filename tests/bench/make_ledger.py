#!/usr/bin/env python3
"""Write a large ledger of invented records: make_ledger.py FOLDER [REVIEWS [SEED [REC]]].

1,200 reviews give about 21,000 records. Every name, date and word is made up; the
same seed gives the same bytes. REC is a file for the same addressees as GNU recutils
read them. Prints what it wrote as "KEY VALUE" lines, counted here and not by the
program, so that a bench can check its output.
"""
import os
import random
import sys

TODAY = "2026-11-24"
TOWNS = [first + last for first in (
    "Ash", "Brack", "Cold", "Dun", "East", "Fern", "Gar", "Hex", "Ingle", "Kestrel", "Lark", "Mill",
    "Nether", "Oaken", "Pen") for last in ("mere", "wold", "moor", "combe")]
BODIES = {"Constabulary": "police", "Foundation Trust": "nhs-provider", "County Council": "council",
          "Probation Service": "probation", "Women's Aid": "voluntary", "Homes": "housing"}
WHO = ("officers", "social workers", "midwives", "housing officers", "GPs", "probation staff",
       "health visitors", "call handlers", "school nurses", "advocates")
MUST = ("record every report of coercive control and say what was done about it",
        "ask about domestic abuse when nobody else is in the room",
        "share what they know with the multi-agency conference within five working days",
        "use the same risk checklist, and write down why when they depart from it",
        "are trained each year in what stalking after separation looks like",
        "flag an address where firearms – licensed or not – are kept",
        "know the pathway for carers who are themselves at risk",
        "offer an interpreter who is no member of the family",
        "write to the referrer about the outcome, so that nobody assumes “somebody else has it”",
        "review the policy on missed appointments; a closed case is not a safe one")
OPENINGS = ("The partnership should make sure that", "It is recommended that",
            "Each agency shows by an audit of twenty cases that", "Within six months",
            "The board asks for assurance that")
ENDINGS = ("The findings go to the board in March.", "This includes those who work at night.",
           "Progress is reported each quarter.", "An equality impact assessment is made first.", "")
ROLES = ("Head of Safeguarding", "Director of Nursing", "Detective Superintendent, Public Protection",
         "Housing Services Manager", "Named GP for Safeguarding", "Training Manager")
THEMES = ("training", "information sharing", "risk assessment", "firearms", "carers", "records")
# A date and the last day it means.
DATES = [("2024", "2024-12-31"), ("2025-06-30", "2025-06-30"), ("2025-11", "2025-11-30"),
         ("2026-11-23", "2026-11-23"), ("2026-11-24", "2026-11-24"), ("2026", "2026-12-31"),
         ("2027-03-31", "2027-03-31"), ("2027-09", "2027-09-30")]
PROGRESS = ("open", "in-progress", "partly-implemented", "implemented", "verified")
STATUSES = PROGRESS + ("closed",)
WEIGHTS = (40, 25, 5, 15, 10, 5)

REVIEW_KEYS = ("title type csp commissioned-by published year-of-death recommendations summary source "
               "page-url report-url statutory-basis accessed notified commissioned completed "
               "submitted qa-panel qa-letter sent-to-commissioner plan-closed same-as").split()
OWN_KEYS = ("number addressed-to text text-corrected page scope kind theme priority extraction "
            "repeats superseded-by").split()
ADDRESSEE_KEYS = ("response response-due responded-on status lead action milestone due due-original "
                  "due-reason implemented-on outcome evidence verified-on verified-by closed-on "
                  "closed-reason note").split()
ACTION_KEYS = "action lead due due-original due-reason status implemented-on outcome evidence".split()
AGENCY_KEYS = "name alias kind from to successor placeholder contact region".split()


def fold(key, value):
    if isinstance(value, list):
        return "".join(fold(key, item) for item in value)
    if len(key) + 3 + len(value) <= 78:
        return f"{key} = {value}".rstrip() + "\n"
    lines, line = [], ""
    for word in value.split():
        if line and len(line) + 1 + len(word) > 76:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return f"{key} =\n" + "".join(f"  {x}\n" for x in lines + [line])


def section(heading, keys, values):
    return f"[{heading}]\n" + "\n".join(fold(key, values.get(key) or "") for key in keys)


def slug(name):
    return name.lower().replace("'", "").replace(" ", "-")


def numbers(rng, count):
    """Printed numbers as reports have them, each once: 1, 4a, R3, 10.2.1."""
    style = rng.choice(("{n}", "{n}", "R{n}", "{c}.{p}", "10.{c}.{p}", "{c}{a}"))
    return [style.format(n=n, c=n // 5 + 1, p=n % 5 + 1, a="abcde"[n % 5]) for n in range(1, count + 1)]


class Ledger:
    def __init__(self, root, reviews, seed, rec):
        self.root, self.reviews, self.rng = root, reviews, random.Random(seed)
        self.rec = open(rec, "w", encoding="utf-8") if rec else None
        self.agencies = [(f"{town} {body}", kind) for town in TOWNS for body, kind in BODIES.items()]
        self.count = dict.fromkeys(["reviews", "recommendations", "agencies", "addressees", "overdue", "late",
                                    "bytes", "one-lines", "one-overdue"] + list(STATUSES), 0)
        self.one = self.single = None
        self.said = set()

    def write(self, path, text):
        path = os.path.join(self.root, path)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        data = text.encode()
        with open(path, "wb") as f:
            f.write(data)
        self.count["bytes"] += len(data)

    def write_agencies(self):
        self.count["agencies"] = len(self.agencies)
        for name, kind in self.agencies:
            self.write(f"agencies/{slug(name)}.ini", section("agency", AGENCY_KEYS, {
                "name": name, "kind": kind, "region": name.split()[0],
                "alias": [self.alias(name), f"{name} (all teams)"]}))

    @staticmethod
    def alias(name):
        return "".join(word[0] for word in name.split()[1:]) + " " + name.split()[0]

    def text(self, review):
        """What no other recommendation of the review says."""
        text = None
        while text is None or (review, text) in self.said:
            text = self.sentences()
        self.said.add((review, text))
        return text

    def sentences(self):
        rng = self.rng
        said = [f"{rng.choice(OPENINGS)} {rng.choice(WHO)} {rng.choice(MUST)}."
                for _ in range(rng.choices((1, 2, 3, 5), (50, 30, 15, 5))[0])]
        return " ".join(said + [rng.choice(ENDINGS)]).strip()

    def action(self, done):
        """An action's values, and whether it is late."""
        rng = self.rng
        due, last = rng.choice(DATES)
        status = rng.choice(("open", "in-progress", "implemented"))
        late = last < TODAY and status != "implemented" and not done
        values = {"action": f"{rng.choice(WHO).capitalize()} {rng.choice(MUST)}.", "due": due,
                  "status": status, "lead": rng.choice(ROLES)}
        if status == "implemented":
            values.update({"implemented-on": "2025-12", "outcome": "The audit found it in use."})
        return values, late

    def addressee(self):
        rng = self.rng
        status = rng.choices(STATUSES, WEIGHTS)[0]
        done = status in ("implemented", "verified", "closed")
        due, last = rng.choice(DATES) if rng.random() < 0.6 else ("", "9999")
        answers = rng.random() < 0.7 or status in ("partly-implemented", "implemented", "verified")
        while answers and not done and not due:
            due, last = rng.choice(DATES)
        values = {"status": status, "due": due}
        if answers:
            values.update({"response": rng.choice(("accepted", "accepted", "partly-accepted")),
                           "responded-on": "2023-11-14", "lead": rng.choice(ROLES)})
        if rng.random() < 0.4:
            values["action"] = f"{rng.choice(WHO).capitalize()} {rng.choice(MUST)}."
            values["milestone"] = ["2025-03-31 Draft agreed.", "2025-09-30 First course held."]
        if due and rng.random() < 0.2:
            values.update({"due-original": "2024-09-30", "due-reason": "The post was vacant."})
        if rng.random() < 0.3:
            values["note"] = ["2026-10-02 The board asked for the audit’s figures."]
        if status in ("implemented", "verified"):
            values.update({"implemented-on": "2025-12", "outcome": "The audit found it in use.",
                           "evidence": ["https://www.example.org/audit"]})
        if status == "verified":
            values.update({"verified-on": "2026-01-20", "verified-by": "The partnership's coordinator"})
        if status == "closed":
            values.update({"closed-on": "2026-02", "closed-reason": "already-in-place"})
        return values, last < TODAY and not done, done

    def write_rec(self, ident, review, number, agency, printed, values, text):
        if not self.rec:
            return
        fields = [("Recommendation", ident), ("Review", review), ("Number", number),
                  ("Agency_id", slug(agency)), ("Agency", agency), ("Addressed_to", "; ".join(printed)),
                  ("Text", text)]
        for key, value in values.items():
            for item in value if isinstance(value, list) else [value]:
                fields.append((key.capitalize().replace("-", "_"), item))
        self.rec.write("".join(f"{name}: {value}\n" for name, value in fields if value) + "\n")

    def write_recommendation(self, review, number):
        rng = self.rng
        owners = rng.sample(self.agencies, rng.choices((1, 2, 3, 7), (75, 17, 6, 2))[0])
        names = [owner for owner, _ in owners]
        printed = ["All Agencies"] if len(names) > 3 else [
            self.alias(name) if rng.random() < 0.3 else name for name in names]
        text, ident = self.text(review), f"{review}/{number}"
        parts = [section("recommendation", OWN_KEYS, {
            "number": number, "addressed-to": printed, "text": text, "page": str(rng.randint(9, 140)),
            "theme": rng.sample(THEMES, rng.randint(0, 2)), "extraction": "checked"})]
        late, stands = 0, []
        for name in names:
            values, overdue, done = self.addressee()
            late += overdue
            stands.append(values["status"])
            parts.append(section(f"agency {slug(name)}", ADDRESSEE_KEYS, values))
            self.write_rec(ident, review, number, name, printed, values, text)
            for n in range(1, rng.choice((2, 3)) + 1 if rng.random() < 0.05 else 1):
                values, overdue = self.action(done)
                late += overdue
                parts.append(section(f"action {slug(name)} {n}", ACTION_KEYS, values))
        self.write(f"reviews/{ident}.ini", "\n".join(parts))
        self.count_recommendation(review, ident, names, stands, late)

    def count_recommendation(self, review, ident, names, stands, late):
        at = [PROGRESS.index(status) for status in stands if status != "closed"]
        self.count["recommendations"] += 1
        self.count[PROGRESS[min(at)] if at else "closed"] += 1
        self.count["addressees"] += len(names)
        self.count["overdue"] += late
        self.count["late"] += late > 0
        if review == self.one:
            self.count["one-lines"] += len(names)
            self.count["one-overdue"] += late
        if len(names) == 1 and not self.single:
            self.single = ident

    def write_review(self, r):
        place, turn = r % len(TOWNS), r // len(TOWNS)
        review = f"{TOWNS[place].lower()}-{2011 + turn % 15}"
        review += f"-{turn // 15 + 1}" if turn >= 15 else ""
        self.one = self.one or review
        printed = numbers(self.rng, self.rng.randint(6, 28))
        self.write(f"reviews/{review}/review.ini", section("review", REVIEW_KEYS, {
            "title": f"An invented review, number {r}", "type": "dhr",
            "csp": f"{TOWNS[place]} Safety Partnership", "year-of-death": str(2011 + turn % 15),
            "recommendations": str(len(printed)), "summary": self.sentences(), "published": "2025-07",
            "source": "Invented for a bench", "page-url": f"https://www.example.org/{review}"}))
        for number in printed:
            self.write_recommendation(review, number)

    def run(self):
        if self.rec:
            self.rec.write("%rec: Entry\n\n")
        self.write_agencies()
        for r in range(self.reviews):
            self.write_review(r)
        self.count["reviews"] = self.reviews
        if self.rec:
            self.rec.close()
        for key, value in self.count.items():
            print(key, value)
        print("one", self.one)
        print("single", self.single)


arguments = sys.argv[1:] + [None] * 4
Ledger(arguments[0], int(arguments[1] or 1200), int(arguments[2] or 7), arguments[3]).run()
