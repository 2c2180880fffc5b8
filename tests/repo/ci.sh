#!/bin/sh
# The files for pipelines and pre-commit, by ci.py: ci.sh [NAME]
set -u
only=${1:-}

for python in python3 /usr/bin/python3 ''; do
    [ -z "$python" ] || ! "$python" -c 'import yaml' 2>/dev/null || break
done
if [ -z "$python" ]; then
    echo 'skip ci: there is no python3 with yaml'
    exit 0
fi
unset GIT_CEILING_DIRECTORIES GITHUB_STEP_SUMMARY CI

# The source tree as it would be released: what git tracks, or would track, and no more.
SOURCE=$PWD/source
export SOURCE
mkdir "$SOURCE" && (
    cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c '
        for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh |
        tar --null -T - -cf -
) | tar -C "$SOURCE" -xf - || exit
(cd "$SOURCE" && git init -q && git add -f . && git commit -qm 'A release' && git tag v0.1.0) || exit

for test in action request gitlab workflow hooks; do
    [ -z "$only" ] || [ "$only" = "ci-$test" ] || continue
    mkdir "$test" || exit
    if said=$(cd "$test" && "$python" -B "$ROOT/tests/repo/ci.py" "$test" 2>&1); then
        echo "ok ci-$test"
    else
        printf '%s\nnot ok ci-%s\n' "$said" "$test"
    fi
done
