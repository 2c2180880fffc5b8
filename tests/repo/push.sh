#!/bin/sh
# What a server's hook makes of all that can be pushed: push.sh [NAME]
# The numbers are invented.
set -u
only=${1:-}
status=0
work=$PWD
. "$ROOT/tests/repo/hooks.inc"

# server COMMAND…: git there, whose hook is not asked.
server() {
    git -C "$work/server.git" "$@"
}

# told COUNT WORDS: so many lines of what was said hold the fixed string.
told() {
    [ "$(grep -cF -- "$2" "$work/said")" = "$1" ] && return
    echo "   not $1 times \"$2\" in:"
    sed 's/^/   | /' "$work/said"
    return 1
}

# Whatever the reference is called, the commits that it brings are judged; those there are, aren't.
other_refs() {
    server_and_clone && git switch -qc side && edit $R/1.ini '^number = 1' 'number = 4' && git commit -qanm 'Renumber' &&
        git tag v1 && git tag -a v2 -m 'Two' && git tag -a v3 v2 -m 'Three' || return
    for ref in v1 v2 v3 HEAD:refs/changes/1; do
        refused git push -q origin $ref && want '[DL102]' "$work/said" && want 'was not taken: 1 error.' "$work/said" || return
    done
    want 'refs/changes/1 was not taken' "$work/said" || return
    # In one push each commit is told of once.
    refused git push -q origin v1 v3 side && told 1 '[DL102]' || return
    server fetch -q --no-tags "$work/clone" side:side && taken git push -q origin v1 v3 && taken git push -q origin :v1 :v3 || return
    # Taken out again by the next commit, it would be there for ever.
    git switch -qC note main && printf 'note = 2026-11-20 Ring 01632 960123\n' >>$R/1.ini && git commit -qanm 'Note' &&
        git revert -n HEAD && git commit -qnm 'Revert' && git tag -f v1 >/dev/null || return
    refused git push -q origin v1 && want 'looks like a phone number' "$work/said"
}

# A branch under another name is that branch, as the server's HEAD may have it, too.
other_names() {
    server_and_clone && edit $R/1.ini '^status = open' 'status = in-progress' && taken git commit -qam 'Begun' &&
        taken git push -q origin main && server symbolic-ref refs/heads/master refs/heads/main || return
    for head in main master; do
        server symbolic-ref HEAD refs/heads/$head || return
        for ref in main master; do
            refused git push -qf origin main~1:$ref && want '[DL105]' "$work/said" &&
                want 'refs/heads/main was not taken: 1 error.' "$work/said" || return
        done
    done
    git commit -q --allow-empty -m 'More' && taken git push -q origin main:master && [ ! -s "$work/said" ] &&
        [ "$(server rev-parse main)" = "$(git rev-parse main)" ]
}

# The message of a tag is for ever, too, and a tag can be on anything.
tag_messages() {
    server_and_clone && git tag -a v1 -m 'First' -m 'Ring 01632 960123' && git tag -a v2 v1 -m 'Second' || return
    refused git push -q origin v1 || return
    want 'the message of the tag v1:3:6: error: looks like a phone number; take it out and set the tag again with "git tag -f -a v1": what is in the history stays there [DL094]' \
        "$work/said" && ! grep -q 960123 "$work/said" || return
    refused git push -q origin v2 && want 'the message of the tag v1:3:6' "$work/said" || return
    git tag -f -a v1 -m 'First' main >/dev/null && taken git push -q origin v1 || return
    git tag -a text -m 'A text' "$(printf 'Read\nRing 01632 960123\n' | git hash-object -w --stdin)" &&
        refused git push -q origin text && want 'refs/tags/text:2:6: error: looks like a phone number' "$work/said"
}

# A tag ledger/… binds the main branch, so that has to hold it.
ledger_tags() {
    server_and_clone && edit $R/1.ini '^lead =' 'lead = Head of Training' && taken git commit -qam 'Lead' &&
        git tag -a ledger/2026-board -m 'Agreed' || return
    refused git push -q origin ledger/2026-board || return
    want 'refs/tags/ledger/2026-board: error: the tag is on a commit that refs/heads/main does not hold, and would block each later push to it; push the two together, with "git push origin main ledger/2026-board" [DL113]' "$work/said" || return
    taken git push -q origin ledger/2026-board main || return
    git switch -qc side && git commit -q --allow-empty -m 'Side' && git tag ledger/light && GIT_COMMITTER_DATE='2035-01-01T10:00:00+0000' git tag -a ledger/stray -m 'Stray' || return
    refused git push -q origin side ledger/light && want '[DL113]' "$work/said" || return
    # One that came past the hook: what it blocks says how to be rid of it, and it can go.
    server fetch -q --no-tags "$work/clone" refs/tags/ledger/stray:refs/tags/ledger/stray || return
    git switch -q main && git commit -q --allow-empty -m 'More' && refused git push -q origin main || return
    want 'the tag ledger/stray is on a commit that this branch never held; delete the tag with "git push origin :refs/tags/ledger/stray", or merge its commit [DL113]' "$work/said" || return
    refused git push -q origin :refs/tags/ledger/2026-board && want 'the tag would be deleted' "$work/said" || return
    refused git push -qf origin main:refs/tags/ledger/2026-board && want 'the tag would be moved' "$work/said" || return
    taken git push -qf origin main~1:refs/tags/ledger/stray && taken git push -q origin main || return
    refused git push -q origin :refs/tags/ledger/stray
}

