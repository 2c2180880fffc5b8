#!/bin/sh
# The Criterion tests, as one suite: tests/unit/run.sh [SUITE::TEST]
# UNIT_TESTS is the runner's path.
set -u

tap=$(mktemp) || exit
trap 'rm -f "$tap"' EXIT

filter='*'
if [ $# -gt 0 ]; then
    filter=${1%%::*}/${1#*::}
fi

# The log with the reasons goes to standard error as the tests run.
"${UNIT_TESTS:?is not set}" --tap="$tap" --filter "$filter"
status=$?

# Without its last line, the suite counts as failed.
awk -v status=$status -v one=$# '
    / # SKIP/    { if (!one) print "skip " $3; next }
    /^ok - /     { passed++; print "ok " $3 }
    /^not ok - / { failed++; print "not ok " $4 }
    END {
        if (passed + failed == 0 || (status != 0 && !failed))
            exit 1
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }' "$tap"
