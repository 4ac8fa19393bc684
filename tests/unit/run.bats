#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk run: input, output, fuel, the tape, the exit status, and the place of the operation that failed.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "run (no program) exits 2" {
    run -2 jit
    has 'which program?'
}

@test "run (no such file) exits 1 and names it" {
    run -1 jit nowhere.bf
    has 'bfk: nowhere.bf: No such file or directory'
}

@test "run (a directory) exits 1" {
    run -1 jit .
    has 'Is a directory'
}

@test "run (fuel used up) exits 1 and prints the place and the fuel used" {
    run -1 jit --fuel 10 -e '+[]'
    has 'bfk: -e:1:3: out of fuel after 10 loop iterations' 'hint:'
    run -1 jit --fuel 0 -e '+[]'
    run -0 jit --fuel 1 -e '+[[-].]'
}

@test "run --fuel (not a number, negative, too large) exits 2" {
    for fuel in x -1 1x '' 18446744073709551616; do
        run -2 jit --fuel "$fuel" -e +
        has 'is not a number'
    done
    run -0 jit --fuel 18446744073709551615 -e +
}

@test "run --eof (none of 0, 255, keep) exits 2" {
    run -2 jit --eof 1 -e ,
    has "'1'"
}

@test "run --eof sets the value at the end of input" {
    [ "$(jit -e ',.' </dev/null | od -An -tu1)" = '   0' ]
    [ "$(jit --eof 0 -e '+,.' </dev/null | od -An -tu1)" = '   0' ]
    [ "$(jit --eof 255 -e ',.' </dev/null | od -An -tu1)" = ' 255' ]
    [ "$(jit --eof keep -e '+++,.' </dev/null | od -An -tu1)" = '   3' ]
    [ "$(jit --eof 255 --eof keep -e '+++,.' </dev/null | od -An -tu1)" = '   3' ]
}

@test "run (operation failed last) exits 1 and prints its place, letter, name and error" {
    printf '# a comment\n+>>+++++++<<%%r\n' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:2:13: %r (read) failed: Bad file descriptor'
}

@test "run (operation failed, a later one succeeded) exits 0" {
    run -0 jit -e '+>>+++++++<<%r >>[-]+<<[-]+%w'
}

@test "run (%q) exits with its status, whatever failed before" {
    run -7 jit -e '+>>>+++++++<<<%q'
    run -0 jit -e '+%q'
    run -3 jit -e '+>>+++++++<<%r>>>+++<<<[-]+%q'
}

@test "run ('.' to a full device) exits 1 with the error" {
    run -1 bash -c '"$1" run --engine jit -e "+." >/dev/full' x "$bfk"
    has '. on slot 1 failed: No space left on device'
}

@test "run (in a pipeline) reads and writes everything" {
    seq 50000 | jit "$repo/examples/copy.bf" | cmp - <(seq 50000)
}

@test "run (output to a pipe whose reader is gone) ends" {
    seq 200000 | timeout 300 "$BASH" -c '"$1" run --engine jit "$2" | head -c 10 >/dev/null' x "$bfk" "$repo/examples/copy.bf"
}

@test "run - (program on standard input) has empty input" {
    [ "$(echo '+++.,.' | jit - | od -An -tu1)" = '   3   0' ]
}

@test "run --tape and --tape-out load and save the tape" {
    printf 'AB' >cells
    jit --tape cells --tape-out after -e '.>.>+++'  >out
    [ "$(<out)" = AB ]
    [ "$(stat -c %s after)" = 65536 ]
    [ "$(head -c 4 after | od -An -tu1)" = '  65  66   3   0' ]
    head -c 65537 /dev/zero >cells
    run -1 jit --tape cells -e +
    has '--tape cells'
    run -1 jit --tape nowhere -e +
    has 'nowhere'
    run -1 jit --tape-out nowhere/x -e +
    has '--tape-out nowhere/x'
}

@test "run --stats counts" {
    echo hello >in
    run -0 --separate-stderr jit --stats --slot 0=in "$repo/examples/copy.bf"
    [ "$output" = hello ]
    [[ $stderr == *'engine:       jit'* && $stderr == *'status:       ended'* ]]
    [[ $stderr == *'read:         6 bytes'* && $stderr == *'written:      6 bytes'* ]]
    [[ $stderr == *'%-operations: 3'* && $stderr == *'fuel used:    0'* ]]
}

@test "run --plain treats '%' as a comment" {
    run -0 jit --plain -e '100% +%'
    run -1 jit -e '100% +'
}

@test "run --stats (engine interp) names the engine" {
    run -0 "$bfk" run --engine interp --stats -e +
    has 'engine:       interp' 'machine code: 0 bytes'
}

@test "#! line (an executable script) runs" {
    printf '#!%s run --engine=jit\n++++++++[>++++++++<-]>+.' "$bfk" >script.bf
    sed -i '1s|.*|#!/usr/bin/env -S '"$bfk"' run --engine=jit|' script.bf
    chmod +x script.bf
    [ "$(./script.bf)" = A ]
}
