#!/bin/sh
# The files that a target begins with, a line each: tests/fuzz/seeds.sh TARGET
#
# Its own are in seeds/TARGET: hand-made ones, and what fuzzing has found, named for
# what it was. Others are borrowed from the suites that have them.
set -eu
cd "$(dirname "$0")/../.."

case $1 in
ini) set -- "$1" reviews/*/*.ini agencies/*.ini tests/fixtures/messy/*.ini tests/fixtures/*/*/*.ini \
    tests/fixtures/*/*/*/*.ini ;;
page) set -- "$1" tests/pages/*.page tests/fixtures/durham-review.txt ;;
csv) set -- "$1" tests/fixtures/csv/*.csv ;;
privacy) set -- "$1" tests/privacy/*.txt tests/fixtures/durham-review.txt ;;
write) set -- "$1" tests/fixtures/csv/*.csv ;;
esac
target=$1
shift
ls "tests/fuzz/seeds/$target"/* "$@"
