#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# -O and --without: a program does the same with each level, and without each pass.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "run -O (not 0, 1 or 2) exits 2" {
    for level in 3 x -1 '' 02 20; do
        for command in run check dump bench "compile -o x"; do
            # shellcheck disable=SC2086 # splits into words
            run -2 "$bfk" $command -O "$level" x.bf
            has "-O is 0, 1 or 2, and not '$level'"
        done
    done
}

@test "run -O defaults to 2, and -O0 runs the ops as the parser makes them" {
    [ "$(ops_of -e '+++[->++<]>.')" = "$(ops_of -O2 -e '+++[->++<]>.')" ]
    [ "$(ops_of -O0 -e '+++[->++<]>.')" = 8 ]
    [ "$(ops_of -O 1 -e '+++[->++<]>.')" = 4 ]
    [ "$(ops_of -O0 -O1 -e '+++[->++<]>.')" = 4 ]
}

@test "run --without (an unknown pass, an empty name) exits 2 and lists the passes" {
    for names in magic '' 'blocks,' ',blocks' 'blocks ifs' Blocks block; do
        run -2 jit --without "$names" -e +
        has 'no pass is called' 'blocks, ifs, scans, unroll, regs, zeroed'
    done
}

@test "run --without skips a pass, and without all passes is the same as -O0" {
    local all='blocks,ifs,scans,unroll,regs,zeroed'
    "$bfk" dump -O0 "$repo/examples/primes.bf" >plain
    "$bfk" dump --without $all "$repo/examples/primes.bf" | cmp plain -
    "$bfk" dump --without blocks,ifs --without scans,unroll,regs --without zeroed "$repo/examples/primes.bf" | cmp plain -
    [ "$(ops_of --without scans -e ',[>]')" -lt "$(ops_of -e ',[>]')" ]
    [ "$(ops_of --without zeroed -e '>[-]<.')" -gt "$(ops_of -e '>[-]<.')" ]
    run -0 "$bfk" dump --without regs -e ',[>+<--]'
    [[ $output != *r7* ]]
}

@test "run (each level, and without each pass) prints the same output" {
    local name option input
    for name in hello rot13 sort upper wc-c primes; do
        input=$repo/examples/$name.in
        [ -e "$input" ] || input=/dev/null
        for option in -O0 -O1 -O2 --without={blocks,ifs,scans,unroll,regs,zeroed}; do
            jit "$option" "$repo/examples/$name.bf" <"$input" | cmp - "$repo/examples/$name.out" || { echo "$name $option"; return 1; }
        done
    done
}

@test "run --fuel (at -O0) counts jumps back, and stops when fuel runs out" {
    run -0 jit -O0 --fuel 3 -e '+++[->+<]' # jumps back twice
    run -1 jit -O0 --fuel 2 -e '+++[->+<]'
    has 'bfk: -e:1:5: out of fuel after 2 loop iterations'
    run -0 jit --fuel 1 -e '+++[->+<]' # no loop is left
    jit -O0 --fuel 2 --tape-out after -e '+++[->+<]' || :
    [ "$(head -c 2 after | od -An -tu1)" = '   1   2' ]
}

@test "run --tape (cells are not zero) keeps the optimiser from assuming zeros" {
    printf '\5\7' >cells
    for option in -O0 -O1 -O2; do
        jit $option --tape cells --tape-out after -e '[>+<-]>>[-]+<'
        [ "$(head -c 3 after | od -An -tu1)" = '   0  12   1' ]
    done
}
