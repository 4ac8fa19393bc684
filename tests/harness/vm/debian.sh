#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# debian.sh SUITE [COMMAND [ARG]...] - make a small root of Debian's SUITE, bookworm or trixie, in
# build/debian-SUITE/, unless it exists: with what it takes to build a module for its kernels. Then run
# COMMAND in it, seeing only the root's folders.
#
# Needs apt, not root: the packages are unpacked but not installed, so none of their scripts run. Without
# namespaces to enter the root with (unshare, or bwrap of bubblewrap), only root can enter it, by chroot.
set -euo pipefail

suite=${1:?usage: debian.sh bookworm|trixie [COMMAND [ARG]...]}
shift
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../../.." && pwd)/build
root=$build/debian-$suite
PATH=$PATH:/usr/sbin:/sbin
case $suite in
    bookworm) gcc=gcc-12 libs='libelf1 libssl3' ;;
    trixie) gcc=gcc-14 libs='libelf1t64 libssl3t64' ;;
    *) echo "debian.sh: no such suite: $suite" >&2; exit 2 ;;
esac
packages="make $gcc $libs zlib1g perl dash bash coreutils findutils sed grep mawk"

say() { echo "debian $suite: $*" >&2; }
die() { say "$*"; exit 1; }

# Unlike dpkg -x, keeps a symlink to a folder where a package has the folder.
unpack_deb() { dpkg-deb --fsys-tarfile "$1" | tar -x --no-same-owner --keep-directory-symlink -C root; }

unpack() { # packages in the archive's cache -> ./root
    local dir deb
    mkdir -p root/{dev,proc,tmp,usr/{bin,sbin,lib,lib64}}
    for dir in bin sbin lib lib64; do ln -s usr/$dir root/; done
    for deb in archives/*.deb; do unpack_deb "$deb"; done
    ln -s mawk root/usr/bin/awk
    rm -rf root/usr/share/{doc,info,locale,man}
    : >root/dev/null
}

make_root() {
    local work
    work=$(mktemp -d "$build/.debian-$suite.XXXXXX")
    # shellcheck disable=SC2064 # expands now: the variable is local
    trap "rm -rf '$work'" EXIT
    mkdir -p "$work/archives/partial"
    say "downloading $gcc and what it needs (about 80 MB)"
    # shellcheck disable=SC2086 # splits into package names
    "$here/archive.sh" "$suite" apt-get -qq -y --download-only -o "Dir::Cache::archives=$work/archives" \
        install $packages >&2
    (cd "$work" && unpack)
    rm -rf "$root"
    mv "$work/root" "$root"
}

# The ways to enter the root: each runs its arguments. objtool needs /proc.
# shellcheck disable=SC2317 # called by name
{
by_unshare() {
    local user=(-r)
    [ "$(id -u)" != 0 ] || user=()
    # shellcheck disable=SC2016 # the inner shell expands
    unshare "${user[@]}" -m sh -c 'mount --bind /dev/null "$0/dev/null" && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"' \
        "$root" "$@"
}

by_bwrap() { bwrap --bind "$root" / --dev /dev --bind /proc /proc "$@"; }

by_chroot() {
    local status=0
    [ "$(id -u)" = 0 ] || return 1
    mount --bind /dev/null "$root/dev/null" && mount -t proc proc "$root/proc" && chroot "$root" "$@" || status=$?
    umount -q "$root/proc" "$root/dev/null"
    return "$status"
}
}

if [ ! -e "$root/usr/bin/make" ]; then
    mkdir -p "$build"
    exec 9>"$build/.debian-$suite.lock"
    flock 9
    [ -e "$root/usr/bin/make" ] || make_root
    exec 9>&-
fi
[ $# -gt 0 ] || exit 0
for way in by_unshare by_bwrap by_chroot; do
    $way /usr/bin/sh -c ': </proc/self/maps >/dev/null' 2>/dev/null || continue
    $way /usr/bin/env -i PATH=/usr/bin:/usr/sbin HOME=/ LC_ALL=C "$@"
    exit
done
die "cannot enter $root: run this as root, allow user namespaces, or install bubblewrap"
