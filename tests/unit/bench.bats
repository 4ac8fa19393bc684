#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk bench: what it prints about each stage and the run, and its errors.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "bench prints each stage, and the run" {
    run -0 "$bfk" bench --engine jit -n 3 "$repo/examples/hello.bf"
    has 'engine jit, median of 3' 'source ' 'ops ' 'machine code ' 'parse ' 'optimise ' 'check and emit ' 'MB/s' 'run '
    run -0 "$bfk" bench --engine jit -c "$repo/examples/hello.bf"
    [[ $output != *'  run '* ]]
    run -0 "$bfk" bench --engine interp -O0 "$repo/examples/hello.bf"
    has 'engine interp, median of 5'
    [[ $output =~ optimise\ +0\.000\ ms ]]
}

@test "bench --json prints one object, times in ns" {
    echo '+.[-]' >'a "b\c".bf'
    "$bfk" bench --engine jit -j -n 2 'a "b\c".bf' | python3 -c '
import json, sys
b = json.load(sys.stdin)
assert b["file"] == "a \"b\\c\".bf" and b["engine"] == "jit" and b["runs"] == 2, b
assert b["source_len"] == 6 and b["n_ops"] >= 3 and b["text_len"] > 20, b
assert b["parse_ns"] > 0 and b["compile_ns"] >= b["load_ns"] and b["run_ns"] > 0, b
assert abs(b["mb_per_s"] - 6000 / b["compile_ns"]) < 0.1, b'
    "$bfk" bench -c -j 'a "b\c".bf' | grep -v run_ns
}

@test "bench feeds the input from its start each time, and discards the output" {
    seq 1000 >in
    printf ',[.,]%%q' >x.bf # exits 0: the frame of %q is skipped
    run -0 "$bfk" bench -n 3 --engine jit x.bf in
    printf ',[>+<,]>[[-]<+>>>+++<<<%%q]' >x.bf # 3 if there was input
    run -3 "$bfk" bench -n 3 --engine jit x.bf in
    run -0 "$bfk" bench -n 3 --engine jit x.bf
}

@test "bench (a program that fails, no such input, no runs, no program) names the error" {
    printf '+>>+++++++<<%%r' >x.bf
    run -1 "$bfk" bench --engine jit x.bf
    has 'x.bf:1:13: %r (read) failed'
    run -1 "$bfk" bench --engine jit x.bf nowhere
    has 'nowhere: cannot run: No such file'
    for runs in 0 x -1 '' 100001; do
        run -2 "$bfk" bench -n "$runs" x.bf
    done
    run -2 "$bfk" bench
    has 'which program?'
    echo ']' >x.bf
    run -1 "$bfk" bench -c x.bf
    has 'x.bf:1:1: unbalanced ]'
}
