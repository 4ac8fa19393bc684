#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The bfk command: every message has its place, and every exit status is as bfk(1) documents.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# Runs machine code in this process: needs no device.
jit() { "$bfk" run --engine jit "$@"; }

# has TEXT...: the output contains each.
has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
    done
}

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

@test "load (extra ']') exits 1 with FILE:LINE:COL, the line and a caret" {
    printf '+++\n\t>+ ]\n' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:2:5: unbalanced ]' $'    2 | \t>+ ]' $'      | \t   ^' 'hint:'
    run -1 "$bfk" check x.bf
    has 'bfk: x.bf:2:5: unbalanced ]' $'      | \t   ^'
}

@test "load (extra '[') points at the innermost" {
    printf '[+\n [-] [\n+' >x.bf
    run -1 "$bfk" check x.bf
    has 'bfk: x.bf:2:6: unbalanced [' '    2 |  [-] [' '      |      ^'
}

@test "load (unknown operation) names it and lists the known ones" {
    run -1 jit -e '+%K'
    has 'bfk: -e:1:2: unknown operation %K' '%r' '--plain'
}

@test "load ('%' before a capital letter) suggests the lower-case one" {
    run -1 jit -e '+%R'
    has 'unknown operation %R' '%r is read'
}

@test "load ('%' at the end, and before an unprintable byte) explains that" {
    run -1 jit -e '+%'
    has 'bfk: -e:1:2: % without the letter'
    printf '%%\033' >x.bf
    run -1 jit x.bf
    has '% and byte 0x1b'
    [[ $output != *$'\033'* ]]
}

@test "load (operation not allowed) exits 1 and prints what is allowed" {
    run -1 jit --allow rg -e '+%w'
    has 'bfk: -e:1:2: operation %w (write) is not allowed' "--allow 'gr'"
    run -1 "$bfk" check --allow '' <(echo '%r')
    has 'operation %r (read) is not allowed'
    run -0 jit --allow wr -e '+%c[-]' || run -1 jit --allow wr -e '+%c'
}

@test "run --allow (not a letter) exits 2" {
    run -2 jit --allow r,w -e +
    has "','"
}

