#!/usr/bin/env python3
"""A thousand invented commits for git fast-import: make_history.py COUNT

In a ledger's folder; each gives one recommendation another lead. Written from the files
alone, so that it shares no code with what is measured.
"""
import glob
import random
import re
import sys

random.seed(7)
files = sorted(f for f in glob.glob("reviews/*/*.ini") if not f.endswith("/review.ini"))
out = sys.stdout.buffer
for i in range(int(sys.argv[1])):
    name = random.choice(files)
    with open(name, "rb") as file:
        text = re.sub(rb"(?m)^lead =.*$", b"lead = Role %d" % i, file.read(), count=1)
    message = b"%s: lead changed\n" % name[len("reviews/"):-len(".ini")].encode()
    out.write(b"commit refs/heads/history\ncommitter bench <bench@example.org> %d +0000\n" % (1790000000 + i))
    out.write(b"data %d\n%s" % (len(message), message))
    if i == 0:
        out.write(b"from refs/heads/main^0\n")
    out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text))
