#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The bfk command: every message names its place, and every exit status is what bfk(1) promises.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# Runs on machine code in this process, which needs no device.
jit() { "$bfk" run --engine jit "$@"; }

# has TEXT...: each is in the output.
has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
    done
}

@test "bfk (no command) shows usage and exits 2" {
    run -2 "$bfk"
    has 'usage: bfk COMMAND' 'run ' 'check ' 'dump ' 'ops ' 'info '
}

@test "bfk (unknown command) names it and exits 2" {
    run -2 "$bfk" frobnicate
    has "no command 'frobnicate'" 'usage:'
}

@test "bfk --help and --version exit 0, on standard output" {
    run -0 --separate-stderr "$bfk" --help
    has 'usage: bfk COMMAND'
    run -0 --separate-stderr "$bfk" --version
    has 'ABI 1'
}

@test "bfk COMMAND --help exits 0, on standard output" {
    for command in run check dump ops info; do
        run -0 --separate-stderr "$bfk" $command --help
        has "usage: bfk $command"
        [ -z "$stderr" ]
    done
}

@test "bfk COMMAND (unknown option) exits 2 with a hint" {
    for command in run check dump ops info; do
        run -2 "$bfk" $command --frobnicate
        has "bfk: $command: " '--frobnicate' 'hint:'
    done
}

@test "run (no program named) exits 2" {
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

@test "run (no engine named, no device) runs in this process" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    run -0 "$bfk" run --stats -e +
    has 'engine:       jit'
}

@test "load (']' too many) exits 1 with FILE:LINE:COL, the line and a caret" {
    printf '+++\n\t>+ ]\n' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:2:5: unbalanced ]' $'    2 | \t>+ ]' $'      | \t   ^' 'hint:'
    run -1 "$bfk" check x.bf
    has 'bfk: x.bf:2:5: unbalanced ]' $'      | \t   ^'
}

@test "load ('[' too many) points at the innermost" {
    printf '[+\n [-] [\n+' >x.bf
    run -1 "$bfk" check x.bf
    has 'bfk: x.bf:2:6: unbalanced [' '    2 |  [-] [' '      |      ^'
}

@test "load (unknown operation) names it and lists those there are" {
    run -1 jit -e '+%k'
    has 'bfk: -e:1:2: unknown operation %k' '%r' '--plain'
}

@test "load ('%' before a capital letter) suggests the small one" {
    run -1 jit -e '+%R'
    has 'unknown operation %R' '%r is read'
}

@test "load ('%' at the end, and before a byte that cannot be shown) says so" {
    run -1 jit -e '+%'
    has 'bfk: -e:1:2: % without the letter'
    printf '%%\033' >x.bf
    run -1 jit x.bf
    has '% and byte 0x1b'
    [[ $output != *$'\033'* ]]
}

@test "load (operation not allowed) exits 1 and says what is" {
    run -1 jit --allow rg -e '+%w'
    has 'bfk: -e:1:2: operation %w (write) is not allowed' "--allow 'gr'"
    run -1 "$bfk" check --allow '' <(echo '%r')
    has 'operation %r (read) is not allowed'
    run -0 jit --allow wr -e '+%c[-]' || run -1 jit --allow wr -e '+%c'
}

@test "run --allow (something that is no letter) exits 2" {
    run -2 jit --allow r,w -e +
    has "','"
}

@test "load (4097 brackets deep) exits 1 with the place" {
    head -c 5000 /dev/zero | tr '\0' '[' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:1:4097: brackets nested too deep' 'hint:' '...'
}

@test "load (more than 4 MiB) exits 1" {
    head -c 4194305 /dev/zero >x.bf
    run -1 jit x.bf
    has 'x.bf: program too long' '4194304'
    run -1 "$bfk" check x.bf
    has 'x.bf: program too long'
}

@test "load (4 MiB exactly) is accepted" {
    head -c 4194304 /dev/zero >x.bf
    run -0 jit x.bf
}

@test "messages (control characters in the source) never show them" {
    printf '\033(title\007 \377 ]' >x.bf
    run -1 jit x.bf
    has 'x.bf:1:12:' '?(title? ? ]'
    [[ $output != *$'\033'* && $output != *$'\007'* && $output != *$'\377'* ]]
}

