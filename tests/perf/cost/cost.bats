#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# `make bench-vm` counts instructions, reproducibly, and its tables show what was counted.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../../.." || exit
    folder=$BATS_TEST_TMPDIR/6.1
}

report() { run "-$1" python3 -B tests/perf/cost/report.py "$folder"; }

samples() { # FILE TASK METHOD BLOCK COST...: a round each of 10 turns
    local file=$1 task=$2 method=$3 block=$4 round=0 cost
    shift 4
    for cost; do
        printf '%s\t%s\t%s\t%s\t10\t%s\n' "$task" "$method" "$block" $((round += 1)) "$cost" >>"$folder/$file.tsv"
    done
}

measured() { # CALLS-OF-BFK: results as a run could leave them
    mkdir -p "$folder"
    printf 'bfk\t%s\ncalls\t2001\n' "$1" >"$folder/calls.tsv"
    local file
    for file in tsc ns; do
        samples $file loop loop 64 20 20 20
        samples $file zero-null bfk 64 1040 1040 5000
        samples $file zero-null c 64 1000 1000 1000
        samples $file zero-null calls 64 1400 1400 1400
        samples $file zero-null uring 64 3200 3200 3200
        samples $file tmpfs %x 64 1000
        samples $file tmpfs sendfile 64 1000
        samples $file tmpfs bfk 64 900
    done
}

@test "a guest that counts instructions gives equal counts each time, and two for a loop of two" {
    # shellcheck disable=SC2016 # the guest expands it
    VM_ACCEL=tcg run -0 tests/harness/vm/run.sh -k 6.1 -q '-smp 1 -icount shift=0,sleep=off' -- '
        insmod build/kmod-$K/bfk.ko && insmod build/cost/kmod-$K/bfk_cost.ko || exit
        for what in "loop -m loop" "zero-null -m bfk" "zero-null -m c" "zero-null -m calls"; do
            build/cost/cost -c tsc -r 3 -b 64 -t $what
        done'
    echo "$output"
    awk '
        { cost = $6 / $5; key = $1 " " $2; n[key]++ }
        $1 == "loop" && (cost < 2 || cost > 2.02) { print "loop:", cost; exit bad = 1 }
        !(key in low) || cost < low[key] { low[key] = cost }
        cost > high[key] { high[key] = cost }
        END {
            for (key in n) if (n[key] != 3 || high[key] / low[key] > 1.005) { print key, low[key], high[key]; bad = 1 }
            exit bad || length(n) != 4
        }' <<<"$output"
}

@test "the report (all aims met) shows that, with medians and ratios of rounds" {
    measured 1
    report 0
    echo "$output"
    [[ $output == *'| zero-null           |    64 | 104 | 100 |'* ]]
    [ "$(grep -c '| met |' <<<"$output")" = 5 ]
    [[ $output == *'at most 1.05 |  1.04 |'* ]]
    grep -q '<svg' "$folder/cost.svg"
}

@test "the report (aims missed) shows which" {
    measured 3
    samples tsc zero-null c 16 1000
    samples tsc zero-null bfk 16 1100
    report 0
    echo "$output"
    [[ $output == *'to 64 B     | at most 1.05 |  1.10 | missed |'* ]]
    [[ $output == *'at most 1 |  3.00 | missed |'* ]]
}

@test "the report (the counter does not count instructions) exits 1" {
    measured 1
    sed -i 's/^\(loop.*\)\t20$/\1\t35/' "$folder/tsc.tsv"
    report 1
    [[ $output == *'-icount shift=0'* ]]
}

@test "the report (nothing measured, or no folder) prints what to do" {
    mkdir -p "$folder"
    report 1
    [[ $output == *'make bench-vm'* ]]
    run -2 python3 -B tests/perf/cost/report.py
}
