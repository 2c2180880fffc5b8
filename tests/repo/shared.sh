#!/bin/sh
# core.sharedRepository: shared.sh [NAME]
# What dhrledger writes into git's folder has the modes that git itself would give it.
set -u
only=${1:-}
status=0
work=$PWD

# repository FOLDER SETTING: empty, on a branch in a folder.
repository() {
    rm -rf "$work/$1" && git init -q "$work/$1" && cd "$work/$1" &&
        git config core.sharedRepository "$2" && git symbolic-ref HEAD refs/heads/team/ledger
}

# The modes of all that stands in git's folder, names of objects left out but for their kinds.
modes() {
    find .git -printf '%M %y %P\n' | sed 's,objects/pack/pack-[0-9a-f]*,objects/pack/pack,
        s,objects/[0-9a-f][0-9a-f]$,objects/XX,; s,objects/[0-9a-f][0-9a-f]/.*,objects/XX/object,' |
        grep -v ' f COMMIT_EDITMSG$\|description$\|hooks\|info\|branches' | sort -u
}

# same_modes WHAT: those of ours/ and gits/.
same_modes() {
    (cd "$work/gits" && modes) >"$work/wanted" && (cd "$work/ours" && modes) >"$work/got"
    cmp -s "$work/wanted" "$work/got" && return
    echo "   $1: git's modes, and others:"
    diff "$work/wanted" "$work/got" | sed 's/^/   | /'
    return 1
}

# By git and by dhrledger, with every setting, under every umask.
each() {
    for mask in 077 022 027; do
        for setting in group true all 1 2 0640 0660 0666 umask false; do
            umask $mask
            "$1" "$setting" && same_modes "umask $mask, core.sharedRepository = $setting" || return
        done
    done
}

# On a branch that isn't born yet, and on top of that, with loose objects.
loose() {
    repository gits "$1" && mkdir agencies && echo '[agency]' >agencies/a.ini && git add . &&
        git commit -qm one && echo 'name = A' >>agencies/a.ini && git commit -qam two || return
    repository ours "$1" && mkdir agencies reviews &&
        dhrledger new agency 'A' kind=police -m one >/dev/null &&
        dhrledger set a region=North -m two >/dev/null
}

# A large commit is one pack.
packed() {
    repository gits "$1" && mkdir agencies && echo '[agency]' >agencies/a.ini && git add . &&
        git commit -qm one && git repack -adq || return
    repository ours "$1" && mkdir agencies reviews && {
        echo 'Review,Number,Recommendation,Lead agency,Year'
        seq 1 120 | sed 's/.*/Exampleshire,&,Write down what was agreed in meeting &.,Police,2019/'
    } >"$work/plan.csv" &&
        dhrledger new review Exampleshire 2019 source='The report' -m one --no-commit >/dev/null &&
        dhrledger import "$work/plan.csv" --review exampleshire-2019 --new --commit >"$work/said" || {
        cat "$work/said"
        return 1
    }
}

for name in loose packed; do
    if [ -z "$only" ] || [ "$only" = "$name" ]; then
        if said=$(each "$name" 2>&1); then
            echo "ok $name"
        else
            status=1
            printf '%s\nnot ok %s\n' "$said" "$name"
        fi
    fi
done
exit $status
