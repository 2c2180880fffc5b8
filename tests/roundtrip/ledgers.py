"""Random small ledgers: sound, and as awkward as the format allows. All of it is invented.

The tables of keys are written from the manual, not taken from the program.
"""
import os
import random
import re

STATUS = "open in-progress partly-implemented implemented verified closed".split()
# What a key may hold: a list of words, or a type; "*" behind it: a list.
ADDRESSEE = {
    "response": "none accepted accepted-in-principle partly-accepted not-accepted".split(),
    "response-due": "date", "responded-on": "date", "status": STATUS, "lead": "text",
    "action": "prose", "milestone": "dated*", "due": "date", "due-original": "date",
    "due-reason": "prose", "implemented-on": "date", "outcome": "prose", "evidence": "link*",
    "verified-on": "date", "verified-by": "text", "closed-on": "date",
    "closed-reason": "already-in-place alternative-action not-accepted superseded "
                     "not-applicable abandoned".split(),
    "note": "dated*"}
ACTION = {
    "action": "prose", "lead": "text", "due": "date", "due-original": "date",
    "due-reason": "prose", "status": ["open", "in-progress", "implemented"],
    "implemented-on": "date", "outcome": "prose", "evidence": "link*"}
RECOMMENDATION = {
    "number": "text", "addressed-to": "text*", "text": "prose", "text-corrected": "dated*",
    "page": "text", "scope": "local regional national".split(),
    "kind": "single-agency multi-agency process".split(), "theme": "text*",
    "priority": ["yes", "no"], "extraction": ["machine", "checked"], "repeats": "other*",
    "superseded-by": "other"}
REVIEW = {
    "title": "text", "type": ["dhr", "dardr", "other"], "csp": "text*", "published": "date",
    "year-of-death": "year", "summary": "prose", "source": "text", "statutory-basis": "text",
    "accessed": "date", "notified": "date", "completed": "date", "submitted": "date",
    "plan-closed": "date"}
# Values are any that the format allows, so what they say together is not checked here.
OFF = ["DL%03d" % code for code in [16, 18, *range(70, 86), 88, 89, 97, 98]]
NEVER_EDITED = ("number", "addressed-to", "text")
REQUIRED = ("number", "addressed-to", "text", "status", "title", "csp", "source")

# The heading of each key's column; its name for --columns is the key with underscores, but:
COLUMN = {"milestone": "milestones", "note": "notes"}
HEADING = {
    "response": "Response", "response-due": "Response due", "responded-on": "Responded on",
    "status": "Status", "lead": "Lead", "action": "Action to take", "milestone": "Key milestones",
    "due": "Target date", "due-original": "Original target",
    "due-reason": "Reason for new target", "implemented-on": "Date of completion",
    "outcome": "Outcome", "evidence": "Evidence", "verified-on": "Verified on",
    "verified-by": "Verified by", "closed-on": "Closed on", "closed-reason": "Reason for closing",
    "note": "Notes", "text-corrected": "Text corrected", "page": "Page", "scope": "Scope",
    "kind": "Kind", "theme": "Theme", "priority": "Priority", "extraction": "Extraction",
    "repeats": "Repeats", "superseded-by": "Superseded by"}

WORDS = re.split("[ \n]+", """= + - @ ' '= ''= \\'= \\ \\\\ =1+1 +44 -1 @SUM(A1) =HYPERLINK("https://example.org","x")
    " "" "so" “so” ’tis a,b , ; ;; a;b | a|b # #12 [x] [agency status = due= . .. … – — →
    007 1e5 10.10 1/2 TRUE FALSE NULL none N/A ? ?? % 50% £3 €5 0x1F 2027-03-31 31/03/2027 1,000
    <br> <b> & &amp; `x` *x* _x_ ~ ~~ ${x} %s %n {} \\| \\n sep=; \ufeff \u00ad \u200d \u2028
    \u00a0 \u00a0x x\u00a0 \u202f \u200ex \u202eabc\u202c e\u0301 é Ã© â€™ Â Ж 女 שלום مرحبا 👩‍👩‍👧 ｆｕｌｌ
    ẞ ﬁ İ ı board’s police council training review the and of to train every member
    staff who answers""")


