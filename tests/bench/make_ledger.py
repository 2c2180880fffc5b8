#!/usr/bin/env python3
"""Write a large ledger of invented records: make_ledger.py FOLDER [REVIEWS [SEED]].

1,200 reviews give about 21,000 records. Every name, date and word is made up;
the same seed gives the same bytes. Prints what it wrote as "KEY VALUE" lines,
counted here and not by the program, so that a bench can check its output.
"""
import os
import random
import sys

KINDS = ["police", "nhs-provider", "council", "probation", "voluntary", "housing"]
TOWNS = ["Ashmere", "Brackley Vale", "Coldbeck", "Dunmoor", "Eastwold", "Fernley", "Garrow",
         "Hexcombe", "Inglewick", "Kestrel Bay", "Larkhill", "Millbrough"]
BODIES = ["Constabulary", "Foundation Trust", "County Council", "Probation Service",
          "Women's Aid", "Homes"]
WORDS = ("review risk assessment training staff domestic abuse information sharing protocol ensure "
         "policy referral children safeguarding multi-agency learning records evidence lead "
         "partnership practice guidance consider develop audit pathway support victim").split()
REVIEW_KEYS = ("title type csp commissioned-by published year-of-death recommendations summary source "
               "page-url report-url statutory-basis accessed notified commissioned completed "
               "submitted qa-panel qa-letter sent-to-commissioner plan-closed same-as").split()
OWN_KEYS = ("number addressed-to text text-corrected page scope kind theme priority extraction "
            "repeats superseded-by").split()
AGENCY_KEYS = ("response response-due responded-on status lead action milestone due due-original "
               "due-reason implemented-on outcome evidence verified-on verified-by closed-on "
               "closed-reason note").split()
BODY_KEYS = "name alias kind from to successor placeholder contact region".split()


def fold(key, value):
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
    return f"[{heading}]\n" + "\n".join(fold(key, values.get(key, "")) for key in keys)


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def main():
    root, reviews = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1200
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    bodies = [f"{town} {body}" for town in TOWNS for body in BODIES]
    ids = [name.lower().replace("'", "").replace(" ", "-") for name in bodies]
    count = {"reviews": reviews, "recommendations": 0, "addressees": 0, "overdue": 0}
    for name, body_id in zip(bodies, ids):
        kind = KINDS[bodies.index(name) % len(KINDS)]
        write(f"{root}/agencies", body_id + ".ini",
              section("agency", BODY_KEYS, {"name": name, "kind": kind}))
    for r in range(reviews):
        review = f"{TOWNS[r % 12].lower().replace(' ', '-')}-{1900 + r // 12}"
        numbers = [str(n) for n in range(1, rng.randint(6, 29))]
        write(f"{root}/reviews/{review}", "review.ini", section("review", REVIEW_KEYS, {
            "title": f"An invented review, number {r}", "csp": TOWNS[r % 12],
            "recommendations": str(len(numbers)), "source": "Invented for a bench"}))
        for number in numbers:
            owners = rng.sample(range(len(ids)), 1 if rng.random() < 0.8 else 2)
            text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(12, 70))).capitalize() + "."
            record = section("recommendation", OWN_KEYS, {
                "number": number, "addressed-to": bodies[owners[0]], "text": text})
            for owner in owners:
                status = rng.choice(["open", "open", "in-progress", "implemented"])
                due = rng.choice(["", "2025-06-30", "2027-03-31", "2028"])
                count["overdue"] += due == "2025-06-30" and status != "implemented"
                count["addressees"] += 1
                record += "\n" + section(f"agency {ids[owner]}", AGENCY_KEYS, {
                    "status": status, "due": due, "response": rng.choice(["", "accepted"]),
                    "lead": rng.choice(["", "Head of Safeguarding"])})
            write(f"{root}/reviews/{review}", number + ".ini", record)
            count["recommendations"] += 1
    for key, value in count.items():
        print(key, value)


main()
