#!/bin/sh
# House rules that no compiler knows: tests/lint/source.sh [ROOT]
#
# What git tracks, or would track, is looked at; so ROOT is a git work tree.
set -u
cd "${1:-.}" || exit
bad=0

complain() {
    printf '%s\n' "$1"
    bad=1
}

files=$(git ls-files --cached --others --exclude-standard) || exit
files=$(printf '%s\n' "$files" | while IFS= read -r file; do
    [ -e "$file" ] && printf '%s\n' "$file"
done)

# The top level, dot-files aside.
wanted='Makefile README.md agencies include man reviews src tests'
there=$(printf '%s\n' "$files" | sed -n 's|^\([^./][^/]*\).*|\1|p' | LC_ALL=C sort -u | xargs)
[ "$there" = "$wanted" ] || complain "the top level is not exactly '$wanted' but '$there'"

# Lengths; functions are clang-tidy's.
for file in src/*/*.[ch]; do
    [ -e "$file" ] || continue
    case $file in
    src/cli/main.c | src/cli/*.h) most=500 ;;
    src/cli/*) most=250 ;;
    *) most=500 ;;
    esac
    lines=$(wc -l <"$file")
    [ "$lines" -le "$most" ] || complain "$file: $lines lines; at most $most"
done

# Functions with no safe use, outside comments and strings.
awk '
BEGIN {
    split("alloca asctime atof atoi atol atoll bcopy bzero ctime gets getwd gmtime localtime " \
          "mktemp popen scanf sprintf sscanf stpcpy strcat strcpy strncat strncpy strtok system " \
          "tempnam tmpnam vfork vsprintf", list)
    for (i in list)
        banned[list[i]] = 1
}
FNR == 1 { in_comment = 0 }
{
    line = $0
    gsub(/\\./, "", line)
    gsub(/"[^"]*"/, "\"\"", line)
    gsub(/\x27[^\x27 ]?[^\x27 ]?\x27/, "0", line)
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", line)
    sub(/\/\/.*/, "", line)
    if (in_comment) {
        if (!sub(/.*\*\//, "", line))
            next
        in_comment = 0
    }
    if (sub(/\/\*.*/, "", line))
        in_comment = 1
    while (match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        name = substr(line, RSTART, RLENGTH)
        sub(/[ \t]*\($/, "", name)
        if (name in banned) {
            print FILENAME ":" FNR ": " name " is banned"
            bad = 1
        }
        line = substr(line, RSTART + RLENGTH)
    }
}
END { exit bad }' src/*/*.[ch] include/dhrledger/*.h || bad=1

# White space, conflict marks and paths of somebody's machine, in text files.
blank=$(printf '[ \t]')
if git grep --untracked -nIE "$blank\$|^(<<<<<<<|>>>>>>>) " -- . ':!tests/fixtures' ':!tests/fuzz/seeds' \
    ':!*.golden'; then
    complain "white space at the end of a line, or a conflict mark"
fi
if git grep --untracked -nIE '(^|[^A-Za-z0-9_.~/<>{}$)-])/(home|root|work|Users)/[A-Za-z0-9._-]+' -- .; then
    complain "a path that exists on one machine only"
fi

exit $bad
