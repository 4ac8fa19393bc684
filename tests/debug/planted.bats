#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The debug kernel finds what it is there to find: mistakes of every kind in a copy of bfk.ko.
# planted.patch has them by number. On the host.
# shellcheck disable=SC2016 # it is the guest that expands

bats_require_minimum_version 1.5.0
load planted
setup_file() { "$BATS_TEST_DIRNAME/planted.sh" debug; }

@test "a write behind an object is told by KASAN" {
    run -125 guest_with debug 1 info
    [[ $output == *'BUG: KASAN: slab-out-of-bounds in planted'* ]]
}

@test "a write to what is freed is told by KASAN" {
    run -125 guest_with debug 2 info
    [[ $output == *'BUG: KASAN: use-after-free in planted'* ]]
}

@test "sleeping where that is forbidden is told by DEBUG_ATOMIC_SLEEP" {
    run -125 guest_with debug 3 info
    [[ $output == *'BUG: sleeping function called from invalid context'* ]]
}

@test "locks taken in both orders are told by lockdep" {
    run -125 guest_with debug 4 info
    [[ $output == *'possible circular locking dependency detected'* ]]
}

@test "an index behind an array and a shift by too much are told by UBSAN" {
    run -125 guest_with debug 5 info
    [[ $output == *'UBSAN: array-index-out-of-bounds in '*dev.c* ]]
    run -125 guest_with debug 6 info
    [[ $output == *'UBSAN: shift-out-of-bounds in '*dev.c* ]]
}

@test "memory that is lost is told by kmemleak, memory that is not is not" {
    run -0 guest_with debug 0 'info; bfk_unload'
    run -1 guest_with debug 8 'for _ in 1 2 3 4; do info; done; bfk_unload'
    [[ $output == *'unreferenced object'*'planted+'*'[bfk]'* ]]
}

@test "a failure after which something is not given back is told by the sweep" {
    run -1 guest_with debug 9 'build/debug/failures open'
    [[ $output == *'leaked: '*'not ok 1 open'* ]]
}
