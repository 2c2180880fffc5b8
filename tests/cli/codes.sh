#!/bin/sh
# Every finding has its golden, and every such golden its finding: tests/cli/codes.sh [NAME]
set -u
cd "$(dirname "$0")/../.." || exit
[ -z "${1:-}" ] || [ "$1" = codes ] || exit 0
bad=

for code in $(sed -n 's/^FINDING(\([0-9]*\), .*/\1/p' include/dhrledger/findings.def); do
    name=$(printf 'dl%03d' "$code")
    set -- tests/cli/goldens/"$name"-*.golden
    if [ ! -e "$1" ]; then
        bad="$bad there is no tests/cli/goldens/$name-*.golden;"
    elif ! grep -q "\\[DL${name#dl}\\]$" "$@"; then
        bad="$bad $1 doesn't show the finding;"
    fi
done
for golden in tests/cli/goldens/dl*.golden; do
    number=$(expr "$golden" : '.*/dl0*\([0-9]*\)-')
    grep -q "^FINDING($number, " include/dhrledger/findings.def ||
        bad="$bad $golden is about no finding;"
done

if [ -n "$bad" ]; then
    printf '   %s\nnot ok codes\n' "$bad"
    exit 1
fi
echo 'ok codes'
