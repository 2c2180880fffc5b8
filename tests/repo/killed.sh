#!/bin/sh
# Imports that are killed in the middle: killed.sh [NAME]
# git add -A must take nothing half made, and the next import ends it.
set -u
only=${1:-}
status=0
work=$PWD

# Pages of reviews, each with many rows.
pages() {
    for n in 1 2 3 4 5 6 7 8; do
        {
            printf 'Review %s\nCSP: Town%s\nPublished: May 2021\nYear of death: 2020\nExtracted: 150 recs\n' $n $n
            echo '| # | Recommendation | Addressed to |'
            echo '|---|---|---|'
            seq 1 150 | sed "s/.*/| & | Write down what meeting & of town $n has agreed. | Town$n Council |/"
        } >"$work/page$n"
    done
}

# An empty ledger in FOLDER, in git if the second word says so.
ledger() {
    rm -rf "${work:?}/$1" && mkdir -p "$work/$1/reviews" "$work/$1/agencies" && cd "$work/$1" || return
    echo '[ledger]' >.dhrledger.ini
    [ $# = 1 ] || { git init -q . && git add . && git commit -qm begin; }
}

# killed N COMMAND…: after so many thousandths of a second.
killed() {
    after=$1
    shift
    "$@" >/dev/null 2>&1 &
    sleep "0.$(printf %03d "$after")"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
}

# Whatever is there is whole: each review has all its rows, and what check says is no error.
whole() {
    for review in reviews/*/; do
        [ -d "$review" ] || continue
        [ "$(ls "$review" | wc -l)" = 151 ] || { echo "   $review is not whole"; return 1; }
    done
    find . -path ./.git -prune -o -name '*~' -print | grep -v '/\.dhrledger-new\.' | grep . && return 1
    dhrledger check --fail-level error >"$work/said" 2>&1 || { tail -3 "$work/said"; return 1; }
}

nothing_left() {
    left=$(find . -name '.dhrledger-new*')
    [ -z "$left" ] || { echo "   left: $left"; return 1; }
}

without_git() {
    pages && for after in 40 90; do
        ledger plain || return
        killed $after dhrledger import "$work"/page?
        whole && dhrledger import "$work"/page? >"$work/said" 2>&1 && whole && nothing_left || return
        [ "$(ls reviews | wc -l)" = 8 ] || return
    done
}

in_git() {
    pages && for after in 40 90; do
        ledger repo git || return
        killed $after dhrledger import "$work"/page?
        git add -A && git ls-files >"$work/files" && ! grep '~' "$work/files" || return
        git diff --cached --quiet || git commit -qm 'What was there' || return
        whole && dhrledger import "$work"/page? >"$work/said" 2>&1 && whole && nothing_left || return
    done
}

# Nothing but the index may lag behind, and git brings that right.
with_a_commit() {
    pages && for after in 60 110; do
        ledger repo git || return
        killed $after dhrledger import "$work"/page? --commit
        git fsck --strict --no-dangling >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
        rm -f .git/index.lock .git/refs/heads/main.lock
        git reset -q && git ls-files -o --exclude-standard >"$work/files" && ! grep '~' "$work/files" ||
            return
        git restore . && whole || return
        dhrledger import "$work"/page? --commit >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
        [ "$(git ls-tree -r --name-only HEAD reviews | wc -l)" = 1208 ] || return
    done
}

for name in without_git in_git with_a_commit; do
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
