#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A program stays linked to libbfk.so.1 while the kernel's structs grow, and while the library's own structs use
# their reserved room. grown.c is that program, compiled once against the current header.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..

setup_file() {
    make -s -C "$repo" install DESTDIR="$BATS_FILE_TMPDIR" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
    cc -Wall -Wextra -Wno-missing-braces -Werror -o "$BATS_FILE_TMPDIR/grown" "$BATS_TEST_DIRNAME/grown.c" \
        -I "$BATS_FILE_TMPDIR/usr/include" -L "$BATS_FILE_TMPDIR/usr/lib" -lbfk
}

# later CHANGE...: builds a later library in tree/, from the sources here with these changes.
later() {
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree"
    cp -R "$repo/Makefile" "$repo/bfk" "$repo/jit" "$repo/userspace" "$tree/"
    for edit; do "$edit"; done
    make -s -C "$tree" build/libbfk.so.1 CFLAGS='-O0 -w' >"$BATS_TEST_TMPDIR/log" 2>&1 || { cat "$BATS_TEST_TMPDIR/log"; return 1; }
}

# change FILE SCRIPT: edits with sed; fails if that changes nothing.
change() {
    cp "$tree/$1" "$BATS_TEST_TMPDIR/before"
    sed -i "$2" "$tree/$1"
    run -1 cmp -s "$tree/$1" "$BATS_TEST_TMPDIR/before"
}

# Adds 64 bytes to the end of each struct of the ABI.
grow_abi() {
    local name
    for name in info load run reset dump; do
        change bfk/uapi.h "/^struct bfk_${name}_args {/,/^};/s/^};/\t__u64 grown[8];\n};/"
    done
}

# Turns reserved room of each public struct into a field; the library sets it where it writes the struct.
grow_library() {
    local name
    for name in result info completion listing submission service; do
        change userspace/include/libbfk.h "/^struct bfk_$name {/,/^};/{s/uint64_t reserved\[\(.*\)\]/uint64_t grown, reserved[\1 - 1]/
            s/uint32_t \(.*\)reserved\[\(.*\)\]/uint32_t \1grown, reserved[\2 - 1]/}"
    done
    change userspace/engine/engine.c 's/^\tresult->engine = args->engine;/&\n\tresult->grown = 7;/'
    change userspace/lib/libbfk.c 's/^\t\t.abi_version = args.abi_version,/&\n\t\t.grown = 8,/'
}

# Makes a public struct longer.
outgrow() { change userspace/include/libbfk.h '/^struct bfk_result {/,/^};/s/^};/\tuint64_t grown[8];\n};/'; }

assert_nothing() { change userspace/lib/libbfk.c 's/^static_assert(/&1 || /'; }

@test "a program and its own library: no byte outside a struct is written, reserved fields are zero" {
    run -0 env LD_LIBRARY_PATH="$BATS_FILE_TMPDIR/usr/lib" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "0 0" ]
}

@test "a program and a later library (the kernel's structs have grown): no byte outside a struct is written" {
    later grow_abi
    run -0 env LD_LIBRARY_PATH="$tree/build" "$BATS_FILE_TMPDIR/grown"
    [ "$output" = "0 0" ]
}

@test "a program and a later library (its own structs have used room): no byte outside a struct is written" {
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
    [ "$output" = "bfk_load: wrote outside the struct" ]
}
