#!/bin/sh
# Properties of the record codec, tried on random records: tests/property/run.sh [NAME]
#
# CODEC_PROPERTIES is the program's path; PROPERTY_SEED and PROPERTY_COUNT choose
# the records. A second reader, written apart from the program, must then read
# every file that was made as the program read it.
set -u
cd "$(dirname "$0")" || exit
only=${1:-}
second=a-second-reader-agrees

files=$(mktemp -d) || exit
trap 'rm -rf "$files"' EXIT

[ "$only" = $second ] && only=
"${CODEC_PROPERTIES:?is not set}" "$files" $only >"$files/results"
status=$?
cat "$files/results"
passed=$(grep -ac '^ok ' "$files/results")
failed=$(grep -ac '^not ok ' "$files/results")
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || exit

if [ -z "$only" ]; then
    # The names hold no spaces, and stand in the order in which they were written.
    if ls "$files" | sed -n "s|.*\.ini\$|$files/&|p" |
        xargs python3 read_record.py -w "$files/words" >"$files/readings.second" &&
        cmp "$files/readings" "$files/readings.second"; then
        passed=$((passed + 1))
        echo "ok $second"
    else
        diff "$files/readings" "$files/readings.second" | cut -c 1-2000 | head -n 4
        failed=$((failed + 1))
        echo "not ok $second"
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
