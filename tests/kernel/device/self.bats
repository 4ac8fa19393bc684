#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Shows that the device suite can fail. In the guest, with the module inserted.

bats_require_minimum_version 1.5.0
load helpers
setup_file() { [ -d /sys/module/bfk ] || bfk_load; }

@test "a case that fails, crashes, hangs, or makes the kernel complain is not ok" {
    run -1 "$drivers/self"
    [[ $output == *'ok 1 passes'* ]]
    [[ $output != *'not ok 1'* ]]
    [[ $output == *'1 + 1 is 2, not 3'*'not ok 2 fails'* ]]
    [[ $output == *'killed by signal 11'*'not ok 3 crashes'* ]]
    [[ $output == *'took too long'*'not ok 4 hangs'* ]]
    [[ $output == *'a fake WARNING'*'not ok 5 complains'* ]]
    [[ $output == *'false: 0'*'ok 6 is to be done # skip failed, as is allowed for now: later'* ]]
}

@test "a driver that dies before its last case fails the suite" {
    early() { printf '1..3\nok 1 a\nok 2 b\n' | driver_results early | number_results; }
    run -1 early
    [[ $output == *'not ok 3 early: only 2 of 3 cases ran'* ]]
    nothing() { driver_results nothing </dev/null | number_results; }
    run -1 nothing
    whole() { printf '1..2\nok 1 a\nok 2 b\n' | driver_results whole | number_results; }
    run -0 whole
    [[ $output == *'1..2'* ]]
}

@test "an instance left open fails the leak check" {
    run -0 leak_check
    exec 7<>/dev/bfk
    LEAK_TRIES=4 run -1 leak_check
    [[ $output == *module_refcount* ]]
    exec 7>&-
    run -0 leak_check
}
