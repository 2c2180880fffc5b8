#!/bin/sh
# The README's two commands in a root where only git and make are there:
#
#     tests/bare/run.sh [demo|check]
#
# Each gets a fresh debootstrap root of this machine's own release (or RELEASE, of
# the same archive), in the C locale, with no compiler. Needs root, debootstrap and the network. What is
# cloned is HEAD, with uncommitted changes on top.
set -u
cd "$(dirname "$0")/../.." || exit
project=$(pwd)
passed=0 failed=0

skip() {
    echo "skip ${1}: $2"
    echo "0 passed, 0 failed"
    exit 0
}
[ "$(id -u)" = 0 ] || skip bare "only root can make a root folder"
command -v debootstrap >/dev/null || skip bare "there is no debootstrap"

# shellcheck disable=SC1091
. /etc/os-release
: "${RELEASE:=$VERSION_CODENAME}"
components=main
[ "$ID" != ubuntu ] || components=main,universe
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$VERSION_CODENAME" '$1 == release { print $2; exit }')
[ -n "$mirror" ] || skip bare "no archive of $VERSION_CODENAME among apt's sources"

scratch=$(mktemp -d) || exit
trap 'rm -rf --one-file-system "$scratch"' EXIT
trap 'exit 130' INT TERM

echo "making a bare root of $ID $RELEASE"
debootstrap --variant=minbase --components=$components --include=git,make,ca-certificates \
    "$RELEASE" "$scratch/bare" "$mirror" >"$scratch/log" 2>&1 || {
    tail -n 20 "$scratch/log"
    exit 1
}

# How this machine reaches the archive.
apt-config dump | grep -iE '^Acquire::(https?::|ftp::|Check-|Retries)' \
    >"$scratch/bare/etc/apt/apt.conf.d/90-as-outside"
for file in resolv.conf hosts; do
    cp -L "/etc/$file" "$scratch/bare/etc/$file"
done

git clone -q --no-hardlinks "$project" "$scratch/bare/src" || exit
if [ -n "$(git status --porcelain)" ]; then
    echo "with uncommitted changes"
    # shellcheck disable=SC2016
    git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c '
        for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh |
        tar --null -T - -cf - | tar -C "$scratch/bare/src" -xf - || exit
fi

for tool in cc gcc pkg-config python3 sudo; do
    [ ! -e "$scratch/bare/usr/bin/$tool" ] || { echo "the root is not bare: it has $tool"; exit 1; }
done

# In a mount namespace of its own, whatever is mounted goes with the process.
inside() {
    # shellcheck disable=SC2016
    unshare --mount sh -c '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mkdir -p "$root/dev/shm" "$root/dev/pts"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t devpts devpts "$root/dev/pts"
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
            ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
            "$@"' sh "$@" </dev/null
}

# prove NAME PATTERN...: `make NAME` succeeds, and each pattern is a line of what it prints.
prove() {
    name=$1
    shift
    root=$scratch/$name
    cp -a "$scratch/bare" "$root"
    why=
    inside "$root" make -C /src "$name" >"$scratch/log" 2>&1 || why="status $?"
    for pattern; do
        grep -qE -e "$pattern" "$scratch/log" || why="$why, nothing like: $pattern"
    done
    if [ -z "$why" ]; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        sed 's/^/    /' "$scratch/log" | tail -n 100
        echo "not ok $name"
        echo "    $why"
        failed=$((failed + 1))
    fi
    rm -rf --one-file-system "$root"
}

case ${1:-demo} in
demo) prove demo '^\$ dhrledger status$' '^\$ dhrledger overdue$' '^\$ dhrledger gaps$' ;;
esac
case ${1:-check} in
check) prove check '^[0-9]+ passed, 0 failed$' ;;
esac

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