@test "load (5000 unclosed '[') points at the last one, in a window of the line" {
    head -c 5000 /dev/zero | tr '\0' '[' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:1:5000: unbalanced [' '    1 | ...[[[' 'hint:'
}

@test "load (a million brackets deep) is accepted at each level, with 1 MiB of stack" {
    { head -c 1000000 /dev/zero | tr '\0' '['; head -c 1000000 /dev/zero | tr '\0' ']'; } >x.bf
    { head -c 1000000 /dev/zero | tr '\0' '['; echo -n '>,.'; head -c 1000000 /dev/zero | tr '\0' ']'; } >y.bf
    ulimit -s 1024
    for level in 0 1 2; do
        run -0 jit -O$level x.bf
        run -0 jit -O$level --without zeroed y.bf
    done
}

@test "load (more than 4 MiB) exits 1" {
    head -c 4194305 /dev/zero >x.bf
    run -1 jit x.bf
    has 'x.bf: program too long' '4194304'
    run -1 "$bfk" check x.bf
    has 'x.bf: program too long'
}

@test "load (exactly 4 MiB) is accepted" {
    head -c 4194304 /dev/zero >x.bf
    run -0 jit x.bf
}

@test "messages (control characters in the source) never show them" {
    printf '\033(title\007 \377 ]' >x.bf
    run -1 jit x.bf
    has 'x.bf:1:12:' '?(title? ? ]'
    [[ $output != *$'\033'* && $output != *$'\007'* && $output != *$'\377'* ]]
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

@test "run ('.' to, and ',' from, a closed slot) exits 1 with the error" {
    run -1 bash -c '"$1" run --engine jit -e "+." >&-' x "$bfk"
    has '. on slot 1 failed: Bad file descriptor'
    run -1 bash -c '"$1" run --engine jit -e "+," <&-' x "$bfk"
    has ', on slot 0 failed: Bad file descriptor'
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

@test "run N=PATH and --slot pass files with their modes" {
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

@test "run --slot (no number, too large, no path, no file, no directory) names the error" {
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

# Starts a server in the background, on a free port: sets $server and $port.
listen_on() { # WHERE PROGRAM
    : >listening
    "$bfk" run --engine jit --listen "3=$1" "$2" 2>listening 3>&- &
    server=$!
    until grep -q . listening; do sleep 0.05; done
    port=$(sed -n 's/^bfk: slot 3 listens on port //p' listening)
}

@test "run --listen (port 0) and --connect: a server and its client, over IPv4 and IPv6" {
    for where in 0 127.0.0.1:0 'localhost:0' '*:0' '[::]:0'; do
        listen_on "$where" "$repo/examples/servers/echo-server.bf"
        to=$port
        [ "$where" != '[::]:0' ] || to="[::1]:$port"
        [ "$(echo 'ABC' | jit --connect "3=$to" "$BATS_TEST_DIRNAME/ask.bf")" = ABC ]
        kill $server
        wait $server || [ $? = 143 ]
    done
}

@test "run --listen and --connect (a path) are a Unix socket" {
    "$bfk" run --engine jit --listen 3=./socket "$repo/examples/servers/echo-server.bf" 3>&- &
    until [ -S socket ]; do sleep 0.05; done
    [ "$(echo 'ABC' | jit --connect 3=./socket "$BATS_TEST_DIRNAME/ask.bf")" = ABC ]
    run -1 jit --listen 3=./socket -e +
    has 'slot 3: cannot listen on ./socket: Address already in use' 'hint: if nobody listens there any more'
    kill $!
    wait $! || [ $? = 143 ]
    run -1 jit --connect 3=./socket -e +
    has 'slot 3: cannot connect to ./socket: Connection refused'
}

@test "run --listen and --connect (no slot, no port, no address, no server) name the error" {
    for spec in x=1 64=1 =1 1 ''; do
        run -2 jit --listen "$spec" -e +
        has 'is not N=WHERE with a slot N from 0 to 63'
    done
    for where in '' : x 65536 -1 1x '1.2.3:4' '[::1:4' 'nowhere:80' "/$(printf '%0120d' 0)"; do
        run -2 jit --connect "3=$where" -e +
        has "'$where' is not a place to connect to" 'hint: PORT, ADDRESS:PORT'
        run -2 jit --listen "3=$where" -e +
        has "'$where' is not a place to listen on"
    done
    run -1 jit --connect 3=127.0.0.1:1 -e +
    has 'slot 3: cannot connect to 127.0.0.1:1: Connection refused'
    run -1 jit --listen 3=192.0.2.1:0 -e +
    has 'slot 3: cannot listen on 192.0.2.1:0: Cannot assign requested address'
}

@test "run (a socket whose peer is gone) gets an error, not SIGPIPE" {
    local status=0
    "$bfk" run --engine jit --listen 3=./socket "$BATS_TEST_DIRNAME/too-late.bf" 2>said 3>&- &
    until [ -S socket ]; do sleep 0.05; done
    jit --connect 3=./socket -e +
    wait $! || status=$?
    [ $status = 1 ]
    grep '%w (write) failed: Broken pipe' said
}

@test "run --slot (a path with a colon) takes the part after it as a mode only if it is one" {
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

@test "check (an operation whose go is always 0) warns; with --werror it fails" {
    run -0 "$bfk" check <(printf '%%r+')
    has ':1:1: warning: %r (read)' 'hint:'
    run -1 "$bfk" check --werror <(printf '%%r+')
    run -0 "$bfk" check --werror <(printf '+%%r')
    [[ $output != *warning* ]]
    run -0 "$bfk" check --werror <(printf ',%%r')
}

@test "check never runs the program" {
    echo '+[]' | timeout 300 "$bfk" check -
}

@test "dump (engine jit) shows bytes, assembly and source position of each op" {
    run -0 "$bfk" dump --engine jit -O0 -e '+>[-.]%r'
    has '80 03 01' 'add byte ptr [rbx], 1' 'op 0, 1:1: cell[0] += 1' \
        'if cell[+1], else after op 4' '%r (read) on the frame at cell[+1]' 'sub rbp, 1'
}

@test "dump (engine interp) fails: there is no machine code" {
    run "$bfk" dump --engine interp -e +
    [ "$status" != 0 ]
}

@test "dump (program with an error) exits 1 with its place" {
    run -1 "$bfk" dump --engine jit -e '+]'
    has 'bfk: -e:1:2: unbalanced ]'
}

# Everything that generated code may contain, numbers as N: a cell is [rbx], [rbx + N] or [rbx - N], a
# register the byte of one of r9 to r15.
cell='\[rbx( [+-] N)?\]'
byte="byte ptr $cell"
reg='r(9|1[0-5])b'
allowed="sub rbp, 1|add bx, -?N|(call bfk_entry_host|jmp bfk_entry_stop)
|(je|jne) N|mov esi, N|(add|mov) ($byte|$reg), -?N|(add|sub|mov) ($byte|$reg), (al|$reg)|cmp ($byte|$reg), cl
|mov ($byte|$reg), cl|(add|sub) (al|$reg), ($byte|$reg)|movzx (eax|r(9|1[0-5])d), ($byte|$reg|al)|imul eax, eax, -?N
|mov rax, qword ptr $cell|movabs r(ax|si), N|(add|and|test) rsi, rax|not rax"

# instructions <LISTING: prints one a line.
instructions() { sed -nE 's/^ *[0-9a-f]+  ([0-9a-f]{2} )+ *([a-z0-9]+.*)/\2/p' | sed -E 's/\<(0x[0-9a-f]+|[0-9]+)\>/N/g; s/^sub rbp, N$/sub rbp, 1/'; }

@test "dump (code of every example, at -O0 and -O2) has only instructions that the encoder can write" {
    for example in "$repo"/examples/*.bf "$repo"/examples/bench/*.bf; do
        for level in 0 2; do
            "$bfk" dump --engine jit -O$level "$example" | instructions >code
            [ "$(wc -l <code)" -ge 6 ]
            run -1 grep -vxE "${allowed//$'\n'/}" code
        done
    done
    grep -qx 'sub rbp, 1' code
}

@test "dump (any other instruction in the code) is detected" {
    for line in 'ret' 'jmp N' 'endbr64' 'test eax, eax' 'push rbx' 'add rbx, 1' 'jmp rax' 'mov byte ptr [rax], N' 'mov rax, qword ptr [rbx + rcx]' 'syscall' 'mov r9, rax'; do
        echo "     0  90 90                          $line" | instructions >code
        [ "$(<code)" = "${line/ 1/ N}" ]
        run -0 grep -vxE "${allowed//$'\n'/}" code
    done
}

@test "dump at -O2 shows the optimiser's ops, at -O0 the parser's" {
    run -0 "$bfk" dump -O2 -e '+++[->++<]>.'
    has 'cell[+1] = 6' 'cell[+1] to slot 1'
    [[ $output != *next* ]]
    run -0 "$bfk" dump -O0 -e '+++[->++<]>.'
    has 'op 0, 1:1: cell[0] += 3' 'op 1, 1:4: if cell[0], else after op 4' 'op 3, 1:7: cell[+1] += 2' \
        'op 4, 1:10: next cell[0], back after op 1'
    run -0 "$bfk" dump --without blocks -e ',[>>>]'
    has 'if cell[+3]' 'head += 24' 'label'
    run -0 "$bfk" dump -e ',[>]'
    has 'if8 cell[0], cell[+1], cell[+2]'
    run -0 "$bfk" dump -e ',[>+<--]'
    has 'r7 = cell[0]' 'r6 += 1' 'next r7'
}

@test "dump (bfk-dump is not next to bfk) names it and exits 1" {
    mkdir alone
    cp "$bfk" alone/
    run -1 alone/bfk dump -e +
    has 'bfk: dump: ' '/alone/bfk-dump: No such file' 'hint:' 'beside bfk'
    run -0 alone/bfk run --engine jit -e +
    ln -s "$PWD/alone/bfk" linked # bfk-dump is looked up next to the file, not the link
    cp "${bfk%/*}/bfk-dump" alone/
    run -0 ./linked dump -e +
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

@test "#! line (an executable script) runs" {
    printf '#!%s run --engine=jit\n++++++++[>++++++++<-]>+.' "$bfk" >script.bf
    sed -i '1s|.*|#!/usr/bin/env -S '"$bfk"' run --engine=jit|' script.bf
    chmod +x script.bf
    [ "$(./script.bf)" = A ]
}

@test "standard output (full) makes every command that prints fail" {
    for command in --help ops info "check $repo/examples/copy.bf" "dump --engine jit -e +" "compile -o - -e +" "bench -c $repo/examples/copy.bf"; do
        # shellcheck disable=SC2086 # splits into words
        run bash -c '"$@" >/dev/full' x "$bfk" $command
        [ "$status" != 0 ] || { echo "bfk $command"; return 1; }
    done
}

# --- levels and passes --------------------------------------------------------------------------

# ops_of OPTION...: prints how many ops are loaded.
ops_of() { jit --stats "$@" 2>&1 >/dev/null </dev/null | sed -n 's/^ops: *//p'; }

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

# Programs that fail to load or to run, with several options each.
@test "errors (at each level, on each engine) are the same: text, place and status" {
    head -c 5000 /dev/zero | tr '\0' '[' >deep.bf
    head -c 4194305 /dev/zero >long.bf
    printf '+[>\n\t+.<]\n]' >lines.bf
    local case n=0 source
    for case in '+]' '[+[' '+%K' '+%' '+%R' '[]]%K' '%K]' '+%r%w' '+>>+++++++<<%r' '+>>+++++++<<%r>>[-]+<<[-]+%w' \
        '+>>>+++++++<<<%q' ',[.,]' '+.' '+[>+<.-]' '[%K]' '>[-]<%w' '+>>+++++++<<[%r]' '>+[<+.>-]' ',[>,]<[.<]' \
        deep.bf long.bf lines.bf; do
        source=(-e "$case")
        [ ! -f "$case" ] || source=("$case")
        rm -f said.*
        for engine in jit interp; do
            for level in 0 1 2; do
                {
                    "$bfk" run --engine $engine -O$level "${source[@]}" <"$repo/examples/copy.bf" >/dev/full || echo "$?"
                    "$bfk" run --engine $engine -O$level --allow r "${source[@]}" <&- >/dev/null || echo "$?"
                    "$bfk" check --werror -O$level --allow rw "${source[-1]}" >/dev/null || echo "$?"
                } 2>"said.$engine.$level" >>"said.$engine.$level"
                cmp said.jit.0 "said.$engine.$level" || { echo "$case: $engine -O$level"; diff said.jit.0 "said.$engine.$level"; return 1; }
            done
        done
        [ -s said.jit.0 ] && n=$((n + 1))
    done
    [ $n = 22 ]
}

# --- compiled programs --------------------------------------------------------------------------

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

@test "a file (empty, or starting almost like a compiled one) is loaded as source" {
    : >x.bf
    run -0 jit x.bf
    printf 'BFO\r\n+++.' >x.bf
    [ "$(jit x.bf | od -An -tu1)" = '   3' ]
}

# --- bench --------------------------------------------------------------------------------------

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
