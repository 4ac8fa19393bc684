#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Shows that the comparison of engines can fail.

bats_require_minimum_version 1.5.0

equal=$BATS_TEST_DIRNAME/../../../build/tests/equal

# Plants a mistake in ops made by passes, or in the use of an engine: equal must find it and minimise the program.
finds() { # PLANT COUNT MAX_LEN
    run -1 "$equal" --plant "$1" --count "$2" --max-len "$3"
    [[ $output == *"made smaller:"* ]]
    [[ $output == *"not ok"* ]]
}

# Prints the length of the longest minimised program, in bytes.
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

@test "equal (the reference loads with a wrong flag) finds it by the witness" {
    run -1 "$equal" --plant flag --engines jit --count 500 --max-len 0
    [[ $output == *"is not what the witness expects"* ]]
}

@test "equal (one engine loses stops at operations) finds it, and makes the program small" {
    finds stop 500 0
    [[ $output == *"stops at operations end differently"* ]]
    [ "$(longest)" -le 15 ]
}

@test "equal (a multiplication by a wrong number) finds it" {
    finds factor 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a cell that changes after an output instead of before it) finds it" {
    finds late 2000 0
    [ "$(longest)" -le 40 ]
}

@test "equal (a loop that does not jump back) finds it" {
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

@test "equal (--only) repeats the program that a report names" {
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

@test "equal (a process dies) reports the program" {
    # shellcheck disable=SC2016 # the inner bash expands
    run -1 bash -c '
        "$1" --count 100000000 --max-len 0 --jobs 1 &
        until read -r child _ </proc/$!/task/$!/children; [ -n "$child" ]; do sleep 0.05; done
        kill -KILL "$child"
        wait $!' x "$equal"
    [[ $output == *"died of signal 9, at program "* ]]
    [[ $output == *"not ok"* ]]
}
