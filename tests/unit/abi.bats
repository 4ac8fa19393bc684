#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The layout of the ABI is that of abi.txt, for callers of 64 and of 32 bits.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..

@test "ABI (built for 64 bits and for 32 bits) has the same layout, that of abi.txt" {
    for bits in 64 32; do
        run -0 "$BATS_TEST_DIRNAME/abi.sh" $bits
        diff "$BATS_TEST_DIRNAME/abi.txt" - <<<"$output"
    done
}

# abi_with EXPRESSION: writes abi.c for a uapi.h edited by sed.
abi_with() {
    sed "$1" "$repo/bfk/uapi.h" >"$BATS_TEST_TMPDIR/uapi.h"
    run -1 diff "$repo/bfk/uapi.h" "$BATS_TEST_TMPDIR/uapi.h"
    cp "$repo/jit/op.h" "$BATS_TEST_TMPDIR/op.h" # which uapi.h includes
    sed -e "s|bfk/uapi.h|$BATS_TEST_TMPDIR/uapi.h|" -e "s|jit/op.h|$repo/jit/op.h|" \
        "$BATS_TEST_DIRNAME/abi.c" >"$BATS_TEST_TMPDIR/abi.c"
}

@test "ABI (a field moved) fails the check" {
    abi_with 's/__u32 n_fds/__u32 before, n_fds/'
    for bits in 64 32; do
        run -1 "$BATS_TEST_DIRNAME/abi.sh" $bits "$BATS_TEST_TMPDIR/abi.c"
        [[ $output == *"bfk_run_args has a hole"* ]]
    done
}

@test "ABI (a field of type long) fails the check for 32 bits only" {
    abi_with 's/__u64 fuel;/unsigned long fuel;/'
    "$BATS_TEST_DIRNAME/abi.sh" 64 "$BATS_TEST_TMPDIR/abi.c" | diff "$BATS_TEST_DIRNAME/abi.txt" -
    run -1 diff "$BATS_TEST_DIRNAME/abi.txt" <("$BATS_TEST_DIRNAME/abi.sh" 32 "$BATS_TEST_TMPDIR/abi.c")
    [[ $output == *'fuel 4'* ]]
}
