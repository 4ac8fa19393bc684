#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kbuild.sh KERNEL [DIR [MAKE-ARG]...] - build the module in DIR for KERNEL (named as for kmod.sh) with the
# kernel's build system, which writes next to the sources; without DIR, only fetch what that needs.
#
# A kernel's headers include tools from its Debian release, and require its compiler. If those do not run here,
# the module is built in a root of that release (debian.sh), from a copy of DIR with the same path.
set -euo pipefail

kernel=${1:?usage: kbuild.sh KERNEL [DIR [MAKE-ARG]...]}
shift
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../../.." && pwd)/build
linux=$build/linux-$kernel kdir=$build/linux-$kernel/kdir
case $kernel in
    host) kdir=/lib/modules/$(uname -r)/build ;;
    gcov) kdir=$build/linux-debug/kdir ;;
esac
[ -e "$kdir/Makefile" ] ||
    { echo "no kernel headers in $kdir: install linux-headers-$(uname -r), or use K=6.1" >&2; exit 1; }

runs_here() {
    local cc
    case $kernel in host | arm64*) return 0 ;; esac
    [ -e "$kdir/.kernelvariables" ] || return 0
    cc=$(sed -n 's/^CC = .*(CROSS_COMPILE)/x86_64-linux-gnu-/p' "$kdir/.kernelvariables")
    command -v "$cc" >/dev/null || return 1
    ! find -L "$kdir"/{scripts/mod,tools/objtool} -type f -executable -exec ldd {} + 2>&1 | grep -q 'not found'
}

in_root() { # COMMAND...
    local root=$build/debian-$suite there=$build/debian-$suite$linux status=0
    exec 9>"$build/.debian-$suite.lock"
    flock 9
    if ! cmp -s "$linux/release" "$there/release"; then
        rm -rf "$there"
        mkdir -p "$there"
        cp -al "$linux/." "$there/"
    fi
    rm -rf "${root:?}$dir"
    mkdir -p "$root$dir"
    cp -a "$dir/." "$root$dir/"
    "$here/debian.sh" "$suite" "$@" || status=$?
    cp -au "$root$dir/." "$dir/" # keeps newer files in DIR, such as a log
    rm -rf "${root:?}$dir"
    return $status
}

enter=''
if ! runs_here; then
    suite=bookworm
    case $(<"$linux/release") in *+deb13*) suite=trixie ;; esac
    "$here/debian.sh" $suite
    enter=in_root
fi
[ $# -gt 0 ] || exit 0
dir=$(cd "$1" && pwd)
shift
# MAKEFLAGS: this make is independent of the outer one, and runs its own number of jobs.
$enter env MAKEFLAGS= make -C "$kdir" M="$dir" "-j$(nproc)" modules "$@"
