#!/bin/sh
# Time the program on a large ledger beside git and recutils on the same records, in one run.
#
#     tests/bench/run.sh [REVIEWS]        1200 reviews are about 21,000 records
#
# Prints ratios of medians, each with what is wanted of it. A ratio is a fact about
# this machine and this moment, so none fails anything; wrong output does. Everything
# is generated in a folder of its own, which is removed in the end: about 1.5 GB.
# BENCH_RUNS is how often each command runs in each of two turns.
set -eu
cd "$(dirname "$0")/../.."
: "${DHRLEDGER:=$PWD/build/release/dhrledger}"
reviews=${1:-1200}
case $reviews in *[!0-9]*) reviews=1200 ;; esac
runs=${BENCH_RUNS:-7} warmups=1
passed=0 failed=0

scratch=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch" "$memory"' EXIT
trap 'exit 130' INT TERM
ledger=$scratch/ledger
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 DHRLEDGER_TODAY=2026-11-24
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.org
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.org
. tests/bench/measure.inc

# The first commit of what a folder holds; packed, as in a clone, so that no later one is.
first_commit() {
    git -C "$1" init -q -b main
    git -C "$1" add -A
    git -C "$1" -c gc.auto=0 commit -q --allow-empty -m 'An invented ledger'
    git -C "$1" repack -adq
    git -C "$1" prune-packed -q
    git -C "$1" status --short
}

# What make_ledger.py counted, by itself.
counted() { awk -v key="$1" '$1 == key { print $2 }' "$scratch/counts"; }
rows() { python3 -c 'import csv, sys; print(sum(1 for row in csv.reader(sys.stdin)) - 1)'; }
tool() { "$DHRLEDGER" -C "$ledger" "$@"; }

outputs() {
    found="$(counted reviews) reviews, $(counted recommendations) recommendations, $(counted agencies) agencies"
    standing="$(for key in recommendations open in-progress partly-implemented implemented verified \
        closed late; do counted "$key"; done | paste -sd ,)"
    expect bench-check "$found: no findings" "$(tool check)"
    expect bench-check-at-head "$found: no findings" "$(tool check --at HEAD)"
    expect bench-status "ledger,,The whole ledger,$standing" \
        "$(tool status -O csv | tr -d '\r' | sed -n 's/,[0-9]*$//; 2p')"
    expect bench-list "$(counted addressees)" "$(tool list -O csv | rows)"
    expect bench-overdue "$(counted overdue)" "$(tool overdue -O csv | rows)"
    expect bench-list-one "$(counted one-lines)" "$(tool list "$one" -O csv | rows)"
    expect bench-overdue-one "$(counted one-overdue)" "$(tool overdue "$one" -O csv | rows)"
    expect bench-list-at-head "$(tool list -O csv | sha256sum)" "$(tool list --at HEAD -O csv | sha256sum)"
}

reading() {
    how="-N"
    at="-C $ledger"
    measure 'git status' "git $at status --short" 'git grep -c .' "git $at grep -c ." \
        check "$DHRLEDGER $at check" status "$DHRLEDGER $at status" \
        overdue "$DHRLEDGER $at overdue" list "$DHRLEDGER $at list" \
        "overdue $one" "$DHRLEDGER $at overdue $one" \
        "list $one" "$DHRLEDGER $at list $one"
    for verb in check status overdue list; do
        at_most "$verb" 'git status' 1.5
        at_most "$verb" 'git grep -c .' 0.5
    done
    at_most "list $one" list 1.0
    at_most "overdue $one" overdue 1.0
    measure 'git grep -c . HEAD' "git $at grep -c . HEAD" \
        'check --at HEAD' "$DHRLEDGER $at check --at HEAD"
    at_most 'check --at HEAD' 'git grep -c . HEAD' 0.8
}

