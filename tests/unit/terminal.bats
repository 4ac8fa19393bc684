#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What bfk prints on a terminal: colour and progress, if the terminal can show them.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

escape=$'\033'

@test "messages (on a terminal) have a coloured caret, but not with NO_COLOR or TERM=dumb" {
    for has in TERM=xterm 'TERM=xterm NO_COLOR='; do
        run -1 on_terminal "env -u NO_COLOR $has $bfk check -e ]"
        has "${escape}[1;32m^"
    done
    for hasnt in 'NO_COLOR=1 TERM=xterm' 'NO_COLOR=0 TERM=xterm' 'TERM=dumb' '-u TERM'; do
        run -1 on_terminal "env -u NO_COLOR $hasnt $bfk check -e ]"
        has 'unbalanced ]' '^'
        hasnt "$escape"
    done
}

@test "run --async (on a terminal) shows progress, but not with TERM=dumb" {
    echo + >x.bf
    run -0 on_terminal "TERM=xterm NO_COLOR=1 $bfk run --async -E interp x.bf x.bf"
    has $'\r'"${escape}[K2 of 2 running"
    for hasnt in TERM=dumb '-u TERM'; do
        run -0 on_terminal "env $hasnt $bfk run --async -E interp x.bf x.bf"
        has 'x.bf: ended after'
        hasnt "$escape" running
    done
}

@test "escape sequences are written only in the two files that the tests above are about" {
    run -0 grep -lE '\\(033|e\[|x1b)' -r "$repo/userspace/cmd"
    [ "$(sort <<<"${output//"$repo/userspace/cmd/"/}")" = $'cmd_async.c\nreport.c' ]
}
