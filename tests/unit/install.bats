#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# make install and make uninstall, below a DESTDIR. (tests/install/packages installs in roots of Debian.)
# shellcheck disable=SC2016 # the fakes expand

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
packaging=$repo/userspace/packaging
dest=$BATS_TEST_TMPDIR/dest

setup() { mkdir -p "$dest"; }

install_bfk() { make -s -C "$repo" install DESTDIR="$dest" PREFIX=/usr "${@:-K=none}"; }
uninstall_bfk() { make -s -C "$repo" uninstall DESTDIR="$dest" PREFIX=/usr; }

# Lists everything below DIR: path, type, mode, size and target.
tree() { (cd "$1" && find . -printf '%P %y %m %s %l\n' | sort); }

# Pretends that this machine runs a kernel without headers.
without_headers() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho 1.2.3-none\n' >"$BATS_TEST_TMPDIR/bin/uname"
    chmod +x "$BATS_TEST_TMPDIR/bin/uname"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "uninstall (after an install into an empty folder) leaves an empty folder" {
    install_bfk
    [ "$(find "$dest" -type f | wc -l)" -ge 30 ]
    uninstall_bfk
    [ -z "$(find "$dest" -mindepth 1)" ]
}

@test "uninstall (with other files and empty folders there before) leaves the tree as it was" {
    mkdir -p "$dest"/usr/{bin,share/man/man3,include,lib/systemd/system} "$dest/etc"
    echo other >"$dest/usr/bin/other"
    echo other >"$dest/usr/share/man/man3/other.3"
    tree "$dest" >"$BATS_TEST_TMPDIR/before"
    install_bfk
    uninstall_bfk
    tree "$dest" | diff "$BATS_TEST_TMPDIR/before" -
}

@test "uninstall (after a second install) leaves the tree as it was" {
    mkdir -p "$dest/usr/bin"
    tree "$dest" >"$BATS_TEST_TMPDIR/before"
    install_bfk
    tree "$dest" >"$BATS_TEST_TMPDIR/once"
    install_bfk
    tree "$dest" | diff "$BATS_TEST_TMPDIR/once" -
    uninstall_bfk
    tree "$dest" | diff "$BATS_TEST_TMPDIR/before" -
}

@test "install (make -n, where bfk is installed) changes nothing" {
    install_bfk
    tree "$dest" >"$BATS_TEST_TMPDIR/before"
    make -n -C "$repo" install DESTDIR="$dest" PREFIX=/usr K=none
    tree "$dest" | diff "$BATS_TEST_TMPDIR/before" -
}

@test "uninstall (with other files in folders of ours) keeps these files" {
    install_bfk
    echo other >"$dest/usr/include/bfk/other.h"
    uninstall_bfk
    [ "$(find "$dest" -type f)" = "$dest/usr/include/bfk/other.h" ]
}

@test "uninstall (nothing is installed there) reports that and fails" {
    run -2 uninstall_bfk
    [[ $output == *"there is no $dest/usr/share/bfk/installed"* ]]
}

@test "a configuration file (changed) survives a second install and uninstall, which reports it" {
    install_bfk
    echo '* refuse' >"$dest/etc/bfkd.conf"
    install_bfk
    [ "$(<"$dest/etc/bfkd.conf")" = '* refuse' ]
    run -0 uninstall_bfk
    [[ $output == *"kept $dest/etc/bfkd.conf, which was changed"* ]]
    [ "$(find "$dest" -type f)" = "$dest/etc/bfkd.conf" ]
}

@test "a configuration file (there before) survives install and uninstall" {
    mkdir "$dest/etc"
    echo '* refuse' >"$dest/etc/bfkd.conf"
    tree "$dest" >"$BATS_TEST_TMPDIR/before"
    install_bfk
    uninstall_bfk
    tree "$dest" | diff "$BATS_TEST_TMPDIR/before" -
}

@test "install (of a version that lacks a file of the last one) removes that file" {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p stage/a/b stage/share
    echo 1 >stage/a/b/old
    echo 1 >stage/a/kept
    DESTDIR=$dest "$packaging/install.sh" install stage /share/installed
    rm -r stage/a/b
    echo 2 >stage/a/kept
    DESTDIR=$dest "$packaging/install.sh" install stage /share/installed
    [ ! -e "$dest/a/b" ]
    [ "$(<"$dest/a/kept")" = 2 ]
    DESTDIR=$dest "$packaging/install.sh" uninstall /share/installed
    [ -z "$(find "$dest" -mindepth 1)" ]
}

@test "install (with umask 077) makes files that all users can read" {
    (umask 077 && install_bfk)
    [ -z "$(find "$dest"/* ! -type l ! -perm -444)" ]
    [ -z "$(find "$dest"/* -type d ! -perm -111)" ]
}

