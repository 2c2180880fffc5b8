#!/bin/sh
# LibreOffice reads and writes the list: tests/office/run.sh [NAME]
#
# DHRLEDGER is the program's path. Each test takes the list through LibreOffice's own
# files, and imports what it makes of them.
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

python3 office.py "$scratch" "$@"
