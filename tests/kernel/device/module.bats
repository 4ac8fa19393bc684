#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The module as a whole. In the guest, with the module inserted.

bats_require_minimum_version 1.5.0
load helpers
setup_file() { [ -d /sys/module/bfk ] || bfk_load; }
setup() { kernel_mark; }
teardown() { kernel_check; }

module=$BFK_MODULE

@test "insmod (already inserted) is refused, and the module still works" {
    run -1 insmod "$module"
    [[ $output == *'File exists'* ]]
    "$drivers/language" empty
}

@test "rmmod (an instance open) reports that the module is in use" {
    exec 7<>/dev/bfk
    run -1 rmmod bfk
    [[ $output == *'in use'* ]]
    exec 7>&-
    [ -c /dev/bfk ]
}

@test "rmmod and insmod, repeatedly, leave no node and nothing else behind" {
    for _ in 1 2 3; do
        rmmod bfk
        [ ! -e /dev/bfk ]
        insmod "$module"
        [ "$(stat -c %A:%U:%G /dev/bfk)" = crw-------:root:root ]
        "$drivers/language" tape
    done
    leak_check
}

@test "the kernel has exactly the operations that the engines in a process have" {
    bfk=$BATS_TEST_DIRNAME/../../../build/bfk
    diff <("$bfk" ops -E kernel) <("$bfk" ops -E interp)
    [ "$("$bfk" ops -E kernel | wc -l)" -ge 23 ]
}

@test "timeout ends a program that loops" {
    run -124 timeout 1 "$drivers/self" spin
    run -137 timeout -s CONT -k 1 1 "$drivers/self" spin
}

# Waits until the program is in this state, or, without an argument, is gone.
program_is() { # [LETTER]
    until [ "$(ps -o state= -C bfk)" = "${1-}" ]; do sleep 0.1; done
}

# Types at a terminal: each line after the previous one has had its effect.
at_a_terminal() {
    printf 'build/bfk run --engine kernel -e "+[]"\n'
    until grep -qs '^state:.*running' /proc/[0-9]*/fdinfo/*; do sleep 0.1; done
    printf '\032' # Ctrl-Z
    program_is T
    printf 'fg\n'
    program_is R
    printf '\003' # Ctrl-C
    program_is
    printf "echo status=\$?\nexit\n"
    while pgrep -x script >/dev/null; do sleep 0.1; done
}

@test "Ctrl-Z stops a looping program, fg continues it, and Ctrl-C ends it" {
    cd "$BATS_TEST_DIRNAME/../../.."
    output=$(at_a_terminal | script -qc 'bash --norc -i' /dev/null)
    [[ $output == *Stopped*'run --engine kernel'*fg*'run --engine kernel'*status=130* ]]
}