def text(chance, most=6):
    """One line, with single spaces."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(1, most))]
    if chance.random() < 0.03:
        words *= 200
    return " ".join(words)


def day(chance, partial=True):
    whole = "%04d-%02d-%02d" % (chance.randint(2015, 2034), chance.randint(1, 12),
                                chance.randint(1, 28))
    return whole[:chance.choice([4, 7, 10, 10, 10])] if partial else whole


def link(chance):
    return chance.choice(["https://example.org/a?b=c,d&e='f';g", "http://x.example/", "'=.pdf",
                          "evidence/plan (final), signed.pdf", "=x.pdf", "-", "@home/1.txt", "a;b",
                          "été.odt", "…/x"])


class Maker:
    """One random ledger; `others` are the ids that a recommendation can name."""

    def __init__(self, root, seed):
        self.root, self.chance = root, random.Random("ledger %s" % seed)
        self.others = []

    def one(self, kind):
        chance = self.chance
        if isinstance(kind, list):
            return chance.choice(kind)
        if kind == "prose":
            return "\n".join(text(chance, 20) for _ in range(chance.choice([1, 1, 1, 2, 3])))
        return {"text": lambda: text(chance), "date": lambda: day(chance),
                "year": lambda: day(chance)[:4], "link": lambda: link(chance),
                "dated": lambda: day(chance) + " " + text(chance),
                "other": lambda: chance.choice(self.others)}[kind]()

    def items(self, kind):
        """A value, or the different items of a list."""
        if isinstance(kind, str) and kind.endswith("*"):
            return list(dict.fromkeys(self.one(kind[:-1])
                                      for _ in range(self.chance.choice([1, 1, 2, 3]))))
        return [self.one(kind)]

    def entry(self, key, value):
        """The lines of an entry, laid out as a program or as some hand would."""
        chance = self.chance
        equals = chance.choice([" = ", " = ", "=", "   =\t", " ="])
        pieces = []
        for number, paragraph in enumerate(value.split("\n")):
            pieces += [None] * (number > 0)
            rest, width = paragraph.split(" "), chance.choice([1000, 1000, 3, 12])
            while rest:
                pieces.append(" ".join(rest[:width]))
                rest = rest[width:]
        if chance.random() < 0.3 or key + equals + pieces[0] == "":
            pieces.insert(0, "")
        lines = [(key + equals + pieces[0])]
        for piece in pieces[1:]:
            indent = chance.choice(["  ", "  ", "\t", "      "])
            if piece is None:
                lines.append(indent + ".")
                continue
            escape = piece[0] in "#;.\\[" or re.match(r"[A-Za-z0-9-]+[ \t]*=", piece)
            if escape or chance.random() < 0.1:
                piece = "\\" + piece
            if chance.random() < 0.05:
                lines.append(chance.choice(["", "  "]) + "# lead = a comment, not a value")
            lines.append(indent + piece)
        return lines

    def section(self, heading, keys, fill):
        """The lines of a section. Some are forms as the program writes them, some are not."""
        chance = self.chance
        form = chance.random() < 0.6
        order = list(keys)
        if not form and chance.random() < 0.5:
            chance.shuffle(order)
        lines = ["[%s]" % heading]
        for key in order:
            wanted = key in fill or key in REQUIRED or chance.random() < 0.4
            values = fill.get(key) or (self.items(keys[key]) if wanted else [])
            if chance.random() < 0.1:
                lines.append(chance.choice(["# ", ";"]) + text(chance))
            for value in values:
                lines += self.entry(key, value)
            if not values and (form or chance.random() < 0.2):
                lines.append(key + " =")
            if form or chance.random() < 0.3:
                lines.append("")
        return lines + [""] * chance.choice([0, 1, 1, 2])

    def write(self, path, lines):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        end = self.chance.choice(["\n", "\n", "\n", ""])
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(["# Invented for tests.", *lines]).rstrip("\n") + end)

    def recommendation(self, path, agencies, number):
        chance = self.chance
        lines = self.section("recommendation", RECOMMENDATION, {"number": [number]})
        for agency in agencies:
            lines += self.section("agency " + agency, ADDRESSEE, {})
            for action in range(1, chance.choice([1, 1, 2, 3])):
                lines += self.section("action %s %d" % (agency, action), ACTION,
                                      {"action": self.items("prose")})
        self.write(path, lines)

    def make(self):
        chance = self.chance
        self.write(".dhrledger.ini", ["[severity]"] + [code + " = off" for code in OFF])
        agencies = chance.sample(["agency", "exampleshire-police", "2019-03", "1-2", "a-b-c", "7",
                                  "one-very-long-name-" + "x" * 40, "true"], chance.randint(1, 5))
        for agency in agencies:
            self.write("agencies/%s.ini" % agency,
                       self.section("agency", {"name": "text", "kind": ["police", "other"],
                                               "region": "text"},
                                    {"name": [text(chance) + " " + agency], "kind": ["other"]}))
        reviews = chance.sample(["exampleshire-2019", "exampleshire-2019-2", "12", "x-2021"],
                                chance.randint(1, 2))
        names = {review: chance.sample(["1", "2", "10", "10.1", "10.10", "1e5", "007", "R1", "3b",
                                        "2021-03", "1-2", "true", "u1"], chance.randint(1, 5))
                 for review in reviews}
        self.others = [review + "/" + name for review in reviews for name in names[review]]
        for review in reviews:
            self.write("reviews/%s/review.ini" % review, self.section("review", REVIEW, {}))
            for place, name in enumerate(names[review]):
                number = chance.choice([name, name, "%d %s" % (place, text(chance, 2))])
                self.recommendation("reviews/%s/%s.ini" % (review, name),
                                    chance.sample(agencies, chance.randint(1, min(3, len(agencies)))),
                                    number)
