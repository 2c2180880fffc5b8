#!/bin/sh
# The words of the schema as a libFuzzer dictionary: tests/fuzz/dictionary.sh DHRLEDGER
set -eu
"$1" schema -O json | awk '
    function add(text) {
        if (!(text in seen)) {
            seen[text] = 1
            gsub(/[\\"]/, "\\\\&", text)
            print "\"" text "\""
        }
    }
    match($0, /^ *"(section|key|csv_heading)": "/) || match($0, /^ *"/) && !/": /  {
        word = substr($0, RLENGTH + 1)
        sub(/",?$/, "", word)
        if ($1 == "\"section\":")
            add("[" word "]")
        else if ($1 == "\"key\":")
            add(word " = ")
        add(word)
    }'
