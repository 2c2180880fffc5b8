#!/bin/sh
# The list goes out as CSV and comes back, on random ledgers: tests/roundtrip/run.sh [NAME]
#
# DHRLEDGER is the program's path. ROUNDS says how many ledgers (4), SEED which is
# the first (1). What fails says how that ledger can be tried again.
set -u
case ${DHRLEDGER:?is not set} in
/*) ;;
*) DHRLEDGER=$PWD/$DHRLEDGER ;;
esac
cd "$(dirname "$0")" || exit

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p') LANG LC_CTYPE LANGUAGE NO_COLOR COLUMNS PAGER \
    EMAIL CDPATH; do
    unset "$name"
done
HOME=$scratch
TMPDIR=$scratch
TZ=UTC
LC_ALL=C.UTF-8
DHRLEDGER_TODAY=2026-11-24
GIT_CONFIG_GLOBAL=$scratch/gitconfig
GIT_CONFIG_NOSYSTEM=1
GIT_CEILING_DIRECTORIES=$scratch
PYTHONDONTWRITEBYTECODE=1
export DHRLEDGER HOME TMPDIR TZ LC_ALL DHRLEDGER_TODAY GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM \
    GIT_CEILING_DIRECTORIES PYTHONDONTWRITEBYTECODE
git config --global user.name 'Ada Author'
git config --global user.email ada@example.org
git config --global gc.auto 0

python3 roundtrip.py "$scratch" "${ROUNDS:-4}" "${SEED:-1}" "$@"
