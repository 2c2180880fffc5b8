#!/bin/sh
# The list goes out as CSV and comes back, on random ledgers: tests/roundtrip/run.sh [NAME]
#
# DHRLEDGER is the program's path. ROUNDS says how many ledgers (4), SEED which is
# the first (1). What fails says how that ledger can be tried again.
set -u
. "$(dirname "$0")/../scratch.inc"
cd "$(dirname "$0")" || exit

python3 roundtrip.py "$scratch" "${ROUNDS:-4}" "${SEED:-1}" "$@"
