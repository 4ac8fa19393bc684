#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The comparison of engines can fail.

bats_require_minimum_version 1.5.0

equal=$BATS_TEST_DIRNAME/../../build/tests/equal

@test "equal (one engine loads with a wrong flag) finds it among the short programs" {
    run -1 "$equal" --plant --count 0 --max-len 4
    [[ $output == *"# a difference: jit"* ]]
    [[ $output == *"program: ,"* ]]
    [[ $output == *"not ok"* ]]
}

@test "equal (one engine loads with a wrong flag) finds it among random programs, and makes them small" {
    run -1 "$equal" --plant --count 500 --max-len 0
    [[ $output == *"found with --seed 1, random program "* ]]
    [[ $output == *"program: ,"* ]]
    [[ $output == *"not ok"* ]]
}

@test "equal (the reference is the one with the wrong flag) has the witness see it" {
    run -1 "$equal" --plant --engines jit --count 500 --max-len 0
    [[ $output == *"is not the witness's"* ]]
}

@test "equal (--only) does again what a report named" {
    run -1 "$equal" --plant --count 500 --max-len 0
    [[ $output =~ "random program "([0-9]+) ]]
    ix=${BASH_REMATCH[1]}
    run -1 "$equal" --plant --only "$ix"
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
        sleep 0.5
        read -r child _ </proc/$!/task/$!/children
        kill -KILL "$child"
        wait $!' x "$equal"
    [[ $output == *"died of signal 9, at program "* ]]
    [[ $output == *"not ok"* ]]
}