memory() {
    for verb in check list overdue; do
        command time -f %M -o "$scratch/peak" "$DHRLEDGER" -C "$ledger" $verb >"$scratch/out"
        limit "peak memory of $verb / the records' bytes" \
            "$(divided "$(awk '{ print $1 * 1024 }' "$scratch/peak")" "$(counted bytes)")" 5
    done
}

# The same lines, and of each the same fields: what GNU recutils makes of them, and we.
recutils() {
    fields=$(sed -n 's/^\([A-Z][a-z_]*\): .*/\1/p' "$scratch/ledger.rec" | sort -u | paste -sd ,)
    expect bench-recsel "$(counted addressees)" \
        "$(recsel -t Entry -p "$fields" "$scratch/ledger.rec" | grep -c '^Recommendation: ')"
    how="-N"
    measure recsel "recsel -t Entry -p $fields $scratch/ledger.rec" \
        'list -O csv' "$DHRLEDGER -C $ledger list -O csv"
    at_most 'list -O csv' recsel 0.4
}

# writing LEDGER ID: a commit of one changed record, by set in one copy and by git in another.
# Both begin alike and grow by the same. By itself git syncs packs alone; set syncs its objects
# and the branch, as git does with core.fsync=committed,reference, and the record's file too.
writing() {
    cp -a "$1" "$scratch/git" && git -C "$scratch/git" status --short
    cp -a "$1" "$scratch/set" && git -C "$scratch/set" status --short
    file=reviews/$2.ini
    printf '#!/bin/sh\ncd %s && sed -i "s/^lead =.*/lead = Role $$/" %s\n' "$scratch/git" "$file" \
        >"$scratch/edit"
    chmod +x "$scratch/edit"
    with="git -C $scratch/git -c core.fsync=committed,reference"
    without="git -C $scratch/git"
    what="of $3"
    how="-S sh -p $scratch/edit"
    measure "git add && git commit $what, with fsync" "$with add $file && $with commit -qm Lead" \
        "set $what" "$DHRLEDGER -C $scratch/set set $2 lead=\"Role \$\$\" -m Lead" \
        "git add && git commit $what, without" "$without add $file && $without commit -qm Lead"
    at_most "set $what" "git add && git commit $what, with fsync" 1.5
    printf '%s %.2f (no limit: set always syncs)\n' "set $what / git add && git commit $what, without" \
        "$(divided "$(median "set $what")" "$(median "git add && git commit $what, without")")"
    turns=$((2 * (warmups + runs)))
    expect "bench-set-commits of $3" "$((1 + turns)) beside $((1 + 2 * turns))" \
        "$(git -C "$scratch/set" rev-list --count HEAD) beside $(git -C "$scratch/git" rev-list --count HEAD)"
    expect "bench-set-sound of $3" "" \
        "$(git -C "$scratch/set" status --short && git -C "$scratch/set" fsck --strict 2>&1)"
    rm -rf "$scratch/git" "$scratch/set"
}

# The list, but for what its CSV can't bring back: a colour looks at actions' dates, too.
answers() {
    python3 -c 'import csv, hashlib, sys
rows = [[row[key] for key in row if key not in ("RAG", "Ledger revision")]
        for row in csv.DictReader(sys.stdin)]
print(len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())'
}

# All the list's rows as new records, in one commit; and what git takes for the same files, which
# are there then. Fewer turns, since each begins with the files of a whole ledger.
importing() {
    tool list -O csv >"$scratch/list.csv"
    "$DHRLEDGER" init --name Invented "$memory/empty" >/dev/null
    cp -a "$memory/empty" "$memory/files"
    "$DHRLEDGER" -C "$memory/files" import --new "$scratch/list.csv" >"$scratch/notes" 2>&1
    printf '#!/bin/sh\ncd %s && rm -rf git import && cp -a files git && cp -a empty import\n' \
        "$memory" >"$scratch/again"
    chmod +x "$scratch/again"
    how="-S sh -p $scratch/again"
    turns=$runs
    if [ "$runs" -gt 3 ]; then runs=3; fi
    measure 'git add -A && git commit of a ledger' \
        "cd $memory/git && git add -A && git commit -qm Import" \
        'import --new --commit' \
        "$DHRLEDGER -C $memory/import import --new --commit $scratch/list.csv"
    runs=$turns
    at_most 'import --new --commit' 'git add -A && git commit of a ledger' 1.5
    expect bench-import-sound "" "$(git -C "$memory/import" status --short &&
        git -C "$memory/import" fsck --strict 2>&1)"
    expect bench-import-list "$(answers <"$scratch/list.csv")" \
        "$("$DHRLEDGER" -C "$memory/import" list -O csv | answers)"
    rm -rf "$memory/git" "$memory/import" "$memory/files" "$memory/empty"
}

