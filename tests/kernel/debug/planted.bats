#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The debug kernel finds mistakes of every kind in a copy of bfk.ko. On the host. Lockdep is first, because any
# other report switches it off.
# shellcheck disable=SC2016 # the guest expands

bats_require_minimum_version 1.5.0
load planted

setup_file() {
    guest_with_mistakes debug '
        make_mistake 0; memory_check && dmesg | grep -E "BUG|UBSAN|WARNING" || echo "nothing was reported"
        make_mistake 4; make_mistake 3; make_mistake 5; make_mistake 6
        for _ in 1 2 3 4; do make_mistake 8; done
        memory_check
        echo 9 >/sys/module/bfk/parameters/plant; build/debug/failures open | cat
        make_mistake 1; make_mistake 2'
}

@test "a module without mistakes causes no report, and one with mistakes is kernel trouble" {
    reports 'nothing was reported'
    [ "$guest_status" = 125 ]
}

@test "a write beyond an object is reported by KASAN" {
    reports 'BUG: KASAN: slab-out-of-bounds in planted'
}

@test "a write to freed memory is reported by KASAN" {
    reports 'BUG: KASAN: use-after-free in planted'
}

@test "sleeping in atomic context is reported by DEBUG_ATOMIC_SLEEP" {
    reports 'BUG: sleeping function called from invalid context'
}

@test "locks taken in both orders are reported by lockdep" {
    reports 'possible circular locking dependency detected'
}

@test "an index beyond an array and a shift by too much are reported by UBSAN" {
    reports 'UBSAN: array-index-out-of-bounds in '
    reports 'UBSAN: shift-out-of-bounds in '
}

@test "leaked memory is reported by kmemleak" {
    reports 'unreferenced object'
    grep '\[<.*planted.*\[bfk\]' "$told"
}

@test "a leak after a failed allocation is reported by the sweep" {
    reports 'not ok 1 open, mmap'
    reports 'leaked: '
}
