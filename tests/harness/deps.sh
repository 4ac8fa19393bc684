#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deps.sh [build|demo|test|debug|arm64|packages]... - install what a fresh Debian 12 or 13 lacks, and nothing else. Each
# group but packages includes the ones before it; none named means test. Needs root and apt; without them it
# says what to install and fails.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
release=$("$here/system.sh" release)

# Names that differ between releases: objtool's library, the compilers that their kernels require, and for
# the release's own compilers the packages that build for 32 bits, and the runtime of sanitizers and fuzzer.
# (gcc-multilib conflicts with compilers for other architectures.)
case $release in
    12) libelf=libelf1 compilers="gcc-12" m32=gcc-12-multilib clang_rt=libclang-rt-14-dev ;;
    *) libelf=libelf1t64 compilers="gcc-12 gcc-14" m32=gcc-14-multilib clang_rt=libclang-rt-19-dev ;;
esac

# For bfk.ko, libbfk and bfk. perl runs the kernel's kernel-doc.
build="gcc $compilers libc6-dev make pkg-config libcapstone-dev liburing-dev libsystemd-dev kmod xz-utils perl $libelf"
# For a guest, and to count the system calls of a process.
demo="$build qemu-system-x86 busybox-static cpio strace"
# shellcheck disable=SC2034 # used by name below
# Witnesses (nasm, beef), runners, linters; multilib for 32-bit callers.
test="$demo bats nasm beef $m32 g++ procps curl jq socat netcat-openbsd apache2-utils stress-ng
    python3 python3-z3 gnuplot-nox valgrind patch e2fsprogs systemd sparse shellcheck clang $clang_rt clang-format mandoc man-db
    zsh fish file"

# shellcheck disable=SC2034
# To build a kernel (tests/kernel/debug).
debug="$test bc bison flex libelf-dev libssl-dev"
[ "$release" != 12 ] || debug+=" linux-source-6.1" # elsewhere it comes from Debian 12's archive

# shellcheck disable=SC2034
# For the arm64 guest (tests/kernel/arm64, which also fetches its compiler).
arm64="$demo qemu-system-arm"

# shellcheck disable=SC2034
# The packages of bfk (tests/install/packages, which also fetches two Debians).
packages="$demo bats debootstrap"

say() { echo "deps: $*" >&2; }

# What a package of Debian 13 is, for those who look for it on another system.
what_is() { # PACKAGE
    case $1 in
        gcc) echo "a C compiler, for user space" ;;
        gcc-12 | gcc-14) echo "the C compiler that Debian's kernels of K=6.1, 6.12 and 7.3 are built with (K=host needs your kernel's)" ;;
        gcc-*-multilib) echo "the C compiler's files for 32-bit programs" ;;
        g++) echo "a C++ compiler" ;;
        libc6-dev) echo "the C library's headers, and the static C library" ;;
        lib*-dev) echo "headers and library of ${1#lib}" | sed 's/-dev$//' ;;
        libelf1t64) echo "libelf, which objtool of the kernel's headers needs" ;;
        make) echo "GNU make" ;;
        pkg-config) echo "pkg-config or pkgconf" ;;
        kmod) echo "depmod and modinfo" ;;
        xz-utils) echo "xz" ;;
        perl) echo "perl, for the kernel's kernel-doc" ;;
        qemu-system-x86 | qemu-system-arm) echo "${1/x86/x86_64}, which emulates the machine that the guest is" ;;
        busybox-static) echo "busybox, linked statically, for the guest's initramfs" ;;
        cpio | strace | nasm | bats | curl | jq | socat | valgrind | patch | sparse | shellcheck | mandoc | bc | bison | flex | stress-ng | zsh | fish | file) echo "$1" ;;
        beef) echo "beef, a Brainfuck interpreter to compare with" ;;
        procps) echo "ps and pgrep" ;;
        netcat-openbsd) echo "nc" ;;
        apache2-utils) echo "ab" ;;
        python3 | python3-z3) echo "Python 3${1#python3}" | sed 's/3-z3/3 with the solver z3/' ;;
        gnuplot-nox) echo "gnuplot" ;;
        e2fsprogs) echo "mkfs.ext4" ;;
        systemd) echo "systemd" ;;
        clang | clang-format) echo "$1" ;;
        man-db) echo "man" ;;
        debootstrap) echo "debootstrap, with the keys of Debian's archive" ;;
        *) return 1 ;;
    esac
}

by_hand() { # PACKAGE...
    local package
    say "this is $("$here/system.sh" name), and packages are known by name for Debian 12 and 13 only." \
        "bfk needs these, here with the name that Debian 13 has for them:"
    for package in $(printf '%s\n' "$@" | sort -u); do
        printf '    %-20s %s\n' "$package" "$(what_is "$package")"
    done >&2
    say "kernels for K=6.1, 6.12 and 7.3 are fetched by apt-get; without it there is K=host." \
        "userspace/packaging/Containerfile runs the demo in a container of Debian."
    exit 1
}

wanted=()
for group in "${@:-test}"; do
    case $group in
        build | demo | test | debug | arm64 | packages) read -rd '' -a packages <<<"${!group}" || : ;;
        *) say "no such group: $group (build, demo, test, debug, arm64, packages)"; exit 2 ;;
    esac
    wanted+=("${packages[@]}")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    by_hand "${wanted[@]}"
fi
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null |
    sed -n 's/ installed$//p' || :)
mapfile -t missing < <(printf '%s\n' "${wanted[@]}" | sort -u | grep -vxF "$installed" || :)
[ ${#missing[@]} -gt 0 ] || exit 0
[ -n "$release" ] || by_hand "${missing[@]}"

install=(apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}")
if [ "$(id -u)" != 0 ]; then
    say "some packages are missing, and only root can install them:"
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
attempt() { # installs, printing only progress and errors
    DEBIAN_FRONTEND=noninteractive "${install[@]}" 2>&1 </dev/null |
        { grep --line-buffered -E '^(Get:|Fetched|Setting up|E:|W:|dpkg: error)' >&2 || :; }
}
say "installing ${missing[*]}"
if ! apt-cache show "${missing[@]}" >/dev/null 2>&1 || ! attempt; then
    say "updating apt's package lists"
    apt-get -qq update >&2
    attempt || { say "apt could not install them (see above)"; exit 1; }
fi
say "done"
