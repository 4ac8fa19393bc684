#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deps.sh [build|demo|test|debug]... - install what a fresh Debian 12 lacks, and nothing else. Each group
# includes the ones before it; none named means test. Needs root and apt; without them it says what
# to install and fails.
set -euo pipefail

# bfk.ko, libbfk, bfk. gcc-12 is what Debian's kernels ask for; perl runs their kernel-doc.
build="gcc gcc-12 libc6-dev make pkg-config libcapstone-dev liburing-dev libsystemd-dev kmod xz-utils perl libelf1"
# A guest, and counting a process's system calls.
demo="$build qemu-system-x86 busybox-static cpio strace"
# shellcheck disable=SC2034 # used by name below
# Witnesses (nasm, beef), runners, linters; gcc-multilib for 32-bit callers.
test="$demo bats nasm beef gcc-multilib g++ procps curl socat netcat-openbsd apache2-utils stress-ng
    python3 python3-z3 gnuplot-nox valgrind patch systemd sparse shellcheck clang libclang-rt-14-dev clang-format mandoc man-db"

# shellcheck disable=SC2034
# Building a kernel (tests/debug).
debug="$test bc bison flex libelf-dev libssl-dev linux-source-6.1"

say() { echo "deps: $*" >&2; }

wanted=()
for group in "${@:-test}"; do
    case $group in
        build | demo | test | debug) read -rd '' -a packages <<<"${!group}" || : ;;
        *) say "no such group: $group (build, demo, test, debug)"; exit 2 ;;
    esac
    wanted+=("${packages[@]}")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is no Debian machine; install by hand what these packages hold: ${wanted[*]}"
    exit 1
fi
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null |
    sed -n 's/ installed$//p' || :)
mapfile -t missing < <(printf '%s\n' "${wanted[@]}" | sort -u | grep -vxF "$installed" || :)
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}")
if [ "$(id -u)" != 0 ]; then
    say "some packages are missing, and only root can install them:"
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
attempt() { # install, showing only lines that tell progress or trouble
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
