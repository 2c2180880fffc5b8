#!/usr/bin/env python3
"""Read records once more, slowly and simply: read_record.py [-w WORDS] FILE...

Written from the description of the dialect, not from the program, to compare the
two. Prints one line of JSON for each file: its sections with their keys and
values in the file's order, and the numbers of the lines that are at fault.

WORDS lists what an indented line must not look like: "KIND key NAME" and
"KIND section NAME" for each kind of record. A file's kind is the end of its
name: 000012-agency.ini.
"""
import json
import re
import sys
import unicodedata

WHITE = " \t"
KEY = re.compile(r"([A-Za-z0-9-]+)[ \t]*=")
HEADING = re.compile(r"\[[ \t]*([a-z]+)[ \t\]]")


def bad_bytes(raw):
    """Whether a line holds what no record may hold."""
    if len(raw) > 64 * 1024:
        return True
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return any(unicodedata.category(c) == "Cc" and c != "\t" for c in text)


def squeeze(text):
    """White space runs as single spaces; other spaces stay what they are."""
    return " ".join(word for word in re.split("[ \t]+", text) if word)


def join(pieces):
    """A value: pieces joined by a space, paragraphs by a line feed."""
    paragraphs = [[]]
    for piece in pieces:
        if piece is None:
            paragraphs.append([])
        else:
            paragraphs[-1].append(piece)
    texts = [squeeze(" ".join(paragraph)) for paragraph in paragraphs]
    return "\n".join(text for text in texts if text)


class Reader:
    def __init__(self, keys, headings):
        self.keys, self.headings = keys, headings
        self.sections = []
        self.faults = set()
        # What an indented line would continue: the pieces of a value, or the word for why not.
        self.above = "nothing"

    def looks_hidden(self, text):
        key, heading = KEY.match(text), HEADING.match(text)
        return bool(key and key[1] in self.keys or heading and heading[1] in self.headings)

    def indented(self, number, text):
        if self.above == "reported":
            return
        if self.looks_hidden(text) or self.above in ("nothing", "blank"):
            self.faults.add(number)
        elif text == ".":
            self.above.append(None)
        else:
            self.above.append(text[1:] if text[0] == "\\" else text)

    def at_margin(self, number, text):
        if text[0] == "[" and text[-1] == "]" and len(text) > 1:
            self.sections.append([squeeze(text[1:-1])])
            self.above = "nothing"
            return
        self.above = "reported"
        key, equals, value = text.partition("=")
        if text[0] == "[" or not equals or not key or ":" in key or not self.sections:
            self.faults.add(number)
            return
        self.above = [value]
        self.sections[-1].append([key.rstrip(WHITE), self.above])

    def line(self, number, raw):
        indented = raw[:1] in (b" ", b"\t")
        if bad_bytes(raw):
            self.faults.add(number)
            if not indented:
                self.above = "reported"
            return
        text = raw.decode("utf-8").strip(WHITE)
        if not text:
            self.above = "nothing" if self.above == "nothing" else "blank"
        elif text[0] in "#;":
            pass
        elif indented:
            self.indented(number, text)
        else:
            self.at_margin(number, text)

    def read(self, data):
        if data.startswith(b"\xef\xbb\xbf"):
            self.faults.add(1)
            data = data[3:]
        crlf = False
        lines = data.split(b"\n")
        last = len(lines)
        for number, raw in enumerate(lines, 1):
            if raw.endswith(b"\r") and number < last:
                raw = raw[:-1]
                if not crlf:
                    self.faults.add(number)
                crlf = True
            self.line(number, raw)

    def result(self):
        sections = []
        for heading, *entries in self.sections:
            values = [[key, join(pieces)] for key, pieces in entries]
            sections.append([heading] + [entry for entry in values if entry[1]])
        return {"faults": sorted(self.faults), "sections": [] if self.faults else sections}


def main(arguments):
    words = {}
    if arguments[:1] == ["-w"]:
        with open(arguments[1], encoding="utf-8") as file:
            for line in file:
                kind, what, name = line.split()
                words.setdefault((kind, what), set()).add(name)
        arguments = arguments[2:]
    for name in arguments:
        kind = name.rsplit("-", 1)[-1].removesuffix(".ini")
        reader = Reader(words.get((kind, "key"), ()), words.get((kind, "section"), ()))
        with open(name, "rb") as file:
            reader.read(file.read())
        print(json.dumps(reader.result(), ensure_ascii=False))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main(sys.argv[1:])
