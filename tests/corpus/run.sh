#!/bin/sh
# Records with one fault each, and sound ones of every irregular shape: tests/corpus/run.sh [NAME]
#
# The cases stand in faulty/*.cases and sound/*.cases; corpus.py says how they are written. A
# faulty one must raise the findings it names and no other, a sound one none.
# DHRLEDGER is the program's path.
set -u
. "$(dirname "$0")/../scratch.inc"
cd "$(dirname "$0")" || exit
if ! command -v python3 >/dev/null; then
    echo 'skip corpus: there is no python3'
    echo '0 passed, 0 failed'
    exit 0
fi
export PYTHONIOENCODING=UTF-8
python3 corpus.py "$scratch" ${1:+"$1"}
