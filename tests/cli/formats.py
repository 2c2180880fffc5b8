"""The formats of "dhrledger check" against what their readers want: formats.py TEST FOLDER

Each test makes a ledger in FOLDER, much of it hostile, has the findings written in
one format, holds that against its schema, and compares it, finding by finding, with
what "-O json" says. What a column is in UTF-16 is counted here from the files.
"""
import json
import os
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

import jsonschema

PREFIX = "sub, 100%: folder"
HERE = os.path.dirname(os.path.abspath(__file__))

BAD_RECORD = """[recommendation]
number = {number}
addressed-to = Exampleshire Police
text = {text}

[agency exampleshire-police]
status = {status}
due = {due}
"""

# What other formats take for their own: GitHub's commands, markup, and what no XML may hold.
HOSTILE = ["::error file=x::forged", "100% of it, %0A and %25", "<b>&amp;]]></b>", "a\ufffeb\uffff",
           "|cell| `x` <!-- \\", "'\"&#0;", "😀 é", "x" * 60000]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def make_ledger(folder, plain=False):
    """In a folder of a repository, whose name has to be escaped; plain: of few findings."""
    root = os.path.join(folder, PREFIX)
    subprocess.run(["git", "init", "-q", folder], check=True)
    write(root + "/.dhrledger.ini", "[severity]\nDL099 = off\n")
    write(root + "/agencies/exampleshire-police.ini",
          "[agency]\nname = Exampleshire Police\nkind = police\n")
    write(root + "/reviews/x-2019/review.ini",
          "[review]\ntitle = Invented\ncsp = X\nsource = a test\nrecommendations = 3\n")
    if plain:
        return root
    for number, words in enumerate(HOSTILE, 1):
        write(f"{root}/reviews/x-2019/{number}.ini",
              BAD_RECORD.format(number=number, text=words, status=words, due=words))
    for number in range(20, 40):
        write(f"{root}/reviews/x-2019/{number}.ini",
              BAD_RECORD.format(number=number, text="Do it.", status="open", due="soon"))
    write(root + "/reviews/x-2019/50.ini",
          BAD_RECORD.format(number=50, text="Do it.", status="open", due="2027") +
          "😀é😀 is lost\n" * 5 + "é😀\x0b\n" + "lead = \u202ex\n")
    for name in ["a,b:c%", "<&]]>", "new\nline", "\x1b[31m", "a\ufffeb", "é"]:
        write(f"{root}/reviews/x-2019/{name}", "")
    write(os.fsencode(root) + b"/reviews/x-2019/\xff\xfe.ini", b"\xff\xfe[x]\nnumber = \xff\n")
    return root


def check(root, *options, status=1, environment=None):
    told = subprocess.run([os.environ["DHRLEDGER"], "check", "-C", root, *options],
                          capture_output=True, env={**os.environ, **(environment or {})})
    assert told.returncode == status, (told.returncode, told.stderr)
    assert told.stderr == b"", told.stderr
    again = subprocess.run([os.environ["DHRLEDGER"], "check", "-C", root, *options],
                           capture_output=True)
    assert told.stdout == again.stdout, "two runs differ"
    for character in told.stdout.decode():
        assert character == "\n" or character == "\r" or character.isprintable() or \
            character in "\ufffe\uffff\xa0", repr(character)
    return told.stdout.decode()


