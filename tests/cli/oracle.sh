#!/bin/sh
# The reports against oracle.py, which counts and sorts on its own: tests/cli/oracle.sh [NAME]
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}
failed=0

if ! command -v python3 >/dev/null; then
    echo 'skip oracle: there is no python3'
    exit 0
fi
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
export PYTHONIOENCODING=UTF-8 PYTHONDONTWRITEBYTECODE=1

# agrees NAME LEDGER: around the ends of days, months and years.
agrees() {
    [ -z "$only" ] || [ "$only" = "$1" ] || return 0
    if said=$(python3 tests/cli/oracle.py compare "$2" 2024-02-29 2025-12-31 2026-01-01 \
        2026-11-24 2027-03-31 2027-04-01 2031-07-01 2>&1); then
        echo "ok $1"
    else
        failed=1
        printf '%s\nnot ok %s\n' "$said" "$1"
    fi
}

for folder in reviews agencies; do
    mkdir -p "$scratch/durham" && cp -R "$folder" "$scratch/durham/" || exit
done
agrees oracle-durham "$scratch/durham"
cp -R tests/fixtures/progress "$scratch/progress" || exit
agrees oracle-progress "$scratch/progress"
for seed in 1 2; do
    python3 tests/cli/oracle.py make "$scratch/$seed" "$seed" || exit
    agrees "oracle-random-$seed" "$scratch/$seed"
done

[ "$failed" = 0 ]
