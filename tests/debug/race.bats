#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The kernel that looks for data races finds one in a copy of bfk.ko. On the host.
# shellcheck disable=SC2016 # it is the guest that expands

bats_require_minimum_version 1.5.0
load planted
setup_file() { "$BATS_TEST_DIRNAME/planted.sh" kcsan; }

@test "two callers that count on one number without a lock are told by KCSAN" {
    run -125 guest_with kcsan 7 '
        many() { for ((i = 0; i < 1500; i++)); do info; done; }
        many & many & wait'
    [[ $output == *'BUG: KCSAN: data-race in planted [bfk]'* ]]
}
