#!/bin/sh
# Two branches that edit different fields merge without the help of a driver, as
# at a forge's merge button: merge.sh [NAME]
set -u
only=${1:-}

# try NAME COMMAND...: in a folder of its own.
try() {
    name=$1
    shift
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    mkdir "$name" || exit
    if said=$(cd "$name" && "$@" 2>&1); then
        echo "ok $name"
    else
        printf '%s\nnot ok %s\n' "$said" "$name"
    fi
}

pairs() {
    python3 -B "$ROOT/tests/repo/merge_pairs.py" "$1"
}

# A ledger with one recommendation for two agencies, in its first commit.
ledger() {
    mkdir -p reviews/x agencies
    printf '[review]\ntitle = X\ncsp = X\nsource = a test\n' >reviews/x/review.ini
    printf '[recommendation]\nnumber = 1\naddressed-to = All\ntext = Do it.\n' >reviews/x/1.ini
    for agency in a b; do
        printf '[agency %s]\nstatus = open\n' $agency >>reviews/x/1.ini
        printf '[agency]\nname = Agency %s\nkind = other\n' $agency >agencies/$agency.ini
    done
    dhrledger fmt && git init -q && git add . && git commit -qm 'The ledger'
}

# set_on BRANCH FROM WORD...: a branch on which the tool has set something.
set_on() {
    branch=$1 from=$2
    shift 2
    git checkout -q -b "$branch" "$from" && dhrledger set "$@" -m 'a test' >/dev/null
}

# holds RECORD LINE...: the record has these lines.
holds() {
    record=$1
    shift
    for line; do
        grep -qxF -e "$line" "$record" || { echo "    $record lacks: $line"; return 1; }
    done
}

# both RECORD LINE LINE WORDS -- WORDS: two branches set these, and git merges them.
both() {
    number=$((number + 1))
    record=$1 one=$2 two=$3 first=
    shift 3
    while [ "$1" != -- ]; do
        first="$first $1"
        shift
    done
    shift
    # shellcheck disable=SC2086 # the words hold no spaces
    set_on "one-$number" main $first && set_on "two-$number" main "$@" &&
        git merge -q --no-edit "one-$number" && holds "$record" "$one" "$two" &&
        dhrledger check >/dev/null && dhrledger fmt --check
}

# shellcheck disable=SC2086 # $a is several words
neighbours() {
    ledger || return
    number=0 set=x/1
    a="$set --agency a" b="$set --agency b"
    file=reviews/x/1.ini
    both $file 'lead = One' 'due = 2027' $a lead=One -- $a due=2027 &&
        both $file 'status = in-progress' 'lead = One' $a status=in-progress -- $a lead=One &&
        both $file 'response = accepted' 'status = in-progress' \
            $a response=accepted -- $a status=in-progress &&
        both $file 'response-due = 2027' 'responded-on = 2026-10' \
            $a response-due=2027 -- $a responded-on=2026-10 &&
        both $file 'lead = One' 'action = Write' $a lead=One -- $a action=Write &&
        both $file 'action = Write' 'milestone = 2026-12 draft' \
            $a action=Write -- $a "milestone=2026-12$(printf '\t')draft" &&
        both $file 'due = 2027' 'implemented-on = 2026-10' $a due=2027 -- $a implemented-on=2026-10 &&
        both $file 'outcome = Done' 'evidence = minutes.pdf' \
            $a outcome=Done -- $a evidence=minutes.pdf &&
        both $file 'verified-on = 2026-10' 'verified-by = Board' \
            $a verified-on=2026-10 -- $a verified-by=Board &&
        both $file 'closed-on = 2026-10' 'closed-reason = abandoned' \
            $a closed-on=2026-10 -- $a closed-reason=abandoned &&
        both $file 'closed-reason = abandoned' 'note = 2026-11-24 Sent' \
            $a closed-reason=abandoned -- $a note=Sent &&
        both $file 'note = 2026-11-24 Sent' 'response = accepted' $a note=Sent -- $b response=accepted &&
        both $file 'lead = One' 'lead = Two' $a lead=One -- $b lead=Two &&
        both $file 'page = 12' 'scope = local' $set page=12 -- $set scope=local &&
        both $file 'theme = training' 'priority = yes' $set theme=training -- $set priority=yes &&
        both $file 'extraction = checked' 'response = none' \
            $set extraction=checked -- $a response=none &&
        both reviews/x/review.ini 'type = dhr' 'published = 2012-11' \
            x type=dhr -- x published=2012-11 &&
        both reviews/x/review.ini 'completed = 2012' 'submitted = 2013' \
            x completed=2012 -- x submitted=2013 &&
        both reviews/x/review.ini 'title = Y' 'csp = Y' x title=Y -- x csp=Y &&
        both agencies/a.ini 'name = Z' 'alias = Y' a name=Z -- a alias=Y &&
        both agencies/a.ini 'kind = police' 'from = 1974' a kind=police -- a from=1974 &&
        both agencies/a.ini 'contact = x@example.org' 'region = North' \
            a contact=x@example.org -- a region=North
}

# Eight people's branches from the same commit, merged one after the other.
one_after_the_other() {
    ledger || return
    count=0
    for word in status=in-progress lead=Director action=Write due=2027-03-31 evidence=a.pdf \
        outcome=Better note=Sent verified-by=Board; do
        count=$((count + 1))
        set_on "branch-$count" main x/1 --agency b "$word" || return
    done
    git checkout -q main
    for branch in 1 2 3 4 5 6 7 8; do
        git merge -q --no-edit "branch-$branch" || return
    done
    holds reviews/x/1.ini 'status = in-progress' 'lead = Director' 'action = Write' \
        'due = 2027-03-31' 'evidence = a.pdf' 'outcome = Better' 'note = 2026-11-24 Sent' \
        'verified-by = Board' && dhrledger check >/dev/null && dhrledger fmt --check
}

# A target that moves and its companions, against edits around it.
moved_target() {
    ledger && dhrledger set x/1 --agency a due=2026 -m 'a target' >/dev/null &&
        set_on move main x/1 --agency a due=2027 due-reason=Staff &&
        set_on other main x/1 --agency a status=in-progress evidence=a.pdf lead=One &&
        git merge -q --no-edit move &&
        holds reviews/x/1.ini 'due = 2027' 'due-original = 2026' 'due-reason = Staff' \
            'status = in-progress' 'evidence = a.pdf' 'lead = One'
}

try merge-any-two-filled-in pairs fill
try merge-any-two-changed pairs change
try merge-one-cleared-one-changed pairs clear
try merge-needs-the-empty-lines pairs dense
try merge-neighbours-on-branches neighbours
try merge-one-after-the-other one_after_the_other
try merge-moved-target moved_target
