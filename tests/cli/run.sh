#!/bin/sh
# The program as its users see it: tests/cli/run.sh [NAME]
#
# DHRLEDGER is the program's path. A test is a golden, goldens/NAME.golden, or a
# test of one of the scripts here. A golden is a session, played in an empty
# folder and compared with itself:
#
#     # What this is about.
#     $ ledger small
#     $ dhrledger check
#     1 review, 2 recommendations, 2 agencies: no findings
#     $ dhrledger chekc
#     ! dhrledger: "chekc" is no verb; did you mean "check"?
#     [2]
#
# A line "$ " is a command, with its further lines behind "> "; below it come what
# it prints, each line of standard error behind "! ", and its exit status where
# that isn't 0. "# " begins a comment, above which there may be an empty line; all
# other lines are output. All commands of a session run in one shell, which has
# the functions of session.inc.
# What differs from run to run is shown as <dir> (the session's folder) and <id>
# (a commit), a carriage return as \r.
set -u
case ${DHRLEDGER:?is not set} in
/*) ;;
*) DHRLEDGER=$PWD/$DHRLEDGER ;;
esac
cd "$(dirname "$0")/../.." || exit
root=$PWD
only=${1:-}
passed=0 failed=0
. tests/tally.inc

scratch=$(mktemp -d) && scratch=$(cd -P "$scratch" && pwd) || exit
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# An environment that is the same everywhere. An unprivileged user may enter, too.
umask 022
chmod 755 "$scratch"
mkdir "$scratch/bin" "$scratch/home" "$scratch/tmp"
cp "$DHRLEDGER" "$scratch/bin/dhrledger" || exit
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p') LANG LC_CTYPE LANGUAGE NO_COLOR COLUMNS PAGER \
    EMAIL CDPATH; do
    unset "$name"
done
PATH=$scratch/bin:$PATH
TMPDIR=$scratch/tmp
HOME=$scratch/home
TZ=UTC
LC_ALL=C
DHRLEDGER_TODAY=2026-11-24
GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
GIT_CEILING_DIRECTORIES=$scratch
GIT_AUTHOR_NAME='Ada Author'
GIT_AUTHOR_EMAIL=ada@example.org
GIT_AUTHOR_DATE='2026-11-24T10:00:00+0000'
GIT_COMMITTER_NAME='Colin Committer'
GIT_COMMITTER_EMAIL=colin@example.org
GIT_COMMITTER_DATE='2026-11-24T10:00:00+0000'
GIT_PAGER="cat"
export DHRLEDGER PATH TMPDIR HOME TZ LC_ALL DHRLEDGER_TODAY GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM \
    GIT_CEILING_DIRECTORIES GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME \
    GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE GIT_PAGER

fixtures=$root/tests/fixtures
. "$root/tests/cli/session.inc"

# play GOLDEN: the session in the current folder, as it went.
play() {
    cat >"$scratch/show.sed" <<END
s|$PWD|<dir>|g
s|$root/||g
s/[0-9a-f]\{40\}/<id>/g
s/commit [0-9a-f]\{12\}/commit <id>/g
s/rebase -i [0-9a-f]\{12\}/rebase -i <id>/g
s/^[0-9a-f]\{7\} /<id> /
s/$(printf '\r')\$/\\\\r/
END
    sed 's/^s|/s|/; $a\
s/^/! /' "$scratch/show.sed" >"$scratch/show-err.sed"
    # The golden as a script: its commands become calls of step, the rest is copied.
    awk '
        function quoted(text) {
            gsub(/\047/, "\047\\\047\047", text)
            return "\047" text "\047"
        }
        function finish() {
            if (command != "")
                print "step " quoted(command)
            command = ""
        }
        /^\$ / || /^# / || $0 == "#" {
            finish()
            if (blank && /^#/)
                print "echo"
            blank = output = 0
            print "printf \047%s\\n\047 " quoted($0)
            if (/^\$ /) {
                command = substr($0, 3)
                more = 1
                output = 1
            }
            next
        }
        more && /^>( |$)/ {
            print "printf \047%s\\n\047 " quoted($0)
            command = command "\n" substr($0, 3)
            next
        }
        { more = 0 }
        { blank = $0 == "" }
        output { next }
        { print "printf \047%s\\n\047 " quoted($0) }
        END { finish() }' "$1" >"$scratch/script"
    . "$scratch/script"
}

# step COMMAND: run it in this shell and show what came of it.
step() {
    eval "$1" >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    if [ -s "$scratch/out" ]; then
        sed -f "$scratch/show.sed" "$scratch/out"
        [ -z "$(tail -c 1 "$scratch/out")" ] || printf '\\ no newline at the end\n'
    fi
    [ ! -s "$scratch/err" ] || sed -f "$scratch/show-err.sed" "$scratch/err"
    [ "$status" = 0 ] || printf '[%s]\n' "$status"
}

for golden in tests/cli/goldens/*.golden; do
    name=${golden##*/}
    name=${name%.golden}
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    dir=$scratch/tmp/$name
    mkdir "$dir"
    rm -f "$scratch/skip"
    (cd "$dir" && play "$root/$golden") >"$scratch/transcript" 2>&1
    if [ -e "$scratch/skip" ]; then
        printf 'skip %s: %s\n' "$name" "$(cat "$scratch/skip")"
    elif diff -u --label "$golden" --label got "$golden" "$scratch/transcript"; then
        passed=$((passed + 1))
        printf 'ok %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'not ok %s\n' "$name"
    fi
    chmod -R u+rwX "$dir"
    rm -rf "$dir"
done

# Scripts print their own lines and are given NAME, unless it is their own name.
for script in tests/cli/*.sh; do
    [ "$script" != tests/cli/run.sh ] || continue
    [ "$only" != "$(basename "$script" .sh)" ] && argument=$only || argument=
    tally "$script" "$script" ${argument:+"$argument"}
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
