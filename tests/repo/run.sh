#!/bin/sh
# What the program and git do to repositories: tests/repo/run.sh [NAME]
#
# DHRLEDGER is the program's path. Every other script beside this one holds tests.
# It is started in an empty folder with the names of the tests to run, none for
# all of them, prints "ok NAME" or "not ok NAME" for each, and finds
#     dhrledger and a git without anybody's configuration   in PATH
#     ROOT      the project's folder
# NAME is a test or a script without its ".sh".
set -u
case ${DHRLEDGER:?is not set} in
/*) ;;
*) DHRLEDGER=$PWD/$DHRLEDGER ;;
esac
ROOT=$(cd "$(dirname "$0")/../.." && pwd) || exit
only=${1:-}
passed=0 failed=0
. "$ROOT/tests/tally.inc"

scratch=$(mktemp -d) && scratch=$(cd -P "$scratch" && pwd) || exit
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

umask 022
mkdir "$scratch/bin" "$scratch/home" "$scratch/tmp"
cp "$DHRLEDGER" "$scratch/bin/dhrledger" || exit
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p') LANGUAGE NO_COLOR COLUMNS PAGER EMAIL CDPATH; do
    unset "$name"
done
PATH=$scratch/bin:$PATH
TMPDIR=$scratch/tmp
HOME=$scratch/home
TZ=UTC
LC_ALL=C
DHRLEDGER_TODAY=2026-11-24
GIT_CONFIG_GLOBAL=$HOME/.gitconfig
GIT_CONFIG_NOSYSTEM=1
GIT_CEILING_DIRECTORIES=$scratch
export ROOT DHRLEDGER PATH TMPDIR HOME TZ LC_ALL DHRLEDGER_TODAY GIT_CONFIG_GLOBAL \
    GIT_CONFIG_NOSYSTEM GIT_CEILING_DIRECTORIES
cat >"$GIT_CONFIG_GLOBAL" <<'END'
[user]
	name = Ada Author
	email = ada@example.org
[init]
	defaultBranch = main
[gc]
	auto = 0
END

in_folder() {
    cd "$1" && shift && "$@"
}

for script in "$ROOT"/tests/repo/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" != run ] || continue
    [ "$only" != "$name" ] && argument=$only || argument=
    mkdir "$scratch/tmp/$name"
    tally "$name" in_folder "$scratch/tmp/$name" "$script" ${argument:+"$argument"}
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
