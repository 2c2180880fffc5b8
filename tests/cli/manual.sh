#!/bin/sh
# The manual pages against the program: tests/cli/manual.sh [NAME]
#
# DHRLEDGER is the program's path. Each test prints "ok NAME", or "not ok NAME"
# and what differs.
set -u
case ${DHRLEDGER:?is not set} in
/*) ;;
*) DHRLEDGER=$PWD/$DHRLEDGER ;;
esac
cd "$(dirname "$0")/../.." || exit
root=$PWD
only=${1:-}
failed=0

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
unset DHRLEDGER_TODAY COLUMNS

# run NAME FUNCTION: FUNCTION returns zero, or prints why not.
run() {
    [ -z "$only" ] || [ "$only" = "$1" ] || return 0
    if said=$("$2" 2>&1); then
        printf 'ok %s\n' "$1"
    else
        failed=1
        printf 'not ok %s\n%s\n' "$1" "$said"
    fi
}

# same WHAT-TO-DO: compare the manual's lines in $scratch/manual with those wanted.
same() {
    [ -s "$scratch/wanted" ] || { echo "    nothing to compare with"; return 1; }
    diff -u "$scratch/manual" "$scratch/wanted" >"$scratch/diff" && return 0
    sed 's/^/    /' "$scratch/diff"
    echo "    (- the manual, + the program) $1"
    return 1
}

# What stands between a page's markers.
part() {
    sed -n "/^\.\\\\\" $1 begins\$/,/^\.\\\\\" $1 ends\$/p" "man/$2" | sed '1d;$d'
}

schema() {
    part schema dhrledger.5 >"$scratch/manual"
    "$DHRLEDGER" schema -O mdoc >"$scratch/wanted" || return
    same "run 'make manual'"
}

findings() {
    part findings dhrledger-findings.7 >"$scratch/manual"
    "$DHRLEDGER" explain -O mdoc >"$scratch/wanted" || return
    same "run 'make manual'"
}

# The verbs, from the usage.
list_verbs() {
    "$DHRLEDGER" help | sed -n 's/^  \([a-z][a-z-]*\)  *[A-Z].*/\1/p'
}

# The part of dhrledger(1) about its verbs.
verbs_part() {
    sed -n '/^\.Sh VERBS$/,/^\.Sh OPTIONS/p' man/dhrledger.1
}

verbs() {
    list_verbs >"$scratch/wanted"
    verbs_part | sed -n 's/^\.Ss //p' >"$scratch/manual"
    same "a section .Ss below .Sh VERBS for each verb, in this order"
}

# "LETTER NAME ARGUMENT" for each option in a verb's help, with - where there is none.
help_options() {
    "$DHRLEDGER" help "$1" | awk '
        /^ +(-[A-Za-z], )?--/ {
            letter = "-"
            argument = "-"
            at = 1
            if ($1 ~ /,$/) {
                letter = substr($1, 2, 1)
                at = 2
            }
            # Two spaces or the column of the help text follow the argument.
            if ($(at + 1) ~ /^[A-Z]+$/)
                argument = tolower($(at + 1))
            print letter, substr($at, 3), argument
        }'
}

# Each verb's usage has its options, by letter where they have one, and their arguments.
usages() {
    for verb in $(list_verbs); do
        help_options "$verb" | awk -v verb="$verb" '{
            name = $1 == "-" ? "-" $2 : $1
            print verb, "Fl " name ($3 == "-" ? "" : " Ar " $3)
        }'
    done | LC_ALL=C sort >"$scratch/wanted"
    verbs_part | awk '
        /^\.Ss / { verb = $2 }
        /^\.Bk/ { usage = 1 }
        /^\.Ek/ { usage = 0 }
        usage && /^\.(Op )?Fl / { sub(/^\.(Op )?/, ""); print verb, $0 }
    ' | LC_ALL=C sort >"$scratch/manual"
    same "the lines .Op Fl between .Bk and .Ek of each verb"
}

# A verb takes queries where its usage ends in them.
arguments() {
    for verb in $(list_verbs); do
        "$DHRLEDGER" help "$verb" | sed -n '1s/.*\[QUERY…\]$/'"$verb"'/p'
    done >"$scratch/wanted"
    verbs_part | awk '/^\.Ss / { verb = $2 } /^\.Op Ar query \.\.\.$/ { print verb }' \
        >"$scratch/manual"
    same "an .Op Ar query ... in the verb's usage"
}