@test "install (no headers of the running kernel) installs user space, and reports what is missing" {
    without_headers
    K='' run -0 install_bfk K=
    [[ $output == *'only user space is installed'*'1.2.3-none'*'linux-headers-1.2.3-none'* ]]
    [ -e "$dest/usr/bin/bfk" ]
    [ ! -e "$dest/lib" ]
}

@test "install (K=none) prints nothing about a module" {
    without_headers
    run -0 install_bfk K=none
    [ -z "$output" ]
}

@test "install (K=6.1) installs the module for that kernel, and no file of depmod's" {
    release=$(<"$repo/build/linux-6.1/release")
    install_bfk K=6.1
    [ "$(cd "$dest" && find lib -type f)" = "lib/modules/$release/updates/bfk.ko" ]
    [[ $(modinfo -F vermagic "$dest/lib/modules/$release/updates/bfk.ko") == "$release "* ]]
    uninstall_bfk
    [ -z "$(find "$dest" -mindepth 1)" ]
}

@test "libraries (LIBDIR not set) are in the system's folder for the compiler's architecture" {
    arch=$(cc -print-multiarch)
    [ -n "$arch" ] || skip "a system with libraries of one architecture"
    install_bfk
    [ -e "$dest/usr/lib/$arch/libbfk.so.1" ]
    grep -qx "libdir=/usr/lib/$arch" "$dest/usr/lib/$arch/pkgconfig/libbfk.pc"
}

@test "libraries (LIBDIR set) are in that folder" {
    install_bfk K=none LIBDIR=/usr/lib64
    [ -e "$dest/usr/lib64/libbfk.so.1" ]
    grep -qx 'libdir=/usr/lib64' "$dest/usr/lib64/pkgconfig/libbfk-audit.pc"
    [ ! -e "$dest/usr/lib/$(cc -print-multiarch)/libbfk.so.1" ]
}

@test "a C program (pkg-config libbfk-audit) builds and runs" {
    cd "$BATS_TEST_TMPDIR"
    install_bfk K=none LIBDIR=/usr/lib
    cat >user.c <<'C'
#include <libbfk-audit.h>

int main(void)
{
	const uint8_t ret = 0xc3;
	const int64_t entry[2] = { 0, 0 };
	struct bfk_verdict verdict;
	struct bfk_op op = { 0 };

	return bfk_audit(&ret, 1, &op, 1, entry, &verdict) == 0;
}
C
    export PKG_CONFIG_PATH=$dest/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$dest
    # shellcheck disable=SC2046 # words
    cc -Wall -Wextra -Werror -o user user.c $(pkg-config --cflags --libs libbfk-audit)
    ./user
    [ "$(pkg-config --modversion libbfk-audit)" = "$(sed -n 's/^BFK_VERSION := //p' "$repo/Makefile")" ]
}

@test "man finds a page of section 3 for each function that libbfk.map lists" {
    install_bfk
    export MANPATH=$dest/usr/share/man
    names=$(sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/lib/libbfk.map")
    [ "$(wc -w <<<"$names")" -ge 28 ]
    for name in $names; do
        page=$(man -w 3 "$name")
        man -l "$page" 2>/dev/null | grep -q "$name(" || { echo "$page does not describe $name"; return 1; }
    done
}

# Prints the literal blocks of bfk-install(7) that contain WORDS.
commands() { # WORDS
    awk -v words="$1" '
        /^\.Bd -literal/ { block = ""; inside = 1; next }
        /^\.Ed/ { inside = 0; if (index(block, words)) printf "%s", block }
        inside { gsub(/\\e/, "\\"); block = block $0 "\n" }' "$repo/userspace/man/bfk-install.7"
}

@test "a module (signed by the commands of bfk-install(7)) carries the signature of that key" {
    command -v openssl >/dev/null || skip "no openssl"
    cd "$BATS_TEST_TMPDIR"
    release=$(<"$repo/build/linux-6.1/release")
    mkdir -p "modules/$release/updates" bin
    ln -s "$(realpath "$repo/build/linux-6.1/kdir")" "modules/$release/build"
    cp "$repo/build/kmod-6.1/bfk.ko" "modules/$release/updates/"
    [ -z "$(modinfo -F signer "modules/$release/updates/bfk.ko")" ]
    # Stand-ins for root, the firmware and the running kernel.
    printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
    printf '#!/bin/sh\n[ "$1" = --import ] && [ -s "$2" ]\n' >bin/mokutil
    printf '#!/bin/sh\necho %s\n' "$release" >bin/uname
    chmod +x bin/*
    commands 'openssl req' >key
    commands sign-file | sed "s|/lib/modules|$PWD/modules|" >sign
    PATH=$PWD/bin:$PATH bash -e key
    PATH=$PWD/bin:$PATH bash -e sign
    [ "$(modinfo -F signer "modules/$release/updates/bfk.ko")" = 'bfk module signing' ]
}
