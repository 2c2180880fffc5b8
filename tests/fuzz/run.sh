#!/bin/sh
# Fuzz targets, given their seeds once: tests/fuzz/run.sh [TARGET]
#
# FUZZ_TARGETS are the programs fuzz-TARGET that replay files. `make fuzz` is what
# makes up inputs; whatever it has found is among the seeds.
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}

passed=0 failed=0
for program in ${FUZZ_TARGETS:?is not set}; do
    target=${program##*/fuzz-}
    [ -z "$only" ] || [ "$only" = "$target" ] || continue
    # No name holds a space.
    if "$program" $(tests/fuzz/seeds.sh "$target") >/dev/null; then
        passed=$((passed + 1))
        echo "ok $target"
    else
        failed=$((failed + 1))
        echo "not ok $target"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