def validate(data, name):
    with open(f"{HERE}/schemas/{name}.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(data)


def findings(root):
    return json.loads(check(root, "-O", "json"))["rows"]


def shown(path):
    """A path as every format but JSON shows it; what can't be UTF-8 is � in JSON."""
    return "".join(f"<U+{ord(c):04X}>" if ord(c) < 32 or c in "\u202e\ufeff" else c for c in path)


def utf16_column(root, row):
    if row["line"] is None:
        return None
    with open(os.path.join(root, row["path"]), "rb") as file:
        line = file.read().split(b"\n")[row["line"] - 1]
    before = line[:row["column"] - 1].decode("utf-8", "replace")
    return len(before.encode("utf-16-le")) // 2 + 1


def same(got, wanted):
    assert len(got) == len(wanted), f"{len(got)} findings, not {len(wanted)}"
    for one, other in zip(got, wanted):
        assert one == other, f"\n  {one!r}\n  {other!r}"


def known(path):
    """JSON can't name a file whose name is not UTF-8, so that it is not compared."""
    return "\ufffd" not in path and "<0x" not in path


def test_json(folder):
    data = json.loads(check(make_ledger(folder), "-O", "json"))
    validate(data, "check")
    rows = data["rows"]
    errors = [row for row in rows if row["severity"] == "error"]
    assert rows[:len(errors)] == errors, "not the worst first"
    assert (data["errors"], data["warnings"]) == (len(errors), len(rows) - len(errors))
    assert len({row["fingerprint"] for row in rows}) == len(rows), "a fingerprint stands twice"
    assert len(rows) > 50, "too few findings"
    assert {"DL004", "DL008", "DL011", "DL040", "DL041"} <= {row["code"] for row in rows}
    for row in rows:
        if row["code"] == "DL040":
            assert (row["section"], row["key"]) == ("agency exampleshire-police", "due"), row


def test_sarif(folder):
    root = make_ledger(folder)
    rows = findings(root)
    data = json.loads(check(root, "-O", "sarif"))
    validate(data, "sarif")
    run = data["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    got = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        uri = urllib.parse.unquote_to_bytes(place["artifactLocation"]["uri"]).decode(
            "utf-8", "replace")
        got.append((uri, place.get("region", {}).get("startLine"),
                    place.get("region", {}).get("startColumn"), result["level"],
                    result["ruleId"], result["partialFingerprints"]["dhrledgerFinding/v1"]))
    assert run["columnKind"] == "utf16CodeUnits"
    same(got, [(f"{PREFIX}/{row['path']}", row["line"],
                utf16_column(root, row) if known(row["path"]) else row["column"],
                row["severity"], row["code"], row["fingerprint"]) for row in rows])
    explained = json.loads(subprocess.run([os.environ["DHRLEDGER"], "explain", "-O", "json"],
                                          capture_output=True, check=True).stdout)["findings"]
    same([(rule["id"], rule["fullDescription"]["text"], rule["defaultConfiguration"]["level"])
          for rule in rules], [(rule["code"], rule["why"], rule["severity"]) for rule in explained])
    assert all(rule["help"]["text"] for rule in rules)


def test_gitlab(folder):
    root = make_ledger(folder)
    rows = [row for row in findings(root)]
    data = json.loads(check(root, "-O", "gitlab"))
    validate(data, "gitlab")
    same([(issue["location"]["path"] if known(issue["location"]["path"]) else None,
           issue["location"]["lines"]["begin"], issue["severity"], issue["check_name"],
           issue["fingerprint"]) for issue in data],
         [(f"{PREFIX}/{shown(row['path'])}" if known(row["path"]) else None, row["line"] or 1,
           {"error": "critical", "warning": "minor"}[row["severity"]], row["code"],
           row["fingerprint"]) for row in rows])
    assert len({issue["fingerprint"] for issue in data}) == len(data)
    assert json.loads(check(make_ledger(folder + "/sound", True), "-O", "gitlab",
                            status=0)) != [], "the count differs"


def unescaped(text, more=()):
    for code, character in [*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]:
        text = text.replace(code, character)
    return text


def annotations(text):
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert set(properties) <= {"file", "line", "col", "title"}, line
        yield match[1], {name: unescaped(value, [("%3A", ":"), ("%2C", ",")])
                         for name, value in properties.items()}, unescaped(match[3])


def test_github(folder):
    root = make_ledger(folder)
    rows = findings(root)
    got = list(annotations(check(root, "-O", "github")))
    assert len(got) == 11, f"{len(got)} annotations"
    assert got[10][0] == "notice" and got[10][2].startswith(f"{len(rows) - 10} more findings: ")
    # Independently: errors first, then by how often the same was said before, then in order.
    said, ranked = {}, []
    for at, row in enumerate(rows):
        same_words = (row["severity"], row["code"], row["message"])
        said[same_words] = said.get(same_words, -1) + 1
        ranked.append((row["severity"] != "error", said[same_words], at))
    wanted = [rows[at] for _, _, at in sorted(ranked)[:10]]
    same([(kind, properties["file"], properties.get("line"), properties.get("col"),
           properties["title"][:5]) for kind, properties, _ in got[:10]],
         [(row["severity"], f"{PREFIX}/{shown(row['path'])}",
           row["line"] and str(row["line"]), row["line"] and str(utf16_column(root, row)),
           row["code"]) for row in wanted])
    same([message for _, _, message in got[:10]], [shown(row["message"]) for row in wanted])
    few = list(annotations(check(make_ledger(folder + "/few", True), "-O", "github", status=0)))
    assert [kind for kind, _, _ in few] == ["warning"], few


def test_junit(folder):
    root = make_ledger(folder)
    rows = findings(root)
    for level, fails in [("error", {"error"}), ("warning", {"error", "warning"}), ("never", set())]:
        text = check(root, "-O", "junit", "--fail-level", level, status=1 if fails else 0)
        suites = xml.etree.ElementTree.fromstring(text.encode())
        check_junit(suites)
        cases = {(case.get("classname"), case.get("name")) for case in suites.iter("testcase")}
        assert len(cases) == len(rows), "two cases have one name"
        assert int(suites.get("tests")) == len(rows)
        assert int(suites.get("failures")) == sum(row["severity"] in fails for row in rows)
        assert len(list(suites)) == len({row["path"] for row in rows}), "a file has two suites"
        for case in suites.iter("testcase"):
            line = case[0].text
            assert (case[0].tag == "failure") == any(f": {word}: " in line for word in fails), line
            assert line.endswith(f" [{case[0].get('type')}]\n")
            assert case[0].get("message") in line
    sound = folder + "/sound"
    os.makedirs(sound)
    suites = xml.etree.ElementTree.fromstring(check(make_sound(sound), "-O", "junit", status=0))
    check_junit(suites)
    assert [len(case) for case in suites.iter("testcase")] == [0]


def make_sound(folder):
    root = make_ledger(folder, True)
    path = root + "/reviews/x-2019/review.ini"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    write(path, text.replace("recommendations = 3\n", ""))
    return root


# Element: its elements, its attributes and those it must have; Jenkins's junit-10.xsd says so.
JUNIT = {
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors"}, set()),
    "testsuite": ({"testsuite", "properties", "testcase", "system-out", "system-err"},
                  {"name", "tests", "failures", "errors", "skipped", "time", "timestamp",
                   "hostname", "id", "package", "file", "log", "url", "group"},
                  {"name", "tests", "failures", "errors"}),
    "testcase": ({"skipped", "error", "failure", "system-out", "system-err"},
                 {"name", "time", "classname", "group"}, {"name", "classname"}),
    "failure": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}


def check_junit(element):
    inner, allowed, needed = JUNIT[element.tag]
    assert needed <= set(element.keys()) <= allowed, (element.tag, element.keys())
    assert {child.tag for child in element} <= inner, element.tag
    if element.tag == "testsuite":
        for name, tag in [("tests", "testcase"), ("failures", "testcase/failure"),
                          ("skipped", "testcase/skipped")]:
            assert int(element.get(name)) == len(element.findall(tag)), name
    for child in element:
        check_junit(child)


def test_text(folder):
    """Whatever is grouped and folded, each finding is there once, with its place and words."""
    root = make_ledger(folder)
    rows = [row for row in findings(root) if known(row["path"])]
    for columns in ["", "72", "30"]:
        text = check(root) if not columns else check_with_columns(root, columns)
        got = []
        for line in text.splitlines()[:-1]:
            if line.startswith("      ") or line.startswith("    "):
                words = line.split()
                if not line.startswith("      "):
                    within = words.pop(0)
                got += [(*place(within + word), said) for word in words]
            elif not line.startswith("  and the same in "):
                match = re.fullmatch(r"(.*?)((?::\d+:\d+)?): (error|warning): (.*) \[(DL\d+)\]",
                                     line)
                said = match[3], match[4], match[5]
                got.append((*place(match[1] + match[2]), said))
        same(sorted(finding for finding in got if known(finding[0])),
             sorted((shown(row["path"]), f"{row['line']}:{row['column']}" if row["line"] else "",
                     (row["severity"], shown(row["message"]), row["code"])) for row in rows))
        assert "  and the same in 19 more places:" in text


def check_with_columns(root, columns):
    return subprocess.run([os.environ["DHRLEDGER"], "check", "-C", root], capture_output=True,
                          env={**os.environ, "COLUMNS": columns}).stdout.decode()


def place(text):
    match = re.fullmatch(r"(.*?)(?::(\d+:\d+))?", text)
    return match[1], match[2] or ""


def test_summary(folder):
    """GitHub drops a summary of more than 1,024 KiB as a whole."""
    root = make_ledger(folder)
    rows = findings(root)
    file = os.path.join(folder, "summary")
    write(file, "Before.\n")
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": file}
    run = [os.environ["DHRLEDGER"], "check", "-C", root, "-O", "github"]
    assert subprocess.run(run, env=environment, capture_output=True).returncode == 1
    with open(file, encoding="utf-8") as lines:
        text = lines.read()
    assert text.startswith("Before.\n### dhrledger check\n\n1 review, ")
    table = [line for line in text.splitlines() if line.startswith("| reviews/")]
    assert len(table) == len(rows), f"{len(table)} rows, not {len(rows)}"
    for line in table:
        assert len(re.findall(r"(?<!\\)\|", line)) == 7, line[:200]
    for number in range(100, 1100):
        write(f"{root}/reviews/x-2019/{number}.ini",
              BAD_RECORD.format(number=number, text="x", status="y" * 2000, due="z" * 2000))
    count = len(findings(root))
    write(file, "x" * 900000)
    assert subprocess.run(run, env=environment, capture_output=True).returncode == 1
    with open(file, "rb") as lines:
        text = lines.read()
    assert 1024 * 1024 - 1000 < len(text) <= 1024 * 1024, len(text)
    left = re.search(rb"\n\n(\d+) more findings: run `dhrledger check`\.\n\Z", text)
    assert int(left[1]) + text.count(b"\n| reviews/") == count, (left[1], count)
    missing = {**environment, "GITHUB_STEP_SUMMARY": folder + "/nowhere/summary"}
    told = subprocess.run(run, env=missing, capture_output=True)
    assert told.returncode == 5 and b"nowhere/summary: the summary can't be written" in told.stderr


if __name__ == "__main__":
    globals()["test_" + sys.argv[1]](sys.argv[2])
