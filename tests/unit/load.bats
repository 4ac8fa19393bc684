#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Programs that do not load: each message has the file, the line and the column of the error, and shows the line.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

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

@test "a program (a UTF-8 byte order mark before #!) runs, and the mark is no column" {
    printf '\357\273\277#!/usr/bin/bfk run [ %% %%\n++++++++[>++++++++<-]>+.' >x.bf
    [ "$(jit x.bf)" = A ]
    [ "$("$bfk" run --engine jit - <x.bf)" = A ]
    "$bfk" compile -o x.bfo x.bf
    [ "$(jit x.bfo)" = A ]
    printf '\357\273\277+]' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:1:2: unbalanced ]' '    1 | +]'
    printf '\357\273\277' >x.bf
    run -0 jit x.bf
}

@test "a program (lines that end in CR only) runs, and messages count its lines and columns" {
    printf '#!/usr/bin/bfk [\r++++++++[>++++++++<-]\r>+.\r' >x.bf
    [ "$(jit x.bf)" = A ]
    printf '+\r\r >]\r+' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:3:3: unbalanced ]' '    3 |  >]' '      |   ^'
    printf '+\r\n\r\n >]\r\n+' >x.bf # CR LF as before
    run -1 jit x.bf
    has 'bfk: x.bf:3:3: unbalanced ]'
    printf '+\n\r\r>]' >x.bf # other lines end in LF
    run -1 jit x.bf
    has 'bfk: x.bf:2:4: unbalanced ]'
}

@test "a file (empty, or starting almost like a compiled one) is loaded as source" {
    : >x.bf
    run -0 jit x.bf
    printf 'BFO\r\n+++.' >x.bf
    [ "$(jit x.bf | od -An -tu1)" = '   3' ]
}
