#!/bin/sh
# The hooks at work, between real clones and a bare server: hooks.sh [NAME]
# What git itself runs decides here; no hook is called by hand.
set -u
only=${1:-}
status=0
work=$PWD
. "$ROOT/tests/repo/hooks.inc"

# From fork to merge: the bad push is refused in words, the mended one is taken and merged.
pull_request() {
    server_and_clone && git -C "$work/server.git" branch -q topic main || return
    rm -rf "$work/fork.git" "$work/person"
    git clone -q --bare "$work/server.git" "$work/fork.git" && git clone -q "$work/fork.git" "$work/person" &&
        cd "$work/person" && git remote add upstream "$work/server.git" && git switch -qc change || return
    edit $R/2.ini 'due = 2027-01-31' 'due = 2027-06-30'
    git commit -qam 'Later' && taken git push -q origin change || return
    refused dhrledger check --base origin/main && want '[DL109]' "$work/said" || return
    refused git push -q upstream change || return
    want "$R/2.ini:17:7: error: the target was 2027-01-31; add a new due-reason that says why it moved [DL109]" \
        "$work/said" && want 'refs/heads/change was not taken: 2 errors. Mend what is named above' "$work/said" || return
    [ -z "$(git -C "$work/server.git" for-each-ref refs/heads/change)" ] || return
    edit $R/2.ini 'due = 2027-06-30' 'due = 2027-06-30\
due-original = 2027-01-31\
due-reason = The provider changed'
    git commit -qam 'Why' && taken git push -q upstream change || return
    cd "$work/clone" && git fetch -q && git merge -q --no-ff -m 'Merge change' origin/change &&
        taken git push -q origin main || return
    # Squashed and rebased, it is the same change.
    git switch -qc squashed HEAD~1 && git merge -q --squash origin/change >/dev/null && taken git commit -qm 'Later' &&
        taken git push -q origin squashed
}

# Several references, of which one is bad: git takes all or none, and the message names the one.
several() {
    server_and_clone && git switch -qc good && edit $R/1.ini '^lead =' 'lead = Head of Training' &&
        taken git commit -qam 'Lead' && git switch -qc bad && git rm -q $R/1.ini && edit $R/review.ini 'recommendations = 2' 'recommendations = 1' &&
        git commit -qanm 'Gone' && refused git push origin good bad || return
    want 'refs/heads/bad was not taken: 1 error.' "$work/said" &&
        want 'remove the record with "dhrledger rm"' "$work/said" || return
    ! grep -q 'refs/heads/good was not' "$work/said" && taken git push -q origin good &&
        git switch -q good && dhrledger rm exampleshire-2019/1 -m 'Extracted twice' >/dev/null &&
        edit $R/review.ini 'recommendations = 2' 'recommendations = 1' && taken git commit -qam 'One less' && taken git push -q origin good
}

# The main branch only goes on; other branches are their authors' own, and may go.
forced() {
    server_and_clone && edit $R/1.ini '^status = open' 'status = in-progress' && taken git commit -qam 'Begun' &&
        git tag -a ledger/2026-board -m 'Agreed' && taken git push -q origin main ledger/2026-board &&
        git reset -q --hard HEAD~1 && refused git push -qf origin main || return
    want 'back from in-progress to open' "$work/said" && want '[DL113]' "$work/said" || return
    # Alike in all its records, and still another history.
    git reset -q --hard origin/main && git commit -q --amend -m 'Begun, again' && git commit -q --allow-empty -m 'More' &&
        refused git push -qf origin main && want 'does not contain the tag ledger/2026-board' "$work/said" || return
    refused git push -q origin :refs/tags/ledger/2026-board && want 'the tag would be deleted' "$work/said" || return
    git switch -qC topic origin/main && edit $R/1.ini 'in-progress' 'partly-implemented' && taken git commit -qam 'Partly' &&
        taken git push -q origin topic && git reset -q --hard origin/main && edit $R/1.ini '^lead =' 'lead = Head' &&
        taken git commit -qam 'Another way' && taken git push -qf origin topic && taken git push -q origin :topic
}

