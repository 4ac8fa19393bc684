#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The comparison of engines can fail.

bats_require_minimum_version 1.5.0

equal=$BATS_TEST_DIRNAME/../../build/tests/equal

# A mistake in what passes made, or in how an engine is used, has to be found, and be made small.
finds() { # PLANT COUNT MAX_LEN
    run -1 "$equal" --plant "$1" --count "$2" --max-len "$3"
    [[ $output == *"made smaller:"* ]]
    [[ $output == *"not ok"* ]]
}

# The longest program that was left of those found, in bytes.
longest() { sed -n 's/^#   program: //p' <<<"$output" | awk '{ if (length > n) n = length } END { print n }'; }

@test "equal (one engine loads with a wrong flag) finds it among the short programs" {
    finds flag 0 4
    [[ $output == *"program: ,"* ]]
    [[ $output == *"jit -O0"* ]]
}

@test "equal (one engine loads with a wrong flag) finds it among random programs, and makes them small" {
    finds flag 500 0
    [[ $output == *"found with --seed 1, random program "* ]]
    [ "$(longest)" -le 10 ]
}

@test "equal (the reference is the one with the wrong flag) has the witness see it" {
    run -1 "$equal" --plant flag --engines jit --count 500 --max-len 0
    [[ $output == *"is not what the witness says"* ]]
}

@test "equal (one engine loses stops at operations) finds it, and makes the program small" {
    finds stop 500 0
    [[ $output == *"stops at operations end differently"* ]]
    [ "$(longest)" -le 15 ]
}

@test "equal (a multiplication by another number) finds it" {
    finds factor 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a cell that changes behind an output instead of before it) finds it" {
    finds late 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a loop that does not go back) finds it" {
    finds once 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a loop that steps over its end) finds it" {
    finds step 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a register that is not loaded) finds it" {
    finds load 2000 0
    [ "$(longest)" -le 60 ]
}

@test "equal (--only) does again what a report named" {
    run -1 "$equal" --plant flag --count 500 --max-len 0
    [[ $output =~ "random program "([0-9]+) ]]
    ix=${BASH_REMATCH[1]}
    run -1 "$equal" --plant flag --only "$ix"
    [[ $output == *"random program $ix "* ]]
}

@test "equal (no such engine) fails" {
    run -1 "$equal" --engines jit,abacus --count 10 --max-len 1
    [[ $output == *"not ok"* ]]
}

@test "equal (a process that dies) says at which program" {
    # shellcheck disable=SC2016 # it is the other bash that expands
    run -1 bash -c '
        "$1" --count 100000000 --max-len 0 --jobs 1 &
        until read -r child _ </proc/$!/task/$!/children; [ -n "$child" ]; do sleep 0.05; done
        kill -KILL "$child"
        wait $!' x "$equal"
    [[ $output == *"died of signal 9, at program "* ]]
    [[ $output == *"not ok"* ]]
}