# Notes hold no ledger, and are text for all that.
notes() {
    server_and_clone && git notes add -m 'Agreed by all' && taken git push -q origin refs/notes/commits && [ ! -s "$work/said" ] || return
    old=$(git rev-parse --short=12 refs/notes/commits)
    git commit -q --allow-empty -m 'More' && taken git push -q origin main && git notes add -m 'Well' -m 'Ring 01632 960123' || return
    refused git push -q origin refs/notes/commits || return
    want "the note on $(git rev-parse --short=12 HEAD):3:6: error: looks like a phone number; take it out and write it anew after \"git update-ref refs/notes/commits $old\": what is in the history stays there [DL094]" \
        "$work/said" && ! grep -q 960123 "$work/said" || return
    # Taken out again it is there still, and so it is in a message.
    git notes add -f -m 'Well' 2>"$work/said" && refused git push -q origin refs/notes/commits && want 'looks like a phone number' "$work/said" || return
    git update-ref refs/notes/commits "$old" && git notes add -m 'Well' && taken git push -q origin refs/notes/commits || return
    git update-ref refs/notes/other "$(git commit-tree -m 'Of 01632 960123' "$(git mktree </dev/null)")" &&
        refused git push -q origin refs/notes/other || return
    want 'looks like a phone number; take it out and write it anew after "git update-ref -d refs/notes/other"' "$work/said" || return
    # In Latin-1, too.
    printf 'Ring Zo\353, 01632 960123\n' >"$work/note" && git notes --ref latin add -F "$work/note" &&
        refused git push -q origin refs/notes/latin && want 'looks like a phone number' "$work/said" || return
    head -c 1048577 /dev/zero | tr '\0' x >"$work/long" && git notes --ref long add -F "$work/long" && taken git push -q origin refs/notes/long &&
        want "dhrledger: the note on $(git rev-parse --short=12 HEAD) is larger than 1048576 bytes, so it was not searched for personal data" "$work/said"
}

# A role's address is none of a person's, and settings count as ever.
texts_by_the_ledger() {
    server_and_clone && printf 'contact = dhr@council.example.org\n' >>agencies/exampleshire-council.ini && taken git commit -qam 'Contact' || return
    git tag -a v1 -m 'Ask dhr@council.example.org' && git notes add -m 'Ask dhr@council.example.org' || return
    taken git push -q origin main v1 refs/notes/commits || return
    git tag -a v2 -m 'Ask ada@example.org' && refused git push -q origin v2 && want 'the message of the tag v2:1:5: error: looks like a personal e-mail address' "$work/said" || return
    printf '[severity]\nDL095 = warning\n' >.dhrledger.ini && git add . && git commit -qnm 'Weaker' &&
        server fetch -q --no-tags "$work/clone" main:main && taken git push -q origin v2 && want 'the message of the tag v2:1:5: warning: looks like' "$work/said"
}

# HEAD may name a branch that nobody pushes.
unborn_head() {
    rm -rf "$work/server.git" "$work/clone"
    git init -q --bare -b master "$work/server.git" && dhrledger -C "$work/server.git" hook install >"$work/said" 2>&1 || return
    want 'dhrledger: pushes are compared with the branch that HEAD names, refs/heads/master, which has no commit; if the main branch is another one, run "git symbolic-ref HEAD refs/heads/main" here' "$work/said" || return
    git clone -q "$work/server.git" "$work/clone" 2>/dev/null && cd "$work/clone" && git switch -qc main && cp -R "$ROOT/tests/fixtures/small/." . &&
        git add . && git commit -qm 'An invented ledger' && git tag -a ledger/first -m 'Agreed' || return
    taken git push -q origin main ledger/first && want 'HEAD names refs/heads/master, which has no commit, so refs/heads/main counts as the main branch; run "git symbolic-ref HEAD refs/heads/main" on the server' "$work/said" || return
    # A new branch is compared with it: what is old in there is none of its own.
    git switch -qc side && edit $R/1.ini '^number = 1' 'number = 4' && git commit -qanm 'Renumber' && refused git push -q origin side && want '[DL102]' "$work/said" || return
    # So is it itself: it only goes on.
    git switch -q main && git commit -q --amend -m 'Another' && refused git push -qf origin main && want '[DL113]' "$work/said" || return
    dhrledger -C "$work/server.git" hook install >"$work/said" 2>&1
    want 'HEAD names refs/heads/master, which has no commit, so refs/heads/main counts as the main branch; run "git symbolic-ref HEAD refs/heads/main" here' "$work/said" || return
    server symbolic-ref HEAD refs/heads/main && git reset -q --hard origin/main && git commit -q --allow-empty -m 'More' && taken git push -q origin main && [ ! -s "$work/said" ] || return
    # Nobody can tell: each is compared with what it was.
    server branch -q -m main one && server branch -q two one && server symbolic-ref HEAD refs/heads/master && git commit -q --allow-empty -m 'Yet more' && taken git push -q origin main:one || return
    want 'HEAD names refs/heads/master, which has no commit, and none of the branches is surely the main one, so each is compared with what it was; run "git symbolic-ref HEAD refs/heads/NAME" on the server' "$work/said"
}

