#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Hints that name the cause of an error, and that are not printed where it is another one.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "N=PATH (no such file, no mode) hints at :w, but for slot 0" {
    run -1 jit "$repo/examples/copy.bf" 1=new
    has 'slot 1: new: No such file or directory' 'hint: ' 'for writing: 1=new:w'
    run -1 jit --slot 7=new -e +
    has 'for writing: 7=new:w'
    run -1 jit --async "$repo/examples/copy.bf" 1=new
    has 'for writing: 1=new:w'
    run -1 jit "$repo/examples/copy.bf" 0=new
    hasnt hint:
    for mode in r w a rw; do
        run -1 jit "$repo/examples/copy.bf" 1=new/file:$mode
        [ $mode = r ] || has 'No such file'
        hasnt hint:
    done
    [ ! -e new ]
}

@test "a failed write (to a file that exists and was given no mode) hints at :w" {
    : >out
    for out in out /dev/null; do
        run -1 jit -e '+.' 1=$out
        has '. on slot 1 failed: Bad file descriptor' "hint: 1=$out has no mode" "for writing: 1=$out:w"
        for letter in w p s; do
            run -1 jit -e "+>>+>>>>+<<<<<<%$letter" --slot 1=$out 0=/dev/null
            has "%$letter (" "for writing: 1=$out:w"
            hasnt '0=/dev/null has'
        done
        run -1 jit -e '+>>>+<<<%x' 0=/dev/zero 1=$out
        has "for writing: 1=$out:w"
        run -1 jit -e '+>>+<<%t' 1=$out
        has "for writing: 1=$out:w"
        run -1 jit --async "$repo/examples/copy.bf" 0="$repo/examples/copy.bf" 1=$out
        has "for writing: 1=$out:w"
        run -0 jit -e '+.' 1=$out:w
    done
    run -1 jit -e '+>>+>>>>+<<<<<<%w' 1=out:r # the mode was given
    has 'Bad file descriptor'
    hasnt hint:
    run -1 jit -e '+>>+++++++<<%r' 1=out # the slot is empty
    hasnt hint:
}

plus() { printf '%*s' "$1" '' | tr ' ' '+'; } # N

# open_beneath PATH ARG: prints a program that opens PATH beneath slot 0.
open_beneath() {
    local i
    printf '+>>>%s>>>%s>>>>>>>>>>' "$(plus "$2")" "$(plus ${#1})" # go, arg, len; and the data is at 16
    for ((i = 0; i < ${#1}; i++)); do printf '%s>' "$(plus "$(printf %d "'${1:i:1}")")"; done
    printf '<%.0s' $(seq $((${#1} + 16)))
    printf '%%o'
}

@test "EXDEV, ELOOP and ENOTDIR of %o get a hint about opening beneath a directory" {
    ln -s nowhere link
    : >file
    mkdir x
    for path in /x x/../y ..; do
        open_beneath "$path" 0 >x.bf
        run -1 jit x.bf 0=.:d
        has '%o (open) failed: Invalid cross-device link' 'hint: %o opens beneath its directory' "'..'"
    done
    open_beneath link 0 >x.bf
    run -1 jit x.bf 0=.:d
    has '%o (open) failed: Too many levels of symbolic links' 'hint: %o opens beneath its directory' 'symbolic link'
    open_beneath link/x 0 >x.bf
    run -1 jit x.bf 0=.:d
    has '%o (open) failed: Not a directory' 'hint: %o opens beneath its directory' 'symbolic link'
    open_beneath file 3 >x.bf
    run -1 jit x.bf 0=.:d
    has 'Invalid argument' 'hint: arg may have both 1 and 2'
}

@test "EINVAL of %x gets a hint with its possible causes" {
    run -1 bash -c 'echo x | "$1" run --engine jit -e "+>>>+<<<%x" 1=out:w' x "$bfk"
    has '%x (move) failed: Invalid argument' 'hint: ' 'a pipe, a socket or a terminal' 'open to append'
    run -1 jit -e '+>>>+<<<%x' 0="$repo/examples/copy.bf" 1=out:a
    has '%x (move) failed: Invalid argument' 'open to append'
}

@test "hints at causes: each operation for which bfk(7) lists EINVAL has one, and bfk(7) lists the errno of each hint" {
    local listed hinted
    # "LETTER ERRNO" of each section that lists them
    listed=$(awk '
        /^\.S[sh] / { n = 0; if ($1 == ".Ss") for (i = 2; i <= NF; i++) if ($i ~ /^%[a-z]$/) letters[++n] = substr($i, 2) }
        /^\.It Er / { for (i = 3; i <= NF; i++) if ($i ~ /^E[A-Z]+$/) for (j = 1; j <= n; j++) print letters[j], $i }
    ' "$repo/userspace/man/bfk.7" | sort -u)
    hinted=$(sed -nE "s/^\t\{ '(.)', (E[A-Z]+), .*/\1 \2/p" "$repo/userspace/cmd/explain.c" | sort -u)
    [ "$(wc -l <<<"$hinted")" -ge 18 ]
    # Of %s bfk(7) has "as above"; %r and %d have one cause, which only the kernel has.
    diff <(comm -23 <(echo "$hinted") <(echo "$listed")) <(echo 's EINVAL')
    diff <(comm -13 <(echo "$hinted") <(echo "$listed") | grep EINVAL) <(echo 'r EINVAL')
}

@test "a program (a binary file, UTF-16) that does not load gets a hint, and a text does not" {
    { printf '\177ELF\1\1\1\0\0\0'; echo ']'; } >binary
    run -1 jit binary
    has 'unbalanced ]' 'hint: no text has bytes that are 0'
    printf '\377\376%s' ']' | sed 's/\(.\)/\1\x00/g' >utf16.bf
    run -1 "$bfk" check utf16.bf
    has 'UTF-16?'
    run -1 jit -e ']'
    hasnt 'no text has'
}

@test "a program (data after '!') that does not load or fails gets a hint with the line" {
    printf ',[.,]!Hello [world' >x.bf
    run -1 jit x.bf
    has 'unbalanced [' "hint: what follows the '!' in line 1 is part of the program"
    printf '+>\n,[.,]\n!Hello. [World]' >x.bf
    run -1 bash -c '"$1" run --engine jit x.bf >/dev/full' x "$bfk"
    has '. on slot 1 failed' "hint: what follows the '!' in line 3"
    for text in '+] Hello, world!' '+] wow! x' '[+!x' '!+]' $'+]!\n' '#!]'$'\n''+!x]'; do
        printf '%s' "$text" >x.bf
        run -1 jit x.bf
        has unbalanced
        hasnt "what follows"
    done
}

@test "run (data after '!', on a terminal) warns before it waits for input" {
    printf ',[.,]\n!Hello. World\n' >x.bf
    run -0 on_terminal "$bfk run --engine jit --fuel 0 x.bf; true"
    has "bfk: x.bf:2:1: warning: what follows the '!' is part of the program, not its input"
    run -0 jit x.bf </dev/null
    hasnt "what follows"
}

@test "a program (each % in a word of a comment) that fails gets a hint at --plain" {
    printf '[ printf("%%c", x); ]\n"%%c" +>>+++++++<< writes "%%c"' >x.bf
    run -1 jit x.bf
    has '%c (close) failed' 'hint: each % in it is part of a word: --plain'
    run -1 jit --plain -e '+. puts("%c")' 1=/dev/null
    hasnt --plain
    run -1 jit -e '+>>+++++++<<%r "%c" [-]'
    hasnt --plain
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf; do
        run "$bfk" check --allow '' "$example"
        hasnt 'part of a word'
    done
}