# New objects are in quarantine, loose when they are few and in a pack when they are many.
quarantine() {
    server_and_clone || return
    i=10
    while [ "$i" -lt 160 ]; do
        sed "s/^number = 1/number = $i/" $R/1.ini >$R/$i.ini
        i=$((i + 1))
    done
    edit $R/review.ini 'recommendations = 2' 'recommendations = 152'
    git add . && taken git commit -qm 'Many' && taken git push -q origin main || return
    edit $R/99.ini 'status = open' 'status = opn' && git commit -qanm 'Bad' && refused git push -q origin main || return
    want "$R/99.ini:14:10: error: status = opn" "$work/said"
}

# What a push adds and takes out again would be on the server for ever.
taken_out_again() {
    server_and_clone && git config core.hooksPath '' && printf 'note = 2026-11-20 Ring 01632 960123\n' >>$R/1.ini &&
        git commit -qam 'Note' && edit $R/1.ini ' Ring 01632 960123' ' Rung' && taken git commit -qam 'Note again' || return
    refused git push -q origin main && want "$R/1.ini:19:24: error: looks like a phone number; take it out in commit $(git rev-parse --short=12 HEAD~1) (Note)" "$work/said" &&
        ! grep -q 960123 "$work/said" || return
    git reset -q --soft HEAD~2 && taken git commit -qm 'Note' && taken git push -q origin main
}

# What is committed counts, not what is staged or in the work tree.
commit_file() {
    server_and_clone && edit $R/1.ini '^number = 1' 'number = 4' && git add $R/1.ini &&
        edit $R/2.ini '^lead = .*' 'lead = Head of Care' && taken git commit -qm 'Only 2' $R/2.ini || return
    edit $R/2.ini '^number = 2' 'number = 5' && refused git commit -qm 'Only 2' $R/2.ini || return
    want "$R/2.ini:3:10: error: the printed number was 2" "$work/said" &&
        want 'not committed: 1 error.' "$work/said" && ! grep -qF "$R/1.ini" "$work/said" || return
    refused git commit -qm 'Staged' && want "$R/1.ini:3:10" "$work/said" && ! grep -qF "$R/2.ini" "$work/said" || return
    refused git commit -qam 'All' && want "$R/1.ini:3:10" "$work/said" && want "$R/2.ini:3:10" "$work/said"
}

# A clean merge has a hook of its own; what the other side did is its authors', and its trace counts.
merges() {
    server_and_clone && git switch -qc side && dhrledger rm exampleshire-2019/1 -m 'Extracted twice' >/dev/null &&
        edit $R/review.ini 'recommendations = 2' 'recommendations = 1' && taken git commit -qam 'One less' &&
        git switch -q main && edit agencies/exampleshire-police.ini '^kind = .*' 'kind = other' && taken git commit -qam 'Other' &&
        taken git merge -q --no-ff -m 'Merge' side && [ ! -e $R/1.ini ] || return
    # Both sides are sound, and what they come to is not: each has another name for one body.
    git switch -qc one main && edit agencies/exampleshire-police.ini '^name = .*' 'name = One Body' && taken git commit -qam 'One' &&
        git switch -qc other main && edit agencies/exampleshire-council.ini '^name = .*' 'name = One Body' && taken git commit -qam 'Other' || return
    refused git merge -q -m 'Merge' one && want '[DL069]' "$work/said" && want 'not merged: 1 error.' "$work/said" &&
        git merge --abort && git switch -q main || return
    # Where the merge stops, git commit ends it, and the other side's trace counts still.
    git switch -qc left main~1^ && edit $R/2.ini '^lead = .*' 'lead = Left' && taken git commit -qam 'Left' &&
        git merge -q --no-ff --no-commit main 2>"$work/said" && taken git commit -qm 'Merge' && [ ! -e $R/1.ini ]
}