@test "run (fuel used up) exits 1, says where and after how much" {
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

@test "run --eof gives what it says" {
    [ "$(jit -e ',.' </dev/null | od -An -tu1)" = '   0' ]
    [ "$(jit --eof 0 -e '+,.' </dev/null | od -An -tu1)" = '   0' ]
    [ "$(jit --eof 255 -e ',.' </dev/null | od -An -tu1)" = ' 255' ]
    [ "$(jit --eof keep -e '+++,.' </dev/null | od -An -tu1)" = '   3' ]
    [ "$(jit --eof 255 --eof keep -e '+++,.' </dev/null | od -An -tu1)" = '   3' ]
}

@test "run (operation failed last) exits 1 with its place, letter, name and error" {
    printf '# a comment\n+>>+++++++<<%%r\n' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:2:13: %r (read) failed: Bad file descriptor'
}

@test "run (operation failed, and another succeeded after it) exits 0" {
    run -0 jit -e '+>>+++++++<<%r >>[-]+<<[-]+%w'
}

@test "run (%q) exits with the status it gave, whatever failed before" {
    run -7 jit -e '+>>>+++++++<<<%q'
    run -0 jit -e '+%q'
    run -3 jit -e '+>>+++++++<<%r>>>+++<<<[-]+%q'
}

@test "run ('.' to a full device) exits 1 with the error" {
    run -1 bash -c '"$1" run --engine jit -e "+." >/dev/full' x "$bfk"
    has '. on slot 1 failed: No space left on device'
}

@test "run ('.' to a closed slot, ',' from one) exits 1 with the error" {
    run -1 bash -c '"$1" run --engine jit -e "+." >&-' x "$bfk"
    has '. on slot 1 failed: Bad file descriptor'
    run -1 bash -c '"$1" run --engine jit -e "+," <&-' x "$bfk"
    has ', on slot 0 failed: Bad file descriptor'
}

@test "run (in a pipe) reads and writes it whole" {
    seq 50000 | jit "$repo/examples/copy.bf" | cmp - <(seq 50000)
}

@test "run (a pipe whose reader is gone) ends" {
    seq 200000 | timeout 20 "$BASH" -c '"$1" run --engine jit "$2" | head -c 10 >/dev/null' x "$bfk" "$repo/examples/copy.bf"
}

@test "run - (program on standard input) has empty input" {
    [ "$(echo '+++.,.' | jit - | od -An -tu1)" = '   3   0' ]
}

@test "run N=PATH and --slot hand over files with their modes" {
    echo 'the input' >in
    jit "$repo/examples/copy.bf" 0=in 1=out:w
    cmp in out
    jit --slot 0=in --slot 1=out:a "$repo/examples/copy.bf"
    [ "$(wc -l <out)" = 2 ]
    jit -s 1=new:rw "$repo/examples/copy.bf" <in
    cmp in new
    echo 'a longer line' >out
    jit "$repo/examples/copy.bf" 0=in 1=out:w
    cmp in out
}

@test "run --slot (no number, too large, no path, no file, no directory) says which" {
    for spec in x=in 64=in 99=in =in in -1=in ''; do
        run -2 jit --slot "$spec" -e +
        has 'is not N=PATH'
    done
    run -1 jit --slot 3=nowhere -e +
    has 'slot 3: nowhere: No such file or directory'
    run -1 jit --slot 63=nowhere/x:w -e +
    has 'slot 63: nowhere/x: No such file or directory'
    : >file
    run -1 jit --dir 3=file -e +
    has 'slot 3: file: Not a directory'
    run -1 jit --slot 3=file:d -e +
    has 'Not a directory'
}

@test "run --slot (a path with a colon) takes a mode only if it is one" {
    echo hello >a:b
    [ "$(jit --slot 0=a:b "$repo/examples/copy.bf")" = hello ]
    mkdir d:r
    jit --dir 3=d:r -e +
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
    [[ $stderr == *'%-operations: 3'* && $stderr == *'fuel used:    1'* ]]
}

@test "run --plain takes '%' as a comment" {
    run -0 jit --plain -e '100% +%'
    run -1 jit -e '100% +'
}

@test "run (engines jit and interp) says which ran" {
    run -0 "$bfk" run --engine interp --stats -e +
    has 'engine:       interp' 'machine code: 0 bytes'
}

@test "check (good programs) lists operations, sizes, and exits 0" {
    run -0 "$bfk" check "$repo/examples/copy.bf"
    has 'copy.bf: ' ' ops' '%r' 'read' '2' '%w' 'write' '1'
    run -0 "$bfk" check "$repo"/examples/*.bf
}

@test "check (several files, one bad) checks all and exits 1" {
    echo + >good.bf
    echo ] >bad.bf
    run -1 "$bfk" check good.bf bad.bf nowhere.bf good.bf
    has 'bad.bf:1:1' 'nowhere.bf: No such file'
    [ "$(grep -c 'good.bf: ' <<<"$output")" = 2 ]
}

@test "check (no file) exits 2" { run -2 "$bfk" check; }

@test "check (an operation whose go is certainly 0) warns; --werror makes it a failure" {
    run -0 "$bfk" check <(printf '%%r+')
    has ':1:1: warning: %r (read)' 'hint:'
    run -1 "$bfk" check --werror <(printf '%%r+')
    run -0 "$bfk" check --werror <(printf '+%%r')
    [[ $output != *warning* ]]
    run -0 "$bfk" check --werror <(printf ',%%r')
}

@test "check never runs the program" {
    echo '+[]' | timeout 5 "$bfk" check -
}

@test "dump (engine jit) shows bytes, assembly and source position of each op" {
    run -0 "$bfk" dump --engine jit -e '+>[-.]%r'
    has 'f3 0f 1e fa' 'endbr64' 'add byte ptr [rbx], 1' 'op 0, 1:1:' '%r' 'sub r12, 1'
}

@test "dump (engine interp) fails: there is no machine code" {
    run "$bfk" dump --engine interp -e +
    [ "$status" != 0 ]
}

@test "dump (program with an error) exits 1 with its place" {
    run -1 "$bfk" dump --engine jit -e '+]'
    has 'bfk: -e:1:2: unbalanced ]'
}

@test "dump (code of every example) has no ret, indirect branch, push or pop, and one addressing form" {
    for example in "$repo"/examples/*.bf; do
        "$bfk" dump --engine jit "$example" | sed -n 's/^ *[0-9a-f]*  [0-9a-f ]\{29,\}  *//p' >code
        [ -s code ]
        run -1 grep -E '^(ret|push|pop|int|syscall|leave|jmp [^0b]|call [^0b])|\[(r[^b]|rbx *[^]+ -]|rb[^x]|e)' code
        run -1 grep -E '^[a-z]+ (rbx|ebx|bl|bh|rsp|rbp)' code
    done
}

@test "ops lists every operation with its letter, name and family" {
    run -0 "$bfk" ops
    [ "$(wc -l <<<"$output")" -ge 14 ]
    for letter in r w g p l o c y z t x q m u; do has "%$letter "; done
}

@test "info (engine jit) gives the limits" {
    run -0 "$bfk" info --engine jit
    has 65536 4194304 4096 64
}

@test "info (engine kernel, no device) exits 3" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    run -3 "$bfk" info --engine kernel
}

@test "#! line (an executable script) runs" {
    printf '#!%s run --engine=jit\n++++++++[>++++++++<-]>+.' "$bfk" >script.bf
    sed -i '1s|.*|#!/usr/bin/env -S '"$bfk"' run --engine=jit|' script.bf
    chmod +x script.bf
    [ "$(./script.bf)" = A ]
}

@test "standard output (full) makes --help, ops, check and dump fail" {
    for command in --help ops "check $repo/examples/copy.bf" "dump --engine jit -e +"; do
        # shellcheck disable=SC2086 # words
        run bash -c '"$@" >/dev/full' x "$bfk" $command
        [ "$status" != 0 ] || { echo "bfk $command"; return 1; }
    done
}
