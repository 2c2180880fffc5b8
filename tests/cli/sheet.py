#!/usr/bin/env python3
"""What a spreadsheet does to a list: sheet.py FILE [OPTION...] [ID/AGENCY/HEADING=VALUE...]

Cells are filled in, the file is saved in place. The ID is the recommendation's
number, and of several rows the last is meant; "*" stands for every row; "\\n" in a
value is a line break.

    --uk           dates as day/month/year, months as Mar-27
    --time         dates with midnight behind them
    --reverse      rows and columns in the opposite order
    --without=NAME the column NAME is gone
    --only=N       only the row of that number is left
    --add=NAME     a column NAME of one's own stands first
    --again=N      the rows of that number stand once more at the end
    --misread      UTF-8 was taken for Windows-1252
    --encoding=E   --delimiter=D
"""
import csv
import re
import sys

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def as_uk(cell):
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", cell)
    month = re.fullmatch(r"(\d{4})-(\d\d)", cell)
    if day:
        return f"{day[3]}/{day[2]}/{day[1]}"
    if month:
        return f"{MONTHS[int(month[2]) - 1]}-{month[1][2:]}"
    return cell


def as_time(cell):
    return cell + " 00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else cell


def misread(cell):
    read = lambda byte: bytes([byte]).decode("cp1252", errors="replace").replace("\ufffd", chr(byte))
    return "".join(map(read, cell.encode("utf-8")))


def main():
    path, encoding, delimiter, change = sys.argv[1], "utf-8", ",", None
    with open(path, newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    reverse = False
    for word in sys.argv[2:]:
        option, _, value = word.partition("=")
        if option in ("--uk", "--time"):
            change = as_uk if option == "--uk" else as_time
            rows = [[change(cell) for cell in row] for row in rows]
        elif option == "--reverse":
            reverse = True
        elif option == "--without":
            at = heading.index(value)
            heading.pop(at)
            for row in rows:
                row.pop(at)
        elif option == "--only":
            rows = [row for row in rows if row[0].split("/")[1] == value]
        elif option == "--add":
            heading.insert(0, value)
            for row in rows:
                row.insert(0, "x")
        elif option == "--again":
            rows += [row[:] for row in rows if row[0].split("/")[1] == value]
        elif option == "--misread":
            rows = [[misread(cell) for cell in row] for row in rows]
        elif option == "--encoding":
            encoding = value
        elif option == "--delimiter":
            delimiter = value
        else:
            number, agency, name = option.split("/", 2)
            mine = [row for row in rows if row[0].endswith("/" + number) and agency in row]
            for row in rows if number == "*" else mine[-1:]:
                row[heading.index(name)] = value.replace("\\n", "\n")
            if not mine and number != "*":
                sys.exit(f"no row for {word}")
    if reverse:
        heading.reverse()
        rows = [row[::-1] for row in reversed(rows)]
    with open(path, "w", newline="", encoding=encoding, errors="replace") as file:
        csv.writer(file, delimiter=delimiter).writerows([heading, *rows])


main()
