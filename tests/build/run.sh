#!/bin/sh
# What the Makefile promises beyond building: tests/build/run.sh [NAME]
set -u
cd "$(dirname "$0")/../.." || exit
only=${1:-}
passed=0 failed=0
: "${CC:=cc}"

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT
bin=$scratch/bin

# run NAME FUNCTION: FUNCTION returns zero, or prints why not.
run() {
    [ -z "$only" ] || [ "$only" = "$1" ] || return 0
    if said=$("$2" 2>&1); then
        passed=$((passed + 1))
        printf 'ok %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'not ok %s\n%s\n' "$1" "$said"
    fi
}

# fails_saying SENTENCE COMMAND...
fails_saying() {
    wanted=$1
    shift
    if output=$("$@" 2>&1); then
        echo "    it did not fail: $output"
        return 1
    fi
    says "$wanted" "$output"
}

says() {
    printf '%s\n' "$2" | grep -qF -e "$1" || { printf '    wanted: %s\n    got: %s\n' "$1" "$2"; return 1; }
}

no_settings='this inih has no run-time settings, so it would cut prose'

# A header of a build with compile-time settings only.
inih_header() {
    mkdir -p "$scratch/inih"
    echo 'int ini_parse(const char *name, void *handler, void *user);' >"$scratch/inih/ini.h"
    fails_saying "$no_settings" \
        make BUILD="$scratch/b1" CC="$CC" CPPFLAGS="-I$scratch/inih" "$scratch/b1/config.mk"
}

# A header that promises settings, beside a library that has none.
inih_library() {
    mkdir -p "$scratch/lib"
    echo 'int ini_parse(void); int ini_parse(void) { return 0; }' >"$scratch/lib/ini.c"
    $CC -shared -fPIC -o "$scratch/lib/libinih.so" "$scratch/lib/ini.c" || return
    fails_saying "$no_settings" \
        make BUILD="$scratch/b2" CC="$CC" LDFLAGS="-L$scratch/lib" "$scratch/b2/config.mk"
}

missing_library() {
    mkdir -p "$scratch/pc"
    PKG_CONFIG_LIBDIR=$scratch/pc fails_saying "run 'make deps'" \
        make BUILD="$scratch/b3" CC="$CC" "$scratch/b3/config.mk"
}

missing_compiler() {
    fails_saying "there is no compiler no-such-cc" \
        make BUILD="$scratch/b4" CC=no-such-cc "$scratch/b4/config.mk"
}

flags_are_probed() {
    make -s BUILD="$scratch/b5" CC="$CC" WARNINGS='-Wall -Wno-such-warning-at-all=9' \
        HARDENING=-fno-such-hardening LINKING=-Wl,--no-such-option "$scratch/b5/config.mk" || return
    says -Wall "$(cat "$scratch/b5/config.mk")" || return
    ! grep -- '-no-such' "$scratch/b5/config.mk"
}

# A machine on which nothing is installed: only what these links and scripts give.
bare_path() {
    rm -rf "$bin"
    mkdir "$bin"
    for tool in sh make env; do
        ln -s "$(command -v "$tool")" "$bin/$tool"
    done
    printf '#!/bin/sh\necho 1000\n' >"$bin/id"
    printf '#!/bin/sh\necho "not-installed "\n' >"$bin/dpkg-query"
    chmod +x "$bin"/id "$bin"/dpkg-query
}

deps_no_apt() {
    bare_path
    fails_saying "needed, by the names of their Debian packages: gcc libc6-dev pkgconf libgit2-dev" \
        env PATH="$bin" make deps
}

deps_no_sudo() {
    bare_path
    ln -s env "$bin/apt-get"
    fails_saying "neither root nor sudo; as root, run: apt-get install gcc libc6-dev" \
        env PATH="$bin" make deps
}

deps_sudo() {
    bare_path
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho "apt-get $*" "frontend $DEBIAN_FRONTEND"\n' >"$bin/apt-get"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho as root\nexec "$@"\n' >"$bin/sudo"
    chmod +x "$bin/apt-get" "$bin/sudo"
    output=$(env PATH="$bin" make deps-check 2>&1) || { echo "$output"; return 1; }
    says 'as root' "$output" && says 'install --no-install-recommends gcc libc6-dev' "$output" &&
        says libcriterion-dev "$output" && says 'frontend noninteractive' "$output"
}

deps_nothing_missing() {
    bare_path
    printf '#!/bin/sh\necho "installed "\n' >"$bin/dpkg-query"
    for tool in cc pkg-config; do
        ln -s env "$bin/$tool"
    done
    output=$(env PATH="$bin" make deps 2>&1) || { echo "$output"; return 1; }
    [ -z "$output" ] || { echo "    it spoke: $output"; return 1; }
}

install_uninstall() {
    root=$scratch/root
    mkdir -p "$root/usr/share/man/man1"
    touch "$root/usr/share/man/man1/other.1"
    make -s BUILD="$(dirname "$DHRLEDGER")" DESTDIR="$root" PREFIX=/usr install >/dev/null || return
    "$root/usr/bin/dhrledger" version >/dev/null || return
    for page in man/*.[157]; do
        [ -e "$root/usr/share/man/man${page##*.}/${page##*/}" ] || { echo "    no $page"; return 1; }
    done
    make -s DESTDIR="$root" PREFIX=/usr uninstall >/dev/null || return
    left=$(cd "$root" && find . -type f)
    [ "$left" = ./usr/share/man/man1/other.1 ] || { echo "    left: $left"; return 1; }
}

# A few reviews are enough to see that the bench still runs, and that what it counts is right.
bench_runs() {
    BENCH_RUNS=1 tests/bench/run.sh 2
}

help_lists_targets() {
    output=$(make help) || return
    for target in all demo check lint deps install uninstall asan ubsan valgrind bench clean help; do
        printf '%s\n' "$output" | grep -qE "^  make (.* )?$target " || { echo "    no $target"; return 1; }
    done
}

run inih-header inih_header
run inih-library inih_library
run missing-library missing_library
run missing-compiler missing_compiler
run flags-are-probed flags_are_probed
run deps-no-apt deps_no_apt
run deps-no-sudo deps_no_sudo
run deps-sudo deps_sudo
run deps-nothing-missing deps_nothing_missing
run install-uninstall install_uninstall
run bench-runs bench_runs
run help-lists-targets help_lists_targets

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
