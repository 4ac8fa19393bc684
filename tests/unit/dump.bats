#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk dump: ops and machine code, which has no instruction that the encoder does not write.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

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