# The ledger is a folder of a bigger repository, whose server finds it; two are told apart by a setting.
subfolder() {
    rm -rf "$work/server.git" "$work/clone"
    git init -q --bare "$work/server.git" && dhrledger -C "$work/server.git" hook install >"$work/said" &&
        git clone -q "$work/server.git" "$work/clone" 2>/dev/null && cd "$work/clone" && mkdir -p office/ledger docs/reviews &&
        cp -R "$ROOT/tests/fixtures/small/." office/ledger && echo x >docs/reviews/x && git add . && git commit -qm 'An invented ledger' &&
        edit "office/ledger/$R/1.ini" 'status = open' 'status = opn' && git add . && git commit -qm 'Bad' || return
    refused git push -q origin main && want "$R/1.ini:14:10: error: status = opn" "$work/said" || return
    git reset -q --hard HEAD~1 && taken git push -q origin main && edit "office/ledger/$R/1.ini" '^number = 1' 'number = 4' &&
        git commit -qam 'Renumber' && refused git push -q origin main && want '[DL102]' "$work/said" || return
    refused dhrledger -C office check --base HEAD~1 && want 'no ledger here' "$work/said" || return
    refused dhrledger -C office/ledger check --base HEAD~1 && want "$R/1.ini:3:10: error: the printed number was 1" "$work/said" || return
    dhrledger -C "$work/server.git" status >"$work/said" && want 'exampleshire-2019' "$work/said" || return
    # Installed where the ledger is already, the hook finds it as well.
    rm "$work/server.git/hooks/pre-receive" && dhrledger -C "$work/server.git" hook install >"$work/said" && refused git push -q origin main && want '[DL102]' "$work/said" || return
    git reset -q --hard HEAD~1 && mkdir other && cp -R "$ROOT/tests/fixtures/small/." other && git add . && git commit -qm 'Another' &&
        taken git push -q origin main || return
    refused dhrledger -C "$work/server.git" status && want 'a ledger in office/ledger and one in other' "$work/said" || return
    git -C "$work/server.git" config dhrledger.folder other/ && edit "other/$R/1.ini" '^number = 1' 'number = 4' && git commit -qam 'Renumber' &&
        refused git push -q origin main && want '[DL102]' "$work/said"
}

# A branch without a ledger, such as that of a site's pages, is judged by its messages alone.
pages() {
    server_and_clone && git switch -q --orphan pages && git rm -qrf . 2>"$work/said"
    echo '<p>Figures' >index.html && git add . && refused git commit -qm 'Of 01632 960123' && want 'looks like a phone number' "$work/said" || return
    taken git commit -qm 'Pages' && want 'dhrledger: no ledger is on this branch, so no record was checked' "$work/said" && echo '<p>More' >>index.html && taken git commit -qam 'More' && taken git push -q origin pages || return
    # A ledger that goes is missed: in the whole, or in its folder.
    git switch -q main && git rm -qr reviews agencies .dhrledger.ini && refused git commit -qm 'Gone' && want 'no ledger here' "$work/said" && git reset -q --hard || return
    mkdir old && git mv reviews agencies .dhrledger.ini old && refused git commit -qm 'Elsewhere' && want 'no ledger here' "$work/said" && git reset -q --hard || return
    rm -rf "$work/outer" && mkdir -p "$work/outer/the ledger" && cd "$work/outer" && git init -q -b main && cp -R "$ROOT/tests/fixtures/small/." 'the ledger' &&
        dhrledger -C 'the ledger' hook install >"$work/said" && git add . && taken git commit -qm 'Begin' && git switch -q --orphan pages && git rm -qrf . 2>"$work/said"
    echo '<p>Figures' >index.html && git add . && taken git commit -qm 'Pages' && want 'no ledger is on this branch' "$work/said" || return
    git switch -q main && git rm -qr 'the ledger' && refused git commit -qm 'Gone' && want "the ledger: can't go there" "$work/said"
}

# Who people are, by git check-mailmap: names and addresses in any case.
mailmap() {
    server_and_clone && printf '%s\n' '# people' 'Ada Author <ada@example.org> <Ada.Old@Example.org>' 'Bea Baker <bea@home.example>' \
        'Cy Clerk <cy@example.org> Cyril <SHARED@example.org>' 'Di Deputy <di@example.org> dIANA <shared@EXAMPLE.org>' '<eve@example.org> <EVE@old.example>' \
        >.mailmap && git add .mailmap && git commit -qm 'People' &&
        edit $R/2.ini 'status = in-progress' 'status = implemented\
implemented-on = 2026-10-01\
outcome = Signed.' && git commit -qanm 'Done' --author 'X <x@example.org>' || return
    for person in 'A. A. <ada.OLD@example.ORG>' 'bea <BEA@Home.Example>' 'CYRIL <shared@example.org>' 'Diana <Shared@Example.Org>' \
        'Eve <eve@OLD.example>' 'Nobody <No@Example.org>' 'Other <shared@example.org>'; do
        real=$(git check-mailmap "$person") && git reset -q --hard HEAD && edit $R/2.ini 'status = implemented' 'status = verified\
verified-on = 2026-10-09\
verified-by = Chair\
evidence = https://www.example.org/minutes' && printf '[people]\nchair@example.org = csp\n' >.dhrledger.ini && git add .dhrledger.ini && git commit -qnm 'Chair' .dhrledger.ini &&
            git commit -qanm 'Seen' --author "$person" && dhrledger check --base HEAD~1 >"$work/said" && want "warning: $real verified it, whom" "$work/said" &&
            git reset -q --hard HEAD~2 || return
    done
}

