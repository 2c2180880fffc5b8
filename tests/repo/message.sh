#!/bin/sh
# What needs a commit's message, and the hook that knows it: message.sh [NAME]
set -u
only=${1:-}
status=0
work=$PWD
. "$ROOT/tests/repo/hooks.inc"

# editor TEXT: git's editor from now on, which puts that before what is in the file.
editor() {
    printf '%b' "$1" >"$work/typed"
    printf '#!/bin/sh\ncat "%s" "$1" >"%s" && cat "%s" >"$1"\n' "$work/typed" "$work/whole" "$work/whole" >"$work/editor"
    chmod +x "$work/editor"
    GIT_EDITOR=$work/editor
    export GIT_EDITOR
}

one_less() {
    edit $R/review.ini 'recommendations = 2' 'recommendations = 1'
}

# rm without a commit: the message says that it was rm, or the commit is refused.
removed() {
    server_and_clone && [ -x .git/hooks/commit-msg ] && dhrledger rm --no-commit exampleshire-2019/1 >"$work/said" && one_less && git add . || return
    refused git commit -qm 'One less' || return
    want "$R/1.ini: error: exampleshire-2019/1 is gone; put the file back, or say in the message that it was removed, in the lines \"exampleshire-2019/1: removed\" and \"Ledger-Record: exampleshire-2019/1\" [DL100]" "$work/said" || return
    want 'not committed: 1 error.' "$work/said" && [ "$(grep -c DL100 "$work/said")" = 1 ] || return
    taken git commit -qm 'exampleshire-2019/1: removed' -m 'Extracted twice' -m 'Ledger-Record: exampleshire-2019/1' && taken git push -q origin main
}

# Squashed, a branch's messages are in the file that git prepares.
squashed() {
    server_and_clone && git switch -qc topic && dhrledger rm exampleshire-2019/1 -m 'Extracted twice' >"$work/said" && one_less &&
        taken git commit -qam 'One less' && git switch -q main && git merge -q --squash topic >"$work/said" || return
    editor '' && taken git commit && taken git push -q origin main
}

# Whoever has no commit-msg yet hears of it before the commit, as ever.
not_installed() {
    server_and_clone && rm .git/hooks/commit-msg && dhrledger rm --no-commit exampleshire-2019/1 >"$work/said" && one_less && git add . || return
    refused git commit -qm 'exampleshire-2019/1: removed' -m 'Ledger-Record: exampleshire-2019/1' && want '[DL100]' "$work/said" || return
    printf '#!/bin/sh\n# dhrledger hook commit-msg\n' >.git/hooks/commit-msg && chmod +x .git/hooks/commit-msg &&
        refused git commit -qm 'One less' && want '[DL100]' "$work/said" || return
    printf '#!/bin/sh\ntrue && dhrledger hook commit-msg "$1" || exit\necho also >&2\n' >.git/hooks/commit-msg &&
        refused git commit -qm 'One less' && want '[DL100]' "$work/said" && ! grep -q also "$work/said" || return
    taken git commit -qm 'exampleshire-2019/1: removed' -m 'Ledger-Record: exampleshire-2019/1' && want also "$work/said" || return
    # Not executable, git passes it over.
    chmod -x .git/hooks/commit-msg && git rm -q $R/2.ini && refused git commit -qm 'Gone' && want '[DL100]' "$work/said"
}

# Personal data in the message, and not in what git takes out of it.
private() {
    server_and_clone && edit $R/1.ini '^lead =' 'lead = Head of Training' || return
    refused git commit -qam 'Lead' -m 'Ring 01632 960123' || return
    want "the commit's message:3:6: error: looks like a phone number; take it out before you commit" "$work/said" && ! grep -q 960123 "$work/said" || return
    # Also where no record changes.
    git stash -q && echo x >other && git add other && refused git commit -qm 'Ring 01632 960123' && want '[DL094]' "$work/said" && git rm -qf other && git stash pop -q || return
    editor 'Lead\n# Ring 01632 960123\n' && taken git commit -a && git reset -q --soft HEAD~1 || return
    editor 'Lead\nRing 01632 960123\n' && refused git commit -a && want "the commit's message:2:6" "$work/said" || return
    # Without an editor git keeps such a line.
    refused git commit -qam 'Lead
# Ring 01632 960123' && want "the commit's message:2:8" "$work/said" || return
    editor 'Lead\n' && git config core.commentChar ';' && editor 'Lead\n# Ring 01632 960123\n' && refused git commit -a && want "the commit's message:2:8" "$work/said" || return
    editor 'Lead\n; Ring 01632 960123\n' && taken git commit -a && git reset -q --soft HEAD~1 || return
    git config core.commentChar auto && editor 'Lead\n# Ring 01632 960123\n' && taken git commit -a && git reset -q --soft HEAD~1 || return
    git config --unset core.commentChar
    for cleanup in whitespace verbatim scissors; do
        git config commit.cleanup $cleanup && editor 'Lead\n# Ring 01632 960123\n' && refused git commit -a && want "the commit's message:2:8" "$work/said" || return
    done
    git config commit.cleanup strip && taken git commit -a && git reset -q --soft HEAD~1
}

