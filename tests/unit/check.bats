#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfk check: what it prints about programs, and what it warns of.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

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

# repeat N TEXT: prints TEXT N times.
repeat() { printf "%*s" "$1" '' | sed "s/ /${2//&/\\&}/g"; }

@test "check (more than 20 warnings of a kind) prints 20 of each kind, and the number of the others" {
    { repeat 411 '>%r'; repeat 21 '>[.]'; repeat 20 '>+[]'; } >x.bf
    run -0 "$bfk" check x.bf
    [ "$(grep -c 'warning: %r (read) does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'warning: this loop is never entered' <<<"$output")" = 20 ]
    [ "$(grep -c 'warning: \[\] never ends' <<<"$output")" = 20 ]
    has 'bfk: x.bf: warning: and 391 more: operations that do nothing' 'bfk: x.bf: warning: and 1 more: loops'
    [ "$(grep -c 'warning: and ' <<<"$output")" = 2 ]
    run -1 "$bfk" check --werror x.bf
}

@test "check (several files) prints 20 warnings of each" {
    repeat 22 '>%r' >x.bf
    cp x.bf y.bf
    run -0 "$bfk" check x.bf y.bf
    [ "$(grep -c 'x.bf:1:.*does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'y.bf:1:.*does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'and 2 more' <<<"$output")" = 2 ]
}

@test "messages are written line by line" {
    { repeat 30 '>%r'; echo '%K'; } >x.bf
    for command in 'check x.bf' 'run -E jit x.bf' 'dump x.bf' 'check x.bf --plain' frobnicate; do
        # shellcheck disable=SC2086 # words
        ASAN_OPTIONS=detect_leaks=0 strace -qq -o log -e trace=write "$bfk" $command 2>said >/dev/null || :
        [ "$(grep -c '^write(2,' log)" -le "$(wc -l <said)" ] || { echo "$command"; cat log; return 1; }
    done
    "$bfk" check <(repeat 30 '>%r') 2>said >/dev/null
    [ "$(wc -l <said)" = 81 ]
}

# count N: prints how many instructions it takes to check a program with N warnings.
count() {
    repeat "$1" '>%r' >many.bf
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$repo/build/bfk" check many.bf 2>&1 |
        sed -n 's/^==[0-9]*== Collected : //p' | grep -x '[0-9]*'
}

@test "check (20,000 warnings more) takes at most 2,000 instructions more for each" {
    local some more
    some=$(count 20000)
    more=$(count 40000)
    echo "$some $more"
    [ $((more - some)) -gt 20000 ]
    [ $((more - some)) -lt $((20000 * 2000)) ]
}

@test "check (each % in a word of a comment) warns of stock Brainfuck; --plain and programs for bfk have none" {
    printf 'prints "%%c" ++++[>++<-]>. 100%%correct' >x.bf
    run -0 "$bfk" check x.bf
    has 'x.bf:1:9: warning: %c (close) in a word of a comment is an operation' 'hint: --plain makes every %' '1:30: warning: %c'
    run -1 "$bfk" check --werror x.bf
    run -0 "$bfk" check --plain --werror x.bf
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf "$repo"/tests/language/programs/*.bf; do
        run "$bfk" check "$example"
        hasnt 'in a word of a comment'
    done
}

@test "check (data after '!', bytes that are 0) warns" {
    printf ',[.,]\n!Hello' >x.bf
    run -1 "$bfk" check --werror x.bf
    has "x.bf:2:1: warning: what follows the '!' is part of the program, not its input"
    printf '+\0.' >x.bf
    run -1 "$bfk" check --werror x.bf
    has 'x.bf: warning: no text has bytes that are 0'
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf "$repo"/tests/language/programs/*.bf; do
        run "$bfk" check "$example"
        hasnt 'what follows'
    done
}
