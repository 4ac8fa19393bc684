#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A program stays linked to libbfk.so.1 while the kernel's structs grow, and the library's own take what room they
# have: grown.c is such a program. It is compiled once, against the header of today.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..

setup_file() {
    make -s -C "$repo" install DESTDIR="$BATS_FILE_TMPDIR" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
    cc -Wall -Wextra -Wno-missing-braces -Werror -o "$BATS_FILE_TMPDIR/grown" "$BATS_TEST_DIRNAME/grown.c" \
        -I "$BATS_FILE_TMPDIR/usr/include" -L "$BATS_FILE_TMPDIR/usr/lib" -lbfk
}

# later CHANGE...: a library of a later version, in tree/: of the sources here, changed.
later() {
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree"
    cp -R "$repo/Makefile" "$repo/bfk" "$repo/jit" "$repo/userspace" "$tree/"
    for edit; do "$edit"; done
    make -s -C "$tree" build/libbfk.so.1 CFLAGS='-O0 -w' >"$BATS_TEST_TMPDIR/log" 2>&1 || { cat "$BATS_TEST_TMPDIR/log"; return 1; }
}

# change FILE SCRIPT: sed, and it has to change something.
change() {
    cp "$tree/$1" "$BATS_TEST_TMPDIR/before"
    sed -i "$2" "$tree/$1"
    run -1 cmp -s "$tree/$1" "$BATS_TEST_TMPDIR/before"
}

# Each struct of the ABI gets 64 bytes more, at its end.
grow_abi() {
    local name
    for name in info load run reset dump; do
        change bfk/uapi.h "/^struct bfk_${name}_args {/,/^};/s/^};/\t__u64 grown[8];\n};/"
    done
}

# Each public struct gets a field in its room, and those the library writes say something there.
grow_library() {
    local name
    for name in result info completion listing service; do
        change userspace/include/libbfk.h "/^struct bfk_$name {/,/^};/{s/uint64_t reserved\[\(.*\)\]/uint64_t grown, reserved[\1 - 1]/
            s/uint32_t \(.*\)reserved\[\(.*\)\]/uint32_t \1grown, reserved[\2 - 1]/}"
    done
    change userspace/lib/libbfk.c 's/^\tresult->engine = args->engine;/&\n\tresult->grown = 7;/'
    change userspace/lib/libbfk.c 's/^\t\t.abi_version = args.abi_version,/&\n\t\t.grown = 8,/'
}

# A public struct gets longer.
outgrow() { change userspace/include/libbfk.h '/^struct bfk_result {/,/^};/s/^};/\tuint64_t grown[8];\n};/'; }

assert_nothing() { change userspace/lib/libbfk.c 's/^static_assert(/&1 || /'; }

@test "a program and the library of its day: no byte outside of a struct is written, what is reserved is zero" {
    run -0 env LD_LIBRARY_PATH="$BATS_FILE_TMPDIR/usr/lib" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "0 0" ]
}

@test "a program and a later library (the kernel's structs have grown): no byte outside of a struct is written" {
    later grow_abi
    run -0 env LD_LIBRARY_PATH="$tree/build" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "0 0" ]
}

@test "a program and a later library (its own structs have used room): no byte outside of a struct is written" {
    later grow_abi grow_library
    run -0 env LD_LIBRARY_PATH="$tree/build" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "7 8" ]
}

@test "a later library (a struct has outgrown its room) does not build" {
    run -1 later outgrow
    [[ $output == *"static assertion failed"* ]]
}

@test "a program and a later library (a struct has outgrown its room, and it builds) is noticed" {
    later outgrow assert_nothing
    run -1 env LD_LIBRARY_PATH="$tree/build" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "bfk_load: wrote outside of the struct" ]
}
