#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel that detects data races finds one in a copy of bfk.ko. On the host.
# shellcheck disable=SC2016 # the guest expands

bats_require_minimum_version 1.5.0
load planted

setup_file() {
    guest_with_mistakes kcsan '
        echo 7 >/sys/module/bfk/parameters/plant
        many() { for ((i = 0; i < 10; i++)); do build/bfk info >/dev/null; done; }
        many & many & wait'
}

@test "two callers that increment a number without a lock are reported by KCSAN, which is kernel trouble" {
    reports 'BUG: KCSAN: data-race in planted [bfk]'
    [ "$guest_status" = 125 ]
}
