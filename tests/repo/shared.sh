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

# A hook that the others can't run would be passed over, and let everything through.
hook() {
    rm -rf "$work/bare" && git init -q --bare "$work/bare" && cd "$work/bare" || return
    for mask in 077 022; do
        umask $mask
        git config core.sharedRepository group
        rm -f hooks/pre-receive && dhrledger hook install >"$work/said" || return
        [ "$(stat -c %a hooks/pre-receive)" = $([ $mask = 077 ] && echo 770 || echo 775) ] ||
            { ls -l hooks/pre-receive; return 1; }
    done
    umask 077
    git config core.sharedRepository false && rm -f hooks/pre-receive &&
        dhrledger hook install >"$work/said" && [ "$(stat -c %a hooks/pre-receive)" = 700 ]
}

loose_objects() {
    each loose
}

a_pack() {
    each packed
}

for name in loose_objects a_pack hook; do
    if [ -z "$only" ] || [ "$only" = "$name" ]; then
        if said=$("$name" 2>&1); then
            echo "ok $name"
        else
            status=1
            printf '%s\nnot ok %s\n' "$said" "$name"
        fi
    fi
done
exit $status