# In memory where there is room, the smaller ledger too: 200,000 files are slow to remove from a disk.
tenfold() {
    place=$scratch
    room=$(df -kP /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    [ "${room:-0}" -lt $((reviews * 2500)) ] || place=$memory
    python3 tests/bench/make_ledger.py "$place/once" "$reviews" >"$scratch/counts"
    python3 tests/bench/make_ledger.py "$place/tenfold" "${reviews}0" >"$scratch/counts"
    ten="-C $place/tenfold"
    for folder in once tenfold; do
        git init -q -b main "$place/$folder"
        git -C "$place/$folder" commit -q --allow-empty -m 'Nothing yet'
    done
    expect bench-tenfold-check "$(counted reviews) reviews, $(counted recommendations) recommendations, $(
        counted agencies) agencies: no findings" "$("$DHRLEDGER" $ten check)"
    expect bench-tenfold-list "$(counted addressees)" "$("$DHRLEDGER" $ten list -O csv | rows)"
    how="-N"
    for verb in check list; do
        measure "$verb once" "$DHRLEDGER -C $place/once $verb" "$verb of ten times as much" \
            "$DHRLEDGER $ten $verb"
        at_most "$verb of ten times as much" "$verb once" 11
    done
}

# A thousand commits on a branch of their own, each changing one record.
changes() {
    at="-C $ledger"
    (in=$PWD && cd "$ledger" && python3 "$in/tests/bench/make_history.py" 1000) |
        git -C "$ledger" fast-import --quiet
    git -C "$ledger" repack -adq
    old=$(git -C "$ledger" rev-parse main)
    new=$(git -C "$ledger" rev-parse history)
    echo "$old $new refs/heads/main" >"$scratch/push"
    expect bench-check-base "1 file changed since commit $(
        git -C "$ledger" rev-parse --short=12 history~1): no findings" \
        "$(tool check --base history~1 --at history)"
    expect bench-pre-receive "" "$(tool hook pre-receive <"$scratch/push" 2>&1)"
    how="" # a shell, which redirects
    measure 'git status' "git $at status --short" \
        'check --base' "$DHRLEDGER $at check --base history~1 --at history" \
        'git log --raw' "git $at log --raw $old..$new" \
        'hook pre-receive' "$DHRLEDGER $at hook pre-receive <$scratch/push"
    at_most 'check --base' 'git status' 1.0
    at_most 'hook pre-receive' 'git log --raw' 3.0
}

python3 tests/bench/make_ledger.py "$ledger" "$reviews" 7 "$scratch/ledger.rec" >"$scratch/counts"
first_commit "$ledger"
one=review:$(counted one)
single=$(counted single)
echo "$(counted recommendations) recommendations, $(counted bytes) bytes"
mkdir "$scratch/durham"
cp -r reviews agencies "$scratch/durham"
first_commit "$scratch/durham"

outputs
reading
changes
memory
recutils
writing "$ledger" "$single" "$(counted recommendations)"
writing "$scratch/durham" durham-2012/10.2.1 46
importing
tenfold

missed=$(grep -c MISSED "$scratch/limits" || true)
echo "$(wc -l <"$scratch/limits") limits, $missed of them missed"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
