#!/bin/sh
# Library pages, and by hand what must come out of each: tests/pages/run.sh [pages-NAME]
#
# A page is NAME.page, in words that are invented; NAME.want says what the program
# must make of it. Want.py compares them, and reads the records with a reader of
# its own. DHRLEDGER is the program's path.
set -u
cd "$(dirname "$0")" || exit
only=${1:-}

if ! command -v python3 >/dev/null; then
    echo 'skip pages: there is no python3'
    echo '0 passed, 0 failed'
    exit 0
fi
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
export PYTHONIOENCODING=UTF-8 PYTHONDONTWRITEBYTECODE=1
python3 want.py "${DHRLEDGER:?is not set}" "$scratch" ${only:+"${only#pages-}"}
