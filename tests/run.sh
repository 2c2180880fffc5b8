#!/bin/sh
# Run test suites and count.
#
#     tests/run.sh [-s] [-t TEST] SUITE...
#
# A suite is tests/SUITE/run.sh. It may be given the name of a single test, prints "ok NAME", "not ok NAME" or "skip NAME"
# for each, anything else it likes, and ends with "N passed, M failed". A suite
# that stops before that line, or whose line does not match what it printed,
# counts as one failure more. -s ends with the sum of all suites.
set -u
cd "$(dirname "$0")/.." || exit
unset MAKEFLAGS MFLAGS MAKELEVEL

sum=
test=
while getopts st: option; do
    case $option in
    s) sum=1 ;;
    t) test=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# Read a suite's output, pass it on, and leave the counts in $scratch/counts.
count() {
    passed=0 failed=0 last=
    while IFS= read -r line || [ -n "$line" ]; do
        last=$line
        case $line in
        'ok '*) passed=$((passed + 1)) ;;
        'not ok '*)
            failed=$((failed + 1))
            printf '%s\n    again: make test-%s TEST='\''%s'\''\n' "$line" "$1" "${line#not ok }"
            continue
            ;;
        [0-9]*' passed, '[0-9]*' failed') continue ;;
        esac
        printf '%s\n' "$line"
    done
    if [ "$last" != "$passed passed, $failed failed" ]; then
        failed=$((failed + 1))
        printf 'not ok %s did not end with its count\n    again: make test-%s\n' "$1" "$1"
    fi
    echo "$passed $failed" >"$scratch/counts"
}

all_passed=0 all_failed=0
for suite; do
    { "tests/$suite/run.sh" ${test:+"$test"} || echo $? >"$scratch/status"; } </dev/null 2>&1 |
        count "$suite"
    read -r passed failed <"$scratch/counts"
    if [ -e "$scratch/status" ] && [ "$failed" = 0 ]; then
        failed=1
        printf 'not ok %s ended with status %s\n    again: make test-%s\n' "$suite" \
            "$(cat "$scratch/status")" "$suite"
    fi
    rm -f "$scratch/status"
    printf '%s: %s passed, %s failed\n' "$suite" "$passed" "$failed"
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
done

if [ -n "$sum" ]; then
    printf '\n%s passed, %s failed\n' "$all_passed" "$all_failed"
fi
[ "$all_failed" = 0 ] && [ "$all_passed" -gt 0 ]