# Where no ledger is found nothing is checked, and that is said.
no_ledger() {
    rm -rf "$work/server.git" "$work/clone"
    git init -q --bare "$work/server.git" && dhrledger -C "$work/server.git" hook install >"$work/said" &&
        git clone -q "$work/server.git" "$work/clone" 2>/dev/null && cd "$work/clone" && mkdir -p a/b/c/d/e/reviews && cp -R "$ROOT/tests/fixtures/small/." a/b/c/d/e/ &&
        git add . && git commit -qm 'Deep' || return
    said='refs/heads/main: no ledger was found in it, so nothing but the messages of its commits was checked; if it has one, name its folder on the server with "git config dhrledger.folder FOLDER"'
    taken git push -q origin main && want "$said" "$work/said" || return
    git rm -qr a && mkdir -p x && cp -R "$ROOT/tests/fixtures/small/reviews" x && git add . && git commit -qm 'Only reviews' && taken git push -q origin main && want "$said" "$work/said" || return
    server config dhrledger.folder y && git commit -q --allow-empty -m 'More' && taken git push -q origin main || return
    want 'refs/heads/main: no ledger was found in its folder y, so nothing but the messages of its commits was checked; if it has one elsewhere, name that folder on the server with "git config dhrledger.folder FOLDER"' "$work/said" || return
    server config dhrledger.folder . && git commit -q --allow-empty -m 'Top' && taken git push -q origin main && want 'no ledger was found in its top folder' "$work/said" || return
    server config dhrledger.folder x && edit x/$R/1.ini '^number = 1' 'number = 4' && git commit -qam 'Renumber' && refused git push -q origin main && want '[DL102]' "$work/said" || return
    git reset -q --hard HEAD~1 && git switch -q --orphan pages && git commit -q --allow-empty -m 'Of 01632 960123' && refused git push -q origin pages || return
    want 'refs/heads/pages: no ledger was found in its folder x' "$work/said" && want 'looks like a phone number' "$work/said"
}

# What is committed already is mended where it was: each finding says which commit, and how.
history() {
    server_and_clone && printf 'note = 2026-11-20 Ring 01632 960123\n' >>$R/1.ini && git commit -qanm 'A note' || return
    one=$(git rev-parse --short=12 HEAD)
    refused git push -q origin main || return
    want "$R/1.ini:19:24: error: looks like a phone number; take it out in commit $one (A note), with \"git commit -a --amend\": what is in the history stays there [DL094]" "$work/said" || return
    edit $R/2.ini '^lead = .*' 'lead = Head' && git commit -qanm 'Ask AB123456C' || return
    two=$(git rev-parse --short=12 HEAD)
    refused git push -q origin main || return
    want "$R/1.ini:19:24: error: looks like a phone number; take it out in commit $one (A note), with \"git rebase -i $one~1\" and \"edit\" on its line: what is in the history stays there [DL094]" "$work/said" || return
    want "the message of commit $two:1:5: error: looks like a National Insurance number; take it out in commit $two, with \"git commit --amend\": what is in the history stays there [DL092]" "$work/said" || return
    git commit -q --allow-empty -m 'More' && refused git push -q origin main || return
    want "take it out in commit $two, with \"git rebase -i $two~1\" and \"reword\" on its line" "$work/said" && told 2 'looks like' || return
    ! grep -q 'before you commit' "$work/said" && ! grep -q AB123456C "$work/said" || return
    # From the first commit on, and with merges.
    git switch -q --orphan first && cp -R "$ROOT/tests/fixtures/small/." . && printf 'note = 2026-11-20 Ring 01632 960123\n' >>$R/1.ini && git add . && git commit -qnm 'Begin' || return
    git switch -qc other && git commit -q --allow-empty -m 'Other' && git switch -q first && git merge -q --no-ff --no-verify -m 'Merge' other || return
    refused git push -q origin first && want "(Begin), with \"git rebase -i -r --root\" and \"edit\" on its line" "$work/said"
}

run_tests other_refs other_names tag_messages ledger_tags notes texts_by_the_ledger unborn_head no_ledger history
exit "$status"