# Each option is explained, under both its names, and there are no others.
options() {
    for verb in $(list_verbs); do
        help_options "$verb"
    done | awk '{
        argument = $3 == "-" ? "" : " Ar " $3
        print ($1 == "-" ? "" : "Fl " $1 argument " , ") "Fl -" $2 argument
    }' | LC_ALL=C sort -u >"$scratch/wanted"
    sed -n 's/^\.It \(Fl .*\)/\1/p' man/dhrledger.1 | LC_ALL=C sort -u >"$scratch/manual"
    same "an .It Fl for each option" || return
    # Whatever else the text calls an option: those that stand without a verb aside.
    tr -s ' ' '\n' <"$scratch/wanted" | sed -n '/^Fl$/{n;p;}' >"$scratch/known"
    printf 'h\n-help\n-version\n' >>"$scratch/known"
    sed -n '/^\./s/^\.//p' man/dhrledger.1 | tr -s ' ' '\n' | sed -n '/^Fl$/{n;p;}' |
        LC_ALL=C sort -u >"$scratch/named"
    LC_ALL=C sort -u "$scratch/known" | LC_ALL=C comm -13 - "$scratch/named" >"$scratch/unknown"
    [ ! -s "$scratch/unknown" ] || { sed 's/^/    no such option: /' "$scratch/unknown"; return 1; }
}

# A ledger of one review whose recommendation, the manual's example, has a target.
make_ledger() {
    [ ! -d "$scratch/ledger" ] || return 0
    mkdir -p "$scratch/ledger/agencies" "$scratch/ledger/reviews/exampleshire-2019" || return
    cd "$scratch/ledger" || return
    printf '[review]\ntitle = Exampleshire\ncsp = Exampleshire\nsource = Test\n' \
        >reviews/exampleshire-2019/review.ini
    printf '[agency]\nname = Exampleshire Council\nkind = council\n' \
        >agencies/exampleshire-council.ini
    sed -n '/^\.\\" example begins$/,/^\.\\" example ends$/p' "$root/man/dhrledger.5" |
        sed '1d;$d' >reviews/exampleshire-2019/4.ini
    cd "$root" || return
}

example() {
    make_ledger || return
    cd "$scratch/ledger" || return
    "$DHRLEDGER" fmt --check reviews/exampleshire-2019/4.ini || return
    "$DHRLEDGER" check && awk 'length > 78 { print "    too long: " $0; bad = 1 }
        END { exit bad }' reviews/exampleshire-2019/4.ini
}

# "JSON|CSV|verb" for each column: JSON's name from a row, CSV's from the heading.
report_columns() {
    verb=$1
    shift
    "$DHRLEDGER" "$verb" "$@" -C "$scratch/ledger" -O json 2>/dev/null | sed -n 2p | awk '{
        while (match($0, /[{,]"[a-z_]+":/)) {
            print substr($0, RSTART + 2, RLENGTH - 4)
            $0 = substr($0, RSTART + RLENGTH)
        }
    }' >"$scratch/json"
    "$DHRLEDGER" "$verb" "$@" -C "$scratch/ledger" -O csv 2>/dev/null | head -n 1 | tr -d '\r' |
        tr ',' '\n' >"$scratch/csv"
    paste -d '|' "$scratch/json" "$scratch/csv" | sed "s/\$/|$verb/"
}

columns() {
    make_ledger || return
    {
        report_columns list
        report_columns overdue --today 2030-01-01
        report_columns due --today 2025-03-31
        report_columns status
        report_columns agencies
        report_columns export
        report_columns show exampleshire-2019/4
        sed 's/^response = .*/response =/' "$scratch/ledger/reviews/exampleshire-2019/4.ini" \
            >"$scratch/ledger/reviews/exampleshire-2019/5.ini"
        report_columns gaps
        echo stray >"$scratch/ledger/reviews/stray"
        report_columns check
        rm -r "$scratch/ledger"
    } | LC_ALL=C sort >"$scratch/wanted"
    part columns dhrledger.1 | awk -F ' Ta ' '/^\.It [a-z]/ {
        sub(/^\.It /, "")
        sub(/^\\&/, "", $3)
        count = split($2, verbs, /, /)
        for (i = 1; i <= count; i++)
            print $1 "|" $3 "|" verbs[i]
    }' | LC_ALL=C sort >"$scratch/manual"
    same "the table of columns in OUTPUT"
}

types() {
    "$DHRLEDGER" schema -O json | sed -n 's/.*"type": "\(.*\)".*/\1/p' | LC_ALL=C sort -u \
        >"$scratch/wanted"
    sed -n '/^\.Sh VALUES$/,/^\.Sh RECORDS/s/^\.It Em //p' man/dhrledger.5 | LC_ALL=C sort \
        >"$scratch/manual"
    same "the list in VALUES"
}

statuses() {
    sed -n 's/^    DHR_[A-Z]* = \([0-9]*\).*/\1/p' include/dhrledger/err.h >"$scratch/wanted"
    sed -n '/^\.Sh EXIT STATUS$/,/^\.Sh EXAMPLES$/s/^\.It //p' man/dhrledger.1 \
        >"$scratch/manual"
    same "the list in EXIT STATUS"
}

