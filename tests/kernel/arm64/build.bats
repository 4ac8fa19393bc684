#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What build.sh made for arm64, and that it fails when it should. On the host, after build.sh arm64 arm64-programs.

bats_require_minimum_version 1.5.0
setup() { cd "$BATS_TEST_DIRNAME/../../.." || return; }

tree=build/arm64/tree/build
symbols() { tests/kernel/arm64/cross.sh aarch64-linux-gnu-nm "$1" | awk '{ print $NF }'; }

@test "the module, bfk, bfk-dump, bfkd and libbfk are for arm64" {
    for file in $tree/{kmod-arm64/bfk.ko,bfk,bfk-dump,bfkd,libbfk.so.1}; do
        run -0 tests/kernel/arm64/cross.sh aarch64-linux-gnu-readelf -h "$file"
        [[ $output == *AArch64* ]] || { echo "not for arm64: $file"; return 1; }
    done
}

@test "neither the module nor libbfk has what makes machine code for x86-64" {
    for file in $tree/{kmod-arm64/bfk.ko,libbfk.a}; do
        run -0 symbols "$file"
        [[ $'\n'$output == *$'\nbfk_interp'* ]]
        [[ $'\n'$output != *$'\nbfk_emit'* && $'\n'$output != *$'\nbfk_asm'* && $output != *bfk_entry_host* ]]
    done
}

@test "a warning of the compiler, in the module or in user space, fails the build" {
    mkdir -p "$BATS_TEST_TMPDIR/build/arm64"
    cp -r Makefile README.md bfk jit syscall_ops userspace tests examples "$BATS_TEST_TMPDIR/"
    ln -s "$PWD"/build/arm64/{root,cross} "$BATS_TEST_TMPDIR/build/arm64/"
    ln -s "$(cd build/linux-arm64 && pwd)" "$BATS_TEST_TMPDIR/build/"
    cd "$BATS_TEST_TMPDIR"
    echo 'static int unused;' >>userspace/local/text_none.c
    run -2 tests/kernel/arm64/build.sh arm64 build/user/userspace/local/text_none.c.o
    [[ $output == *'text_none.c'*'defined but not used'* ]]
    echo 'static int unused;' >>bfk/tape.c
    run -1 tests/kernel/arm64/build.sh arm64 build/user/userspace/lib/libbfk.c.o
    [[ $output == *'tape.c'*'defined but not used'* ]]
    [ ! -e build/arm64/tree/build/user/userspace/lib/libbfk.c.o ]
}
