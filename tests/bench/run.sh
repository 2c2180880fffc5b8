#!/bin/sh
# Time the program on a large ledger beside git on the same tree, in one run.
#
#     tests/bench/run.sh [REVIEWS]        1200 reviews are about 21,000 records
#
# Prints medians and ratios; a ratio is a fact about this machine and this
# moment, so none of them fails anything. Wrong output does.
set -eu
cd "$(dirname "$0")/../.."
: "${DHRLEDGER:=$PWD/build/release/dhrledger}"
reviews=${1:-1200}
case $reviews in *[!0-9]*) reviews=1200 ;; esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
ledger=$scratch/ledger
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 DHRLEDGER_TODAY=2026-11-24
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.org
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.org

python3 tests/bench/make_ledger.py "$ledger" "$reviews" >"$scratch/counts"
git -C "$ledger" init -q -b main
git -C "$ledger" add -A
git -C "$ledger" commit -q -m 'A large ledger'
git -C "$ledger" status --short
want() { awk -v key="$1" '$1 == key { print $2 }' "$scratch/counts"; }

passed=0 failed=0
expect() { # NAME WANTED GOT
    if [ "$2" = "$3" ]; then
        echo "ok $1" && passed=$((passed + 1))
    else
        echo "expected $2, got $3"
        echo "not ok $1" && failed=$((failed + 1))
    fi
}
tool() { "$DHRLEDGER" -C "$ledger" "$@"; }
expect bench-check "$(want reviews) reviews, $(want recommendations) recommendations, 72 agencies: no findings" \
    "$(tool check)"
expect bench-list "$(want addressees)" "$(tool list -O csv | tail -n +2 | wc -l)"
expect bench-overdue "$(want overdue)" "$(tool overdue -O csv | tail -n +2 | wc -l)"
expect bench-at-head "$(tool list -O csv | sha256sum)" "$(tool list --at HEAD -O csv | sha256sum)"

cd "$ledger"
bytes=$(cat reviews/*/*.ini agencies/*.ini | wc -c)
echo "$(want recommendations) recommendations, $bytes bytes"

# medians NAME=COMMAND...: seconds, by hyperfine
medians() {
    for pair; do
        hyperfine -N -w 2 -r "${BENCH_RUNS:-15}" --style none --export-csv "$scratch/time.csv" \
            "${pair#*=}" >/dev/null 2>&1
        echo "${pair%%=*} $(tail -n 1 "$scratch/time.csv" | awk -F, '{ print $(NF - 4) }')"
    done
}
medians "git-status=git status --short" "git-grep=git grep -c ." "git-grep-head=git grep -c . HEAD" \
    "check=$DHRLEDGER check" "check-at-head=$DHRLEDGER check --at HEAD" \
    "status=$DHRLEDGER status" "overdue=$DHRLEDGER overdue" "list-csv=$DHRLEDGER list -O csv" \
    >"$scratch/times"
awk '{ time[$1] = $2; printf "  %-14s %7.1f ms\n", $1, $2 * 1000 }
    function ratio(a, b) { printf "  %-14s / %-14s %.2f\n", a, b, time[a] / time[b] }
    END {
        ratio("check", "git-status"); ratio("check", "git-grep")
        ratio("status", "git-status"); ratio("overdue", "git-status")
        ratio("list-csv", "git-status"); ratio("check-at-head", "git-grep-head")
    }' "$scratch/times"
peak=$(python3 - "$DHRLEDGER" <<'EOF'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "check"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
EOF
)
awk -v peak="$peak" -v bytes="$bytes" \
    'BEGIN { printf "  peak memory of check: %.1f MB, %.1f times the records\n", peak / 1e6, peak / bytes }'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
