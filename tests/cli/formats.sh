#!/bin/sh
# The formats for other programs against what these want, by formats.py: tests/cli/formats.sh [NAME]
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}
failed=0

# One that sees the modules that the packages bring.
for python in python3 /usr/bin/python3 ''; do
    [ -z "$python" ] || ! "$python" -c 'import jsonschema' 2>/dev/null || break
done
if [ -z "$python" ]; then
    echo 'skip formats: there is no python3 with jsonschema'
    exit 0
fi
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
unset COLUMNS GITHUB_STEP_SUMMARY
export DHRLEDGER PYTHONIOENCODING=UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1

for test in json sarif gitlab github junit text summary; do
    [ -z "$only" ] || [ "$only" = "formats-$test" ] || continue
    mkdir "$scratch/$test" || exit
    if said=$("$python" tests/cli/formats.py "$test" "$scratch/$test" 2>&1); then
        echo "ok formats-$test"
    else
        failed=1
        printf '%s\nnot ok formats-%s\n' "$said" "$test"
    fi
done

[ "$failed" = 0 ]
