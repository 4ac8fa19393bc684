#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The debug kernel finds what it is there to find: mistakes of every kind in a copy of bfk.ko. On the
# host. Lockdep is first, as it rests after the first report of another.
# shellcheck disable=SC2016 # it is the guest that expands

bats_require_minimum_version 1.5.0
load planted

setup_file() {
    guest_with_mistakes debug '
        make_mistake 0; memory_check && dmesg | grep -E "BUG|UBSAN|WARNING" || echo "nothing was told"
        make_mistake 4; make_mistake 3; make_mistake 5; make_mistake 6
        for _ in 1 2 3 4; do make_mistake 8; done
        memory_check
        echo 9 >/sys/module/bfk/parameters/plant; build/debug/failures open | cat
        make_mistake 1; make_mistake 2'
}

@test "a module without a mistake is told nothing of, and one with some is kernel trouble" {
    tells 'nothing was told'
    [ "$guest_status" = 125 ]
}

@test "a write behind an object is told by KASAN" {
    tells 'BUG: KASAN: slab-out-of-bounds in planted'
}

@test "a write to what is freed is told by KASAN" {
    tells 'BUG: KASAN: use-after-free in planted'
}

@test "sleeping where that is forbidden is told by DEBUG_ATOMIC_SLEEP" {
    tells 'BUG: sleeping function called from invalid context'
}

@test "locks taken in both orders are told by lockdep" {
    tells 'possible circular locking dependency detected'
}

@test "an index behind an array and a shift by too much are told by UBSAN" {
    tells 'UBSAN: array-index-out-of-bounds in '
    tells 'UBSAN: shift-out-of-bounds in '
}

@test "memory that is lost is told by kmemleak" {
    tells 'unreferenced object'
    grep '\[<.*planted.*\[bfk\]' "$told"
}

@test "a failure after which something is not given back is told by the sweep" {
    tells 'not ok 1 open, mmap'
    tells 'leaked: '
}
