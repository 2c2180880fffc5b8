#!/bin/sh
# Repositories whose objects are damaged: damage.sh [NAME]
# Nothing may pass for sound, or for not there, because it can't be read.
set -u
only=${1:-}
status=0
work=$PWD
R=reviews/exampleshire-2019

# An invented ledger in FOLDER of a repository, and a commit that changes one record.
repository() {
    rm -rf "$work/repo"
    git init -q "$work/repo" && cd "$work/repo" && mkdir -p "$1" && cd "$1" &&
        cp -R "$ROOT/tests/fixtures/small/." . && git add . && git commit -qm 'An invented ledger' &&
        sed -i 's/^lead =$/lead = Head of Housing/' $R/1.ini && git commit -qam 'A lead'
}

# Where an object's file is.
file_of() {
    echo "$(git rev-parse --git-dir)/objects/$(echo "$1" | sed 's,^..,&/,')"
}

# named OBJECT STATUS COMMAND…: it ends in STATUS, names the object and says what to do.
named() {
    object=$1 wanted=$2
    shift 2
    "$@" >"$work/said" 2>&1
    got=$?
    [ "$got" = "$wanted" ] && grep -q "git's object $object .*git fsck" "$work/said" && return
    echo "   status $got, not $wanted, or without object $object: $*"
    sed 's/^/   | /' "$work/said"
    return 1
}

# without OBJECT COMMAND…: while its file is away.
without() {
    file=$(file_of "$1")
    mv "$file" "$work/kept"
    shift
    "$@"
    result=$?
    mv "$work/kept" "$file"
    return $result
}

# What the change refers to, though it didn't touch it, has to be read.
a_folder_beside_the_change() {
    repository . || return
    tree=$(git rev-parse HEAD:agencies)
    dhrledger check --base HEAD~1 >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
    without "$tree" named "$tree" 4 dhrledger check --base HEAD~1 &&
        without "$tree" named "$tree" 4 dhrledger check --at HEAD &&
        without "$tree" named "$tree" 4 dhrledger status --at HEAD
}

# In a subfolder, a damaged folder on the way is not a revision without a ledger.
a_folder_above_the_ledger() {
    repository team/ledger || return
    tree=$(git rev-parse HEAD:team)
    without "$tree" refused dhrledger check --at HEAD && without "$tree" refused dhrledger list --at HEAD &&
        without "$tree" refused dhrledger set exampleshire-2019/1 lead=Head -m 'Lead'
}

refused() {
    "$@" >"$work/said" 2>&1
    got=$?
    [ $got = 4 ] && grep -q "$tree" "$work/said" && return
    echo "   status $got, or without object $tree: $*"
    sed 's/^/   | /' "$work/said"
    return 1
}

# A missing tree or commit is not "no such revision".
the_revision_itself() {
    repository . || return
    for tree in $(git rev-parse 'HEAD^{tree}' HEAD); do
        without "$tree" refused dhrledger check --at HEAD || return
        without "$tree" refused dhrledger check --at main || return
        without "$tree" refused dhrledger check --base HEAD || return
        without "$tree" dhrledger list || return
    done
    ! grep -q 'no such revision' "$work/said"
}

# A change can't be judged without what it began from, nor a commit on the way passed over.
what_a_change_began_from() {
    repository . || return
    old=$(git rev-parse HEAD:$R/1.ini) gone=$(git rev-parse HEAD:$R/2.ini)
    sed -i 's/^text = Officers/text = All officers/' $R/1.ini && git rm -q $R/2.ini && git commit -qam 'Rewritten' &&
        refused_for DL104 dhrledger check --base HEAD~1 && refused_for DL100 dhrledger check --base HEAD~1 &&
        without "$old" named "$old" 4 dhrledger check --base HEAD~1 &&
        without "$gone" named "$gone" 4 dhrledger check --base HEAD~1 || return
    git checkout -q HEAD~1 . && git commit -qm 'As it was' &&
        way=$(git rev-parse HEAD~1:$R/1.ini) && dhrledger check --base HEAD~2 >"$work/said" 2>&1 &&
        without "$way" named "$way" 4 dhrledger check --base HEAD~2
}

# Without its object nobody knows where an agreed state was.
a_ledger_tag() {
    repository . && git tag -a ledger/2026-board -m 'Agreed' && git switch -qc other HEAD~1 &&
        git commit -q --allow-empty -m 'More' && refused_for DL113 dhrledger check --base main..HEAD || return
    tree=$(git rev-parse ledger/2026-board)
    without "$tree" refused dhrledger check --base main..HEAD && grep -q 'the tags ledger/' "$work/said"
}

# What a clone lacks is no damage: the command that is named brings it in.
a_clone_that_has_less() {
    repository . && sed -i 's/^lead =.*/lead = Head of Care/' $R/1.ini &&
        git commit -q -am 'Another lead' && git config uploadpack.allowFilter true || return
    git clone -q --depth 2 "file://$work/repo" "$work/less" && cd "$work/less" &&
        told 'git fetch --unshallow' check --base HEAD~1 && told 'git fetch --unshallow' list --at 2001-01-01 &&
        git fetch -q --unshallow && dhrledger check --base HEAD~1 >"$work/said" 2>&1 || return
    git clone -q --filter=blob:none "file://$work/repo" "$work/partial" && cd "$work/partial" &&
        told 'git fetch --refetch --no-filter' check --base HEAD~1 && git fetch -q --refetch --no-filter &&
        dhrledger check --base HEAD~1 >"$work/said" 2>&1
}

# told WORDS VERB…: it ends in 4, with these words in the message.
told() {
    words=$1
    shift
    dhrledger "$@" >"$work/said" 2>&1
    [ $? = 4 ] && grep -qF "$words" "$work/said" && return
    echo "   not refused with \"$words\": dhrledger $*"
    sed 's/^/   | /' "$work/said"
    return 1
}

# refused_for CODE COMMAND…
refused_for() {
    code=$1
    shift
    "$@" >"$work/said" 2>&1
    [ $? = 1 ] && grep -q "error: .*\[$code\]" "$work/said" && return
    echo "   not refused for $code: $*"
    sed 's/^/   | /' "$work/said"
    return 1
}

# Whichever object is gone: what is said is the same as before, or names it and fails. Reports go
# on without a file, and point to check.
any_object() {
    repository . || return
    for command in 'check --base HEAD~1' 'check --at HEAD' 'list --at HEAD' 'overdue --at HEAD'; do
        dhrledger $command >"$work/sound" 2>&1 || { cat "$work/sound"; return 1; }
        for object in $(git cat-file --batch-check='%(objectname)' --batch-all-objects); do
            without "$object" same_or_named "$object" dhrledger $command || return
        done
    done
}

same_or_named() {
    object=$1
    shift
    "$@" >"$work/said" 2>&1
    got=$?
    [ $got = 0 ] && cmp -s "$work/said" "$work/sound" && return
    [ $got != 0 ] && grep -q "$object" "$work/said" && return
    grep -q 'may make this incomplete; run "dhrledger check"' "$work/said" && return
    echo "   status $got without $(git cat-file -t "$object" 2>/dev/null) $object: $*"
    sed 's/^/   | /' "$work/said"
    return 1
}

for name in a_folder_beside_the_change a_folder_above_the_ledger the_revision_itself what_a_change_began_from \
    a_ledger_tag a_clone_that_has_less any_object; do
    if [ -z "$only" ] || [ "$only" = "$name" ]; then
        if said=$(set -u; "$name" 2>&1); then
            echo "ok $name"
        else
            status=1
            printf '%s\nnot ok %s\n' "$said" "$name"
        fi
    fi
done
exit $status
