#!/bin/sh
# Lint must notice each rule when it is broken: tests/lint/run.sh [NAME]
#
# Each test copies the project, breaks one rule and expects the sentence that says so.
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}
passed=0 failed=0

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
mkdir "$tree" || exit
for part in Makefile .clang-format .clang-tidy src include tests; do
    cp -r "$part" "$tree/" || exit
done
git init -q "$tree"
cp -r "$tree" "$scratch/sound"

# complains NAME COMMAND SENTENCE: COMMAND fails in the broken tree and says SENTENCE.
# The breaking is done beforehand; afterwards the tree is sound again.
complains() {
    if [ -z "$only" ] || [ "$only" = "$1" ]; then
        if said=$(cd "$tree" && sh -c "$2" 2>&1); then
            failed=$((failed + 1))
            printf 'not ok %s\n    %s found nothing\n' "$1" "$2"
        elif printf '%s\n' "$said" | grep -qF -e "$3"; then
            passed=$((passed + 1))
            printf 'ok %s\n' "$1"
        else
            failed=$((failed + 1))
            printf 'not ok %s\n    wanted: %s\n    got: %s\n' "$1" "$3" "$said"
        fi
    fi
    rm -rf "$tree"
    cp -r "$scratch/sound" "$tree"
}

# In the tree as it stands, none of the sentences below may be said already.
layers='tests/lint/layers.sh'
source='tests/lint/source.sh'
put() {
    mkdir -p "$tree/${1%/*}"
    printf '%s\n' "$2" >"$tree/$1"
}

put src/base/zz.c '#include "dhrledger/schema.h"'
complains layers-upward "$layers" \
    'src/base/zz.c:1: the base layer must not include "dhrledger/schema.h" of the model layer'

put src/codec/zz.c '#include "dhrledger/repo.h"'
complains layers-sibling "$layers" \
    'src/codec/zz.c:1: the codec layer must not include "dhrledger/repo.h" of the store layer'

put src/ledger/zz.c '#include <git2.h>'
complains layers-library "$layers" 'src/ledger/zz.c:1: <git2.h> is for the store layer alone'

put src/cli/zz.c '  #  include <git2/sys/commit.h>'
complains layers-library-folder "$layers" \
    'src/cli/zz.c:1: <git2/sys/commit.h> is for the store layer alone'

put include/dhrledger/str.h '#include <utf8proc.h>'
complains layers-library-in-header "$layers" \
    'include/dhrledger/str.h:1: a public header must not include <utf8proc.h>'

put src/base/zz.c '#include <openssl/evp.h>'
complains layers-unknown-library "$layers" \
    '<openssl/evp.h> is missing from tests/lint/layers.txt'

put src/store/zz.c '#include "../codec/private.h"'
complains layers-private "$layers" '"../codec/private.h" reaches into another folder'

put src/store/zz.c '#include HEADER'
complains layers-computed "$layers" 'src/store/zz.c:1: an include must name its file'

put include/dhrledger/zz.h '#include <stddef.h>'
complains layers-undeclared-header "$layers" \
    'include/dhrledger/zz.h:1: the header is missing from tests/lint/layers.txt'

rm "$tree/include/dhrledger/str.h"
complains layers-stale-header "$layers" 'str.h is not in include/dhrledger'

put src/zz/zz.c '#include <stddef.h>'
complains layers-unknown-layer "$layers" 'src/zz/zz.c:1: there is no layer zz'

sed 's/^headers base /headers model /' "$scratch/sound/tests/lint/layers.txt" \
    >"$tree/tests/lint/layers.txt"
complains layers-upward-header "$layers" \
    'the base layer must not include "dhrledger/err.h" of the model layer'

put src/base/zz.c "int f(char *a) { /* don't */ return '\\'' + strcpy(a, \"x\"); }"
complains source-banned "$source" 'src/base/zz.c:1: strcpy is banned'

put src/base/zz.c '/* It
 * isn'\''t */ static int zz(void) { return system ("x"); }'
complains source-banned-spaced "$source" 'src/base/zz.c:2: system is banned'

put src/cli/zz.c "$(awk 'BEGIN { for (i = 0; i < 251; i++) print "int i" i ";" }')"
complains source-long-verb "$source" 'src/cli/zz.c: 251 lines; at most 250'

put src/store/zz.c "$(awk 'BEGIN { for (i = 0; i < 501; i++) print "int i" i ";" }')"
complains source-long-file "$source" 'src/store/zz.c: 501 lines; at most 500'

put notes/stray.txt 'A stray file.'
complains source-top-level "$source" ' notes '

put src/base/zz.c 'int zz; '
complains source-trailing-space "$source" 'src/base/zz.c:1:int zz; '

put src/base/zz.c '<<<<<<< ours'
complains source-conflict-mark "$source" 'or a conflict mark'

put src/base/zz.c "/* see /ho""me/somebody/notes */"
complains source-machine-path "$source" 'a path that exists on one machine only'

# The tools themselves; `make check` alone does not install them.
tool() {
    if command -v "$1" >/dev/null; then
        complains "$2" "make -s $3" "$4"
    else
        echo "skip $2: there is no $1"
        cp -r "$scratch/sound/." "$tree"
    fi
}

put src/base/zz.c 'int  zz ;'
tool clang-format format lint-format 'src/base/zz.c:1:'

put man/zz.1 '.Dd nonsense'
tool mandoc manual lint-man 'zz.1:1:'

put src/base/zz.c 'int zz(void);
int zz(void)
{
    int *p = 0;
    return *p;
}'
tool cppcheck cppcheck lint-cppcheck 'src/base/zz.c:5'

put src/base/zz.c 'int zz(int a);
int zz(int a)
{
    return a ? 1 : 1;
}'
tool clang-tidy clang-tidy build/lint/src/base/zz.c.tidy 'misc-redundant-expression'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
