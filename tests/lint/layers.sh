#!/bin/sh
# Prove the include rules: tests/lint/layers.sh [ROOT]
#
# The rules stand in layers.txt. A public header has the layer the table gives
# it; a private one belongs to its folder, and only files beside it include it.
set -u
table=$(cd "$(dirname "$0")" && pwd)/layers.txt
cd "${1:-.}" || exit

# The table comes first; what the shell finds no file for stays a pattern, which awk is not given.
set -- "$table"
for file in include/dhrledger/* src/*/*; do
    case $file in
    *.c | *.h | *.def) [ -e "$file" ] && set -- "$@" "$file" ;;
    esac
done

awk '
function complain(text)
{
    print FILENAME ":" FNR ": " text
    bad = 1
}

# The library header pattern that a name matches, such as git2/*.h, or "".
function library_of(name,    pattern)
{
    if (name in library)
        return name
    pattern = name
    sub(/\/.*/, "/*.h", pattern)
    return pattern in library ? pattern : ""
}

FNR == 1 { file_number++ }

file_number == 1 {
    sub(/#.*/, "")
    if (NF == 0)
        next
    if ($1 == "layer") {
        allowed[$2, $2] = known[$2] = 1
        for (i = 3; i <= NF; i++)
            allowed[$2, $i] = 1
    } else if ($1 == "headers" || $1 == "library") {
        if (!($2 in known))
            complain("there is no layer " $2)
        for (i = 3; i <= NF; i++) {
            if ($1 == "library") {
                library[$i] = $2
            } else {
                if ($i in header)
                    complain($i " stands twice")
                header[$i] = $2
                header_line[$i] = FNR
            }
        }
    } else if ($1 == "system") {
        for (i = 2; i <= NF; i++)
            system_header[$i] = 1
    } else {
        complain("not understood: " $1)
    }
    next
}

FNR == 1 {
    split(FILENAME, part, "/")
    if (part[1] == "include") {
        seen[part[3]] = 1
        layer = header[part[3]]
        if (layer == "")
            complain("the header is missing from tests/lint/layers.txt")
    } else {
        layer = part[2]
        if (!(layer in known))
            complain("there is no layer " layer)
    }
}

/^[ \t]*#[ \t]*include/ {
    if (!match($0, /[<"][^>"]*[>"]/)) {
        complain("an include must name its file")
        next
    }
    quote = substr($0, RSTART, 1)
    name = substr($0, RSTART + 1, RLENGTH - 2)
    if (quote == "<") {
        found = library_of(name)
        if (found != "") {
            if (library[found] != layer)
                complain("<" name "> is for the " library[found] " layer alone")
            else if (part[1] == "include")
                complain("a public header must not include <" name ">")
        } else if (!(name in system_header)) {
            complain("<" name "> is missing from tests/lint/layers.txt")
        }
    } else if (name ~ /^dhrledger\/[^\/]+$/) {
        target = header[substr(name, 11)]
        if (target == "")
            complain("\"" name "\" is missing from tests/lint/layers.txt")
        else if (layer != "" && !((layer, target) in allowed))
            complain("the " layer " layer must not include \"" name "\" of the " target " layer")
        if (part[1] == "src")
            used[substr(name, 11), layer] = 1
    } else if (name ~ /\//) {
        complain("\"" name "\" reaches into another folder")
    } else if (part[1] == "include") {
        complain("a public header includes \"dhrledger/" name "\" by its full name")
    }
}

END {
    for (name in header_line) {
        where = "tests/lint/layers.txt:" header_line[name] ": "
        if (!(name in seen)) {
            print where name " is not in include/dhrledger"
            bad = 1
        } else if (!((name, header[name]) in used)) {
            print where "nothing in src/" header[name] " includes " name ", so it is not its layer"
            bad = 1
        }
    }
    exit bad
}' "$@"
