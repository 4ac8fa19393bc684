#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk compile, and compiled programs: those that are damaged, or made by another version, are refused.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

# poke FILE OFFSET BYTES: overwrites part of a file; bytes as for printf.
poke() { printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

@test "compile writes a file that run, check, dump and bench accept" {
    "$bfk" compile -o copy.bfo "$repo/examples/copy.bf"
    [ "$(echo hello | jit copy.bfo)" = hello ]
    run -0 "$bfk" check copy.bfo
    has 'copy.bfo: ' '%r' '%w'
    run -0 "$bfk" dump copy.bfo
    has 'copy.bfo: ' 'op 1: %r (read) on the frame at cell[0]' 'call bfk_entry_host'
    run -0 "$bfk" bench -n 2 copy.bfo
    [[ $output =~ optimise\ +0\.000\ ms ]]
}

@test "compile writes the format of bfk-ops(5): a header of 24 bytes, and 20 for each op" {
    "$bfk" compile -O0 -o copy.bfo -e '+%r[>>+<<%w>>-<<%r]'
    [ "$(stat -c %s copy.bfo)" = $((24 + 9 * 20)) ]
    [ "$(head -c 24 copy.bfo | od -An -v -tx1 | tr -d ' \n')" = 8942464f0d0a1a0a010000000000000009000000"00000000" ]
    # op 3 of the example on the page
    [ "$(tail -c +85 copy.bfo | head -c 20 | od -An -v -tx1 | tr -d ' \n')" = 090100000200000000000000"0600000000000000" ]
    "$bfk" compile -z -o zeroed.bfo -e '+'
    [ "$(tail -c +13 zeroed.bfo | head -c 4 | od -An -tu4)" -eq 1 ]
    "$bfk" compile -O0 -o - -e '+%r[>>+<<%w>>-<<%r]' | cmp - copy.bfo
}

@test "compile (each level, on every example) gives equivalent programs" {
    local name level input
    for name in hello rot13 sort upper wc-c; do
        input=$repo/examples/$name.in
        [ -e "$input" ] || input=/dev/null
        for level in 0 1 2; do
            "$bfk" compile -z -O$level -o x.bfo "$repo/examples/$name.bf"
            for engine in jit interp; do
                "$bfk" run --engine $engine x.bfo <"$input" | cmp - "$repo/examples/$name.out"
            done
        done
    done
}

@test "compiled programs are loaded unchanged, whatever the level" {
    "$bfk" compile -O0 -o x.bfo -e '+++[->++<]>.'
    [ "$(ops_of -O2 x.bfo)" = 8 ]
    "$bfk" compile -o x.bfo -e '+++[->++<]>.'
    [ "$(ops_of -O0 x.bfo)" = "$(ops_of -O2 x.bfo)" ]
    [ "$(ops_of -O0 x.bfo)" -lt 8 ]
}

@test "compile (no -o, no program, nowhere to write) exits 2, 2 and 1" {
    run -2 "$bfk" compile -e +
    has 'compile: where to?' 'hint:'
    run -2 "$bfk" compile -o x.bfo
    has 'which program?'
    run -1 "$bfk" compile -o nowhere/x.bfo -e +
    has 'bfk: nowhere/x.bfo: No such file'
    run -1 "$bfk" compile -o /dev/full -e +
    has '/dev/full: No space left'
}

@test "compile (a program with an error) prints the place, exits 1, and leaves the output file alone" {
    echo before >x.bfo
    run -1 "$bfk" compile -o x.bfo -e '+]'
    has 'bfk: -e:1:2: unbalanced ]'
    run -1 "$bfk" compile --allow r -o x.bfo -e '+%w'
    has 'operation %w (write) is not allowed'
    [ "$(<x.bfo)" = before ]
    run -0 "$bfk" compile --plain -o x.bfo -e '100%'
}

@test "compiled programs (an operation not allowed) are refused, naming the op" {
    "$bfk" compile -o x.bfo -e '+%r%w'
    run -1 jit --allow r x.bfo
    has 'bfk: x.bfo: op 2: operation %w (write) is not allowed'
    run -1 "$bfk" check --allow w x.bfo
    has 'bfk: x.bfo: op 1: operation %r (read) is not allowed'
}

@test "errors of compiled programs (that fail, or run out of fuel) name the op" {
    "$bfk" compile -O0 -o x.bfo -e '+>>+++++++<<%r'
    run -1 jit x.bfo
    has 'bfk: x.bfo: op 2: %r (read) failed: Bad file descriptor'
    "$bfk" compile -O0 -o x.bfo -e '+[]'
    run -1 jit --fuel 10 x.bfo
    has 'bfk: x.bfo: op 2: out of fuel after 10 loop iterations'
}

@test "compiled programs (for a tape of zeros) refuse --tape" {
    printf '\1' >cells
    "$bfk" compile --zeroed -o x.bfo -e '[-]+++.'
    run -2 jit --tape cells x.bfo
    has 'x.bfo: compiled for a tape of zeros' 'hint:'
    [ "$(jit x.bfo | od -An -tu1)" = '   3' ]
    "$bfk" compile -o x.bfo -e '[>+<-]>+++.'
    [ "$(jit --tape cells x.bfo | od -An -tu1)" = '   4' ]
    [ "$(jit x.bfo | od -An -tu1)" = '   3' ]
}

@test "compiled programs (truncated anywhere, or with an extra byte) are reported as damaged" {
    "$bfk" compile -o whole.bfo -e ',[>,]<[.<]'
    local len
    len=$(stat -c %s whole.bfo)
    for ((n = 4; n < len; n++)); do
        head -c $n whole.bfo >x.bfo
        run -1 jit x.bfo
        has 'bfk: x.bfo: damaged: '
    done
    { cat whole.bfo; echo; } >x.bfo
    run -1 jit x.bfo
    has 'damaged: its length does not match its number of ops'
    head -c 23 whole.bfo >x.bfo
    for command in 'run --engine jit' check dump bench 'compile -o y.bfo'; do
        # shellcheck disable=SC2086 # splits into words
        run -1 "$bfk" $command x.bfo
        has 'x.bfo: damaged: it ends before its first op'
    done
}

@test "compiled programs (another version, unknown flags, a wrong count) are refused" {
    "$bfk" compile -o whole.bfo -e '+.'
    for version in '\0' '\2' '\1\1'; do
        cp whole.bfo x.bfo
        poke x.bfo 8 "$version"
        run -1 jit x.bfo
        has 'x.bfo: ops of version' 'this bfk knows version 1' 'compile it again'
    done
    for flags in '\2' '\3' '\0\1' '\0\0\0\0200'; do
        cp whole.bfo x.bfo
        poke x.bfo 12 "$flags"
        run -1 jit x.bfo
        has 'damaged: unknown flags'
    done
    cp whole.bfo x.bfo
    poke x.bfo 20 '\1'
    run -1 jit x.bfo
    has 'damaged: unknown flags'
    for count in '\0' '\0377\0377\0377\0377'; do
        cp whole.bfo x.bfo
        poke x.bfo 16 "$count"
        run -1 jit x.bfo
        has 'damaged: its length does not match'
    done
}

@test "compiled programs (invalid ops) are refused by bfk_check()" {
    "$bfk" compile -O0 -o whole.bfo -e '+[-.]%r' # ops: add, if, add, out, next, sys, end
    # op, its byte, new value, message
    while read -r op byte value message; do
        cp whole.bfo x.bfo
        poke x.bfo $((24 + 20 * op + byte)) "$value"
        run -1 jit x.bfo
        has "bfk: x.bfo: op $op: $message"
        run -1 "$bfk" check x.bfo
        has "bfk: x.bfo: op $op: $message"
    done <<'END'
0 0 \0015 bad op: unknown kind or register
0 2 \0010 bad op: unknown kind or register
1 8 \0001 bad jump
1 8 \0377 bad jump
4 8 \0004 bad jump
4 8 \0002 bad jump
5 1 K unknown operation %K
5 1 \0033 unknown operation: % and byte 0x1b
0 0 \0 bad op: unknown kind or register, or an END that is not the last op
6 0 \0007 bad op: unknown kind or register, or an END that is not the last op
END
    { head -c 16 whole.bfo; printf '\0\0\0\0\0\0\0\0'; } >x.bfo
    run -1 jit x.bfo
    has 'x.bfo: op 0: bad op'
}

@test "compiled programs (line ends converted) are reported as damaged" {
    "$bfk" compile -o whole.bfo -e '++++++++++.,[>,]' # there are 0x0a and 0x0d in its ops
    for change in 's/\r$//' 's/$/\r/'; do
        sed "$change" whole.bfo >x.bfo
        run -1 cmp -s whole.bfo x.bfo
        run -1 jit x.bfo
        has 'bfk: x.bfo: damaged: its line ends'
    done
}
