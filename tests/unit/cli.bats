#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk and its subcommands: usage, help, exit statuses, and what ops and info print. The other files of bfk are
# named after the part of it that they are about.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "bfk (no command) shows usage and exits 2" {
    run -2 "$bfk"
    has 'usage: bfk COMMAND' 'run ' 'check ' 'compile ' 'dump ' 'bench ' 'ops ' 'info '
}

@test "bfk (unknown command) names it and exits 2" {
    run -2 "$bfk" frobnicate
    has "no command 'frobnicate'" 'usage:'
}

@test "bfk --help and --version exit 0, on standard output" {
    run -0 --separate-stderr "$bfk" --help
    has 'usage: bfk COMMAND'
    run -0 --separate-stderr "$bfk" --version
    has 'ABI 2'
}

@test "bfk COMMAND --help exits 0, on standard output" {
    for command in run check compile dump bench ops info; do
        run -0 --separate-stderr "$bfk" $command --help
        has "usage: bfk $command"
        [ -z "$stderr" ]
    done
}

@test "bfk COMMAND (unknown option) exits 2 with a hint" {
    for command in run check compile dump bench ops info; do
        run -2 "$bfk" $command --frobnicate
        has "bfk: $command: " '--frobnicate' 'hint:'
    done
}

@test "run (unknown engine) exits 2 and lists the engines" {
    run -2 "$bfk" run --engine abacus -e +
    has "'abacus'" 'kernel, kernel-interp, jit, interp'
}

@test "run (engine kernel, no device) exits 3 with a hint" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    run -3 "$bfk" run --engine kernel -e +
    has '/dev/bfk' 'hint:'
    run -3 "$bfk" run --engine kernel-interp -e +
}

@test "run (no engine given, no device) runs in this process" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    run -0 "$bfk" run --stats -e +
    has 'engine:       jit'
}

@test "ops lists every operation with its letter, name and family" {
    run -0 "$bfk" ops
    [ "$(wc -l <<<"$output")" -ge 23 ]
    while read -r letter name family meaning; do
        [[ $letter == %[a-z] && $name == +([a-z]) && -n $meaning ]]
        [[ $family == @(file|socket|wait|time|process|tape) ]]
    done <<<"$output"
}

# letters_in TEXT: prints one a line, sorted.
letters_in() { grep -o '%[a-z]' <<<"$1" | sort -u; }

@test "bfk(7) and the header of the service's policy have exactly the operations that ops lists" {
    want=$("$bfk" ops | cut -c 1-2)
    diff <(letters_in "$(grep '^\.Ss %' "$repo/userspace/man/bfk.7")") - <<<"$want"
    diff <(sed -n 's/^\* operations=//p' "$repo/userspace/packaging/bfkd.conf" | grep -o . | sed 's/^/%/') <(grep -v '%o' <<<"$want")
}

@test "info (engine jit) prints the limits" {
    run -0 "$bfk" info --engine jit
    has 'ABI version:     2' 'ops version:     1' '65536 cells' 'slots:           64' \
        'longest source:  4194304 bytes' 'most ops:        4194305'
}

@test "info --json prints the same as one object" {
    "$bfk" info --json --engine interp | python3 -c '
import json, sys
info = json.load(sys.stdin)
assert info["source_max_len"] == 4194304 and info["ops_max"] == 4194305, info
assert info["ops_version"] == 1 and info["engine"] == "interp", info'
}

@test "info (engine kernel, no device) exits 3" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    run -3 "$bfk" info --engine kernel
}

@test "standard output (full) makes every command that prints fail" {
    for command in --help ops info "check $repo/examples/copy.bf" "dump --engine jit -e +" "compile -o - -e +" "bench -c $repo/examples/copy.bf"; do
        # shellcheck disable=SC2086 # splits into words
        run bash -c '"$@" >/dev/full' x "$bfk" $command
        [ "$status" != 0 ] || { echo "bfk $command"; return 1; }
    done
}

@test "run, run --stats and bench (one loop iteration, one byte) count it in the singular" {
    run -1 jit --fuel 1 -e '+[]'
    [[ ${lines[0]} == *' after 1 loop iteration' ]]
    run -0 jit --stats -e ',.' <<<''
    grep -xE 'read: +1 byte' <<<"$output"
    grep -xE 'written: +1 byte' <<<"$output"
    run -0 "$bfk" bench --engine jit -c -e +
    grep -xE ' +source +1 byte' <<<"$output"
}

@test "check, dump and audit (one op, loop or call) count it in the singular" {
    run -0 "$bfk" check -e ''
    has '-e: 1 op, '
    run -0 "$bfk" dump -e ''
    has '-e: 1 op, '
    run -0 "$bfk" audit -e '+[-.]'
    has ' 1 loop, 2 calls'
    run -0 "$bfk" audit -e ''
    has ' 0 loops, 1 call'
    hasnt '1 calls'
}