# What is below the scissors is the change, not the message.
scissors() {
    server_and_clone && printf '# On 3 March 2014 the office moved\nRing 01632 960123\n' >notes && git add notes || return
    editor 'Lead\n' && taken git commit -v && [ "$(git log -1 --format=%B)" = Lead ] && git reset -q --soft HEAD~1 || return
    git config commit.verbose true && taken git commit && git reset -q --soft HEAD~1 && git config --unset commit.verbose || return
    git config commit.cleanup scissors && taken git commit && git reset -q --soft HEAD~1 || return
    # Where git would not cut, nothing is left out.
    git config --unset commit.cleanup
    refused git commit -qm 'Lead
# ------------------------ >8 ------------------------
Ring 01632 960123' && want "the commit's message:3:6" "$work/said"
}

# A clean merge runs it as well, and what was given up is not judged.
merged() {
    server_and_clone && git switch -qc side && edit $R/1.ini '^lead =' 'lead = Head' && taken git commit -qam 'Lead' && git switch -q main &&
        edit agencies/exampleshire-police.ini '^kind = .*' 'kind = other' && taken git commit -qam 'Other' || return
    refused git merge -q --no-ff -m 'Ring 01632 960123' side && want "the commit's message:1:6" "$work/said" && git merge --abort || return
    taken git merge -q --no-ff -m 'Merge' side && git rm -q $R/2.ini && one_less && git add . || return
    printf '#!/bin/sh\n: >"$1"\n' >"$work/editor" && GIT_EDITOR=$work/editor && export GIT_EDITOR && refused git commit &&
        want 'empty commit message' "$work/said" && ! grep -q DL100 "$work/said" || return
    # What git would take without a message has none that says so.
    refused git commit -q --allow-empty-message -m '' && want '[DL100]' "$work/said"
}

# A hook of somebody else's stays; a ledger in a folder, and a linked work tree.
install() {
    server_and_clone && printf '#!/bin/sh\nexit 0\n' >.git/hooks/commit-msg && refused dhrledger hook install &&
        want 'commit-msg: there is a hook already, and it stays; to have both, add to it the line: dhrledger hook commit-msg "$1" || exit' "$work/said" || return
    rm -rf "$work/outer" && mkdir -p "$work/outer/the ledger" && cd "$work/outer" && git init -q &&
        cp -R "$ROOT/tests/fixtures/small/." 'the ledger' && dhrledger -C 'the ledger' hook install >"$work/said" && want 'commit-msg: written' "$work/said" &&
        git add . && taken git commit -qm 'Begin' && git worktree add -q "$work/outer/tree" -b tree && cd tree/the\ ledger || return
    refused git commit -q --allow-empty -m 'Ring 01632 960123' && want "the commit's message:1:6" "$work/said" || return
    git rm -q $R/2.ini && refused git commit -qm 'Gone' && want '[DL100]' "$work/said" &&
        taken git commit -qm 'exampleshire-2019/2: removed' -m 'Ledger-Record: exampleshire-2019/2' || return
    # The program's own commits are made all the same: they judge their message themselves.
    dhrledger set exampleshire-2019/1 lead=Head -m 'Agreed' >"$work/said" || return
    refused dhrledger set exampleshire-2019/1 lead=Other -m 'Ring 01632 960123' && want 'the reason holds what looks like a phone number' "$work/said"
}

run_tests removed squashed not_installed private scissors merged install
exit "$status"
