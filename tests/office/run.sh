#!/bin/sh
# LibreOffice reads and writes the list: tests/office/run.sh [NAME]
#
# DHRLEDGER is the program's path. Each test takes the list through LibreOffice's own
# files, and imports what it makes of them.
set -u
. "$(dirname "$0")/../scratch.inc"
cd "$(dirname "$0")" || exit

python3 office.py "$scratch" "$@"
