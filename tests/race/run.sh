#!/bin/sh
# Commits made at the same time: tests/race/run.sh [NAME]
#
# PROCESSES (8) processes make COMMITS (10) commits each. None may be lost, the
# history must be one line, and git must find the repository sound and clean.
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}
processes=${PROCESSES:-8}
commits=${COMMITS:-10}
passed=0 failed=0

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export HOME="$scratch" GIT_CONFIG_GLOBAL="$scratch/gitconfig" GIT_CONFIG_NOSYSTEM=1
git config --global user.name Ann
git config --global user.email ann@example.org
git config --global init.defaultBranch main
git config --global gc.auto 0

# shellcheck disable=SC2046,SC2086
${CC:-cc} ${CPPFLAGS:-} ${CFLAGS:--O2 -g} -std=c11 -D_GNU_SOURCE -Iinclude -o "$scratch/commit_race" \
    tests/race/commit_race.c src/store/*.c src/base/*.c \
    $(pkg-config --cflags --libs libgit2 zlib libutf8proc) -pthread || exit

# A repository with one file for each process.
new_repository() {
    rm -rf "$scratch/repo" "$scratch"/out.* "$scratch"/linked*
    mkdir -p "$scratch/repo/agencies" "$scratch/repo/reviews/durham-2012" || exit
    cd "$scratch/repo" || exit
    i=0
    while [ $i -lt "$processes" ]; do
        echo "# file $i" >"reviews/durham-2012/$i.ini"
        i=$((i + 1))
    done
    echo '# shared' >agencies/shared.ini
    echo '# other' >other
    git init -q . && git add . && git commit -qm start || exit
}

# start NUMBER PATH [FOLDER]: one process in the background.
start() {
    "$scratch/commit_race" "${3:-$scratch/repo}" "$2" "p$1" "$commits" \
        >"$scratch/out.$1" 2>"$scratch/out.err.$1" &
}

# start_each: every process with a file of its own.
start_each() {
    i=0
    while [ $i -lt "$processes" ]; do
        start $i "reviews/durham-2012/$i.ini"
        i=$((i + 1))
    done
}

# Wait for all; each must have ended well.
finish() {
    wait
    i=0
    while [ $i -lt "$processes" ]; do
        [ -s "$scratch/out.$i" ] || { cat "$scratch/out.err.$i"; return 1; }
        i=$((i + 1))
    done
}

# sound COUNT: so many commits after the first, one line, everything in its place.
sound() {
    [ "$(git rev-list --count main)" = $(($1 + 1)) ] || { echo "commits: $(git rev-list --count main), not $(($1 + 1))"; return 1; }
    [ -z "$(git rev-list --min-parents=2 main)" ] || { echo "there is a merge"; return 1; }
    [ "$(git log --format=%s main | sort | uniq -d)" = "" ] || { echo "a commit stands twice"; return 1; }
    [ "$(git reflog main | wc -l)" = $(($1 + 1)) ] || { echo "the reflog misses commits"; return 1; }
    git fsck --strict --no-dangling >"$scratch/fsck" 2>&1 || { cat "$scratch/fsck"; return 1; }
    [ -z "$(find . -name '*.lock' -o -name '*~')" ] || { find . -name '*.lock' -o -name '*~'; return 1; }
    status=$(git status --porcelain)
    [ -z "$status" ] || { echo "$status"; return 1; }
}

different_files() {
    new_repository
    start_each
    finish && sound $((processes * commits)) || return
    i=0
    while [ $i -lt "$processes" ]; do
        [ "$(grep -c "^p$i " "reviews/durham-2012/$i.ini")" = "$commits" ] || return
        i=$((i + 1))
    done
}

same_file() {
    new_repository
    i=0
    while [ $i -lt "$processes" ]; do
        start $i agencies/shared.ini
        i=$((i + 1))
    done
    finish && sound $((processes * commits)) || return
    [ "$(grep -c '^p' agencies/shared.ini)" = $((processes * commits)) ] &&
        [ -z "$(sort agencies/shared.ini | uniq -d)" ]
}

# git's own commits, made without the index: "git commit" reads that before it locks it,
# so that under load it puts back an index older than somebody else's commit (ours, or
# another git's). A sound program beside it can only refuse to go on then.
beside_git() {
    new_repository
    start_each
    n=0
    while [ $n -lt "$commits" ]; do
        n=$((n + 1))
        echo "line $n" >>"$scratch/other"
        until tip=$(git rev-parse main) && blob=$(git hash-object -w "$scratch/other") &&
            tree=$(git ls-tree main | sed "s/blob [0-9a-f]*\tother\$/blob $blob\tother/" | git mktree) &&
            git update-ref -m "git $n" refs/heads/main \
                "$(git commit-tree -p "$tip" -m "git $n" "$tree")" "$tip" 2>/dev/null; do
            sleep 0.01
        done
        git status >/dev/null 2>&1
    done
    finish || return
    git restore --staged --worktree other
    sound $(((processes + 1) * commits)) && [ "$(grep -c '^line' other)" = "$commits" ]
}

# What somebody stages meanwhile must stay staged.
beside_staging() {
    new_repository
    start_each
    n=0
    while [ $n -lt 30 ]; do
        n=$((n + 1))
        echo "$n" >"new.$n"
        until git add "new.$n" 2>/dev/null; do sleep 0.01; done
    done
    finish || return
    [ "$(git diff --cached --name-only --diff-filter=A | wc -l)" = 30 ] || {
        git status --short
        return 1
    }
    git rm -q --cached new.* && rm new.* && sound $((processes * commits))
}

# Linked work trees share objects and references, and each has a branch and an index.
linked_work_trees() {
    new_repository
    i=0
    while [ $i -lt "$processes" ]; do
        git worktree add -q "$scratch/linked$i" -b "b$i" >/dev/null 2>&1 || return
        i=$((i + 1))
    done
    i=0
    while [ $i -lt "$processes" ]; do
        start $i agencies/shared.ini "$scratch/linked$i"
        i=$((i + 1))
    done
    finish && sound 0 || return
    i=0
    while [ $i -lt "$processes" ]; do
        [ "$(git rev-list --count "b$i")" = $((commits + 1)) ] || return
        [ -z "$(git -C "$scratch/linked$i" status --porcelain)" ] || return
        i=$((i + 1))
    done
}

# A process killed in the middle leaves the old state or the new one, and at most locks.
killed() {
    new_repository
    n=0
    while [ $n -lt 40 ]; do
        n=$((n + 1))
        "$scratch/commit_race" . agencies/shared.ini "k$n" 1000 >/dev/null 2>&1 &
        sleep "0.0$((n % 10))$((n % 7))"
        kill -9 $! 2>/dev/null
        wait $! 2>/dev/null
        git fsck --strict --no-dangling >"$scratch/fsck" 2>&1 || { cat "$scratch/fsck"; return 1; }
        rm -f .git/index.lock .git/refs/heads/main.lock
        # Either nothing, or a commit whose file or index entry was still to come.
        case $(git status --porcelain | grep -v '~$') in
        '' | 'MM agencies/shared.ini' | 'M  agencies/shared.ini') ;;
        *)
            git status --porcelain
            return 1
            ;;
        esac
        git reset -q --hard && git clean -fdq
    done
    find .git -name '*.lock' | grep . && return 1
    commits=3 start 0 agencies/shared.ini
    wait
    [ -s "$scratch/out.0" ]
}

for name in different_files same_file beside_git beside_staging linked_work_trees killed; do
    if [ -z "$only" ] || [ "$only" = "$name" ]; then
        if said=$("$name" 2>&1); then
            passed=$((passed + 1))
            echo "ok $name"
        else
            failed=$((failed + 1))
            printf '%s\nnot ok %s\n' "$said" "$name"
        fi
    fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