# What the sources ask for by name is in ENVIRONMENT.
environment() {
    {
        sed -n 's/.*getenv("\([A-Z_]*\)").*/\1/p' src/*/*.c
        grep -ho '"GIT_[A-Z_]*"' src/*/*.c | tr -d '"'
    } | LC_ALL=C sort -u >"$scratch/names"
    sed -n '/^\.Sh ENVIRONMENT$/,/^\.Sh FILES$/s/^\.It Ev //p' man/dhrledger.1 | tr -d ',' |
        tr -s ' ' '\n' | LC_ALL=C sort -u >"$scratch/documented"
    missing=$(LC_ALL=C comm -23 "$scratch/names" "$scratch/documented")
    [ -z "$missing" ] || { printf '    not in ENVIRONMENT:\n%s\n' "$missing"; return 1; }
}

# Fields and how they are compared, from the table that queries use.
query_fields() {
    sed -n 's/^    \(PSEUDO\|KEY\)("\([a-z-]*\)", MATCH_\([A-Z]*\),.*/\2 \3/p' \
        src/ledger/query_match.c | tr '[:upper:]' '[:lower:]' | sed 's/ state$/ word/' |
        LC_ALL=C sort >"$scratch/wanted"
    [ "$(wc -l <"$scratch/wanted")" = \
        "$(grep -c '^    [A-Z]*("[a-z-]*", MATCH_' src/ledger/query_match.c)" ] ||
        { echo "    a line of the table is not understood"; return 1; }
    sed -n '/^\.Sh QUERY FIELDS$/,/^\.Sh EXAMPLES$/s/^\.It Cm \(.*\) Pq \(.*\)/\1 \2/p' \
        man/dhrledger-query.7 | LC_ALL=C sort >"$scratch/manual"
    same "the lists in QUERY FIELDS" || return
    # Each is one to the program, and a key's words are those that the page lists.
    cut -d ' ' -f 1 "$scratch/wanted" | while read -r field; do
        "$DHRLEDGER" list -C "$root" -- "-$field:none" >/dev/null 2>"$scratch/said" ||
            grep -q "$field is one of" "$scratch/said" || { cat "$scratch/said"; exit 1; }
    done
}

# What a field can be, from the program's own complaint.
query_words() {
    sed -n '/^\.Sh QUERY FIELDS$/,/^\.Ss Actions$/p' man/dhrledger-query.7 | awk '
        /^\.It / { field = $3 }
        /^\.Cm / && $2 != "overdue" && field != "agency-kind" { print field, $2 }' |
        LC_ALL=C sort >"$scratch/manual"
    for field in $(sed 's/ .*//' "$scratch/manual" | uniq); do
        "$DHRLEDGER" list "$field:?" 2>&1 |
            sed -n "s/.*: $field is one of //p" | tr -d ',' | tr ' ' '\n' | sed "s/^/$field /"
    done | grep -v '^response none$' | LC_ALL=C sort >"$scratch/wanted"
    same "the words of QUERY FIELDS"
}

# The commands in a part of the page, each on one line.
query_commands() {
    part "$1" dhrledger-query.7 | sed 's/\\e$/\\/' | sed ':more
        /\\$/{
        N
        s/\\\n *//
        b more
        }' | sed -n 's/^\$ dhrledger //p'
}

# The examples are queries of this repository's ledger, which has what they name.
query_examples() {
    for name in same quoted examples; do
        query_commands "$name"
    done >"$scratch/commands"
    [ "$(wc -l <"$scratch/commands")" -gt 10 ] || { echo "    where are the examples?"; return 1; }
    while read -r command; do
        eval "'$DHRLEDGER' $command" >/dev/null 2>"$scratch/said" </dev/null ||
            { echo "    $command"; cat "$scratch/said"; return 1; }
    done <"$scratch/commands"
    query_commands same | while read -r command; do
        eval "'$DHRLEDGER' $command" | cksum
    done | sort -u | wc -l | grep -qx ' *1' || { echo "    these are not the same"; return 1; }
}

query_errors() {
    part errors dhrledger-query.7 >"$scratch/manual"
    query_commands errors | while read -r command; do
        printf '$ dhrledger %s\n' "$command"
        eval "'$DHRLEDGER' $command" 2>&1 </dev/null
        [ $? = 2 ] || echo "not refused"
    done >"$scratch/wanted"
    same "the display in DIAGNOSTICS"
}

# A macro that quotes takes the rest of its line, also what the next one quotes.
quotes() {
    ! grep -nE '^\.(.* )?([SDQP]q|Ql) .* ([SDQ]q|Ql) ' man/*.[157]
}

run manual-schema schema
run manual-findings findings
run manual-verbs verbs
run manual-usages usages
run manual-arguments arguments
run manual-options options
run manual-example example
run manual-columns columns
run manual-types types
run manual-statuses statuses
run manual-environment environment
run manual-query-fields query_fields
run manual-query-words query_words
run manual-query-examples query_examples
run manual-query-errors query_errors
run manual-quotes quotes

[ "$failed" = 0 ]
