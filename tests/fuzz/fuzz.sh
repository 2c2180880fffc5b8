#!/bin/sh
# Fuzz targets under libFuzzer: tests/fuzz/fuzz.sh FOLDER DHRLEDGER TARGET…
#
# FOLDER holds the fuzzers, FOLDER/fuzz-TARGET, and gets what comes of them:
# corpus/TARGET, which grows from run to run, and findings/TARGET-*. Each target runs
# for FUZZ_SECONDS seconds of its own CPU time (60), FUZZ_JOBS of them at a time (1).
# Slow inputs are findings too: those that take SLOW_SECONDS.
set -eu
cd "$(dirname "$0")/../.."
MAX_BYTES=65536
SLOW_SECONDS=10 # under the sanitizers; the program itself is ten times as fast
XCPU=152 # 128 + SIGXCPU: the time was up

# Each seed, and the same again and again up to the largest size.
prepare() {
    rm -rf "$folder/seeds/$1"
    mkdir -p "$folder/seeds/$1" "$folder/corpus/$1" "$folder/findings"
    tests/fuzz/seeds.sh "$1" | while IFS= read -r seed; do
        name=$folder/seeds/$1/$(echo "$seed" | tr / _)
        cp "$seed" "$name"
        size=$(wc -c <"$seed")
        [ "$size" -gt 0 ] || continue
        i=0
        while [ $i -lt $((MAX_BYTES / size)) ]; do
            cat "$seed"
            i=$((i + 1))
        done >"$name.large"
    done
}

fuzz() {
    prepare "$1"
    rm -f "$folder/findings/$1"-*
    status=0
    (
        ulimit -c 0
        ulimit -S -t "${FUZZ_SECONDS:-60}"
        "$folder/fuzz-$1" -max_len=$MAX_BYTES -timeout=$SLOW_SECONDS \
            -report_slow_units=$SLOW_SECONDS -dict="$folder/dictionary" \
            -artifact_prefix="$folder/findings/$1-" "$folder/corpus/$1" "$folder/seeds/$1" ||
            exit # with its status; what the shell says of it goes to the log
    ) >"$folder/$1.log" 2>&1 || status=$?
    found=$(ls "$folder/findings/$1"-* 2>/dev/null || true)
    last=$(grep -a '^#[0-9]' "$folder/$1.log" | tail -n 1 | cut -f 1)
    if [ -z "$found" ] && [ $status = $XCPU ]; then
        echo "ok $1: ${last#\#} inputs"
        return 0
    fi
    grep -a 'does not hold:\|ERROR:\|runtime error:\|SUMMARY:' "$folder/$1.log" | head -n 3
    [ -n "$found" ] || tail -n 3 "$folder/$1.log"
    for file in $found; do
        echo "    again: make fuzz-replay TARGET=$1 FILE=$file"
    done
    echo "    once it is mended, keep FILE as tests/fuzz/seeds/$1/WHAT-IT-WAS"
    echo "not ok $1: status $status; $folder/$1.log"
    return 1
}

folder=$1
dhrledger=$2
shift 2
if [ "${FUZZ_ONE:-}" ]; then
    fuzz "$1"
    exit
fi
tests/fuzz/dictionary.sh "$dhrledger" >"$folder/dictionary"
printf '%s\n' "$@" | FUZZ_ONE=1 xargs -n 1 -P "${FUZZ_JOBS:-1}" "$0" "$folder" "$dhrledger"