# A hook of somebody else's stays; a second installation changes nothing.
install() {
    server_and_clone && dhrledger hook install >"$work/said" && want 'calls dhrledger already' "$work/said" || return
    printf '#!/bin/sh\nexit 0\n' >.git/hooks/pre-commit
    refused dhrledger hook install && want 'there is a hook already, and it stays' "$work/said" &&
        [ "$(wc -l <.git/hooks/pre-commit)" = 2 ] || return
    git config core.hooksPath tools/hooks && mkdir tools && dhrledger hook install >"$work/said" &&
        [ -x tools/hooks/pre-commit ] && edit $R/1.ini '^number = 1' 'number = 4' && refused git commit -qam 'Renumber' &&
        want '[DL102]' "$work/said" || return
    # A ledger in a folder of a repository, and one in a linked work tree.
    rm -rf "$work/outer" && mkdir -p "$work/outer/the ledger" && cd "$work/outer" && git init -q &&
        cp -R "$ROOT/tests/fixtures/small/." 'the ledger' && dhrledger -C 'the ledger' hook install >"$work/said" &&
        git add . && taken git commit -qm 'Begin' && git worktree add -q "$work/outer/tree" -b tree && cd tree &&
        edit "the ledger/$R/1.ini" '^number = 1' 'number = 4' && refused git commit -qam 'Renumber' &&
        want "$R/1.ini:3:10" "$work/said" || return
    # What to add to a hook of somebody else's goes to the ledger's folder, too.
    cd "$work/outer" && printf '#!/bin/sh\n' >.git/hooks/pre-commit && refused dhrledger -C 'the ledger' hook install || return
    sed -n 's/.*add to it the line: //p' "$work/said" >>.git/hooks/pre-commit && edit "the ledger/$R/1.ini" '^number = 1' 'number = 4' &&
        refused git commit -qam 'Renumber' && want "$R/1.ini:3:10" "$work/said"
}

# git may be told where its folder is; what is staged there is not what is staged around it.
git_dir() {
    rm -rf "$work/around" "$work/apart.git" && git init -q "$work/around" && cd "$work/around" &&
        cp -R "$ROOT/tests/fixtures/small/." . && git add . && git commit -qm 'Around' && mkdir -p inner && cd inner &&
        cp -R "$ROOT/tests/fixtures/small/." . && apart init -q && apart add . && apart commit -qm 'Apart' &&
        printf '#!/bin/sh\nexec dhrledger hook pre-commit\n' >"$work/apart.git/hooks/pre-commit" &&
        chmod +x "$work/apart.git/hooks/pre-commit" && edit $R/1.ini '^number = 1' 'number = 4' && apart add . || return
    refused env GIT_DIR="$work/apart.git" dhrledger check --staged &&
        want "$work/around/.git/: GIT_DIR names another repository, $work/apart.git; unset it, or write \"gitdir: $work/apart.git\" into a file .git in the folder of that one's files" \
            "$work/said" && refused apart commit -qm 'Renumber' && want 'GIT_DIR names another repository' "$work/said" &&
        echo "gitdir: $work/apart.git" >.git && refused apart commit -qm 'Renumber' && want '[DL102]' "$work/said" &&
        apart checkout -q HEAD . && edit $R/1.ini '^lead =' 'lead = Head of Care' && taken apart commit -qam 'Lead'
}

apart() {
    git --git-dir="$work/apart.git" --work-tree="$work/around/inner" "$@"
}

run_tests git_dir pull_request several forced quarantine taken_out_again commit_file merges subfolder pages mailmap install
exit "$status"
