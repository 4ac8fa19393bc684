#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Programs as data: x.bf with x.in prints x.out, on every engine in $ENGINES.

bats_require_minimum_version 1.5.0
load programs

@test "head (left of the first cell) is at the last cell" { data head-wraps-left; }
@test "head (moved far by a loop) arrives" { data head-wraps-far; }
@test "cells (below 0, above 255) wrap" { data cells-wrap; }
@test "comma (end of input) stores 0" { data eof-zero; }
@test "comma (end of input, --eof 255) stores 255" { data eof-255 --eof 255; }
@test "comma (end of input, --eof keep) leaves the cell" { data eof-keep --eof keep; }
@test "comma (after the end of input) is at the end again" { data eof-again; }
@test "bytes (all 256 as input) are copied unchanged" { data binary-cat; }
@test "bytes (all 256 as output) are written" { data binary-output; }
@test "scans (left, right, over the seam) stop at a 0" { data scan; }
@test "multiply loops (down, up, almost one) multiply" { data multiply; }
@test "loops (in steps of two, three, four) end when they should" { data odd-loops; }
@test "loops (whose cell is 0) are skipped with all that they contain" { data skipped; }
@test "loops (four deep) multiply" { data nested; }
@test "cells (far from the head) are the right ones" { data offsets; }
@test "output (more than the buffer of 4096 bytes) is complete" { data more-output-than-a-buffer; }
@test "input (more than the buffer of 4096 bytes) is complete" { data more-input-than-a-buffer; }
@test "input and output (in turns) keep their order" { data input-and-output-in-turns; }
@test "first line (#!, with commands in it) is skipped" { data shebang; }
@test "percent (--plain) is a comment" { data plain --plain; }
@test "comments (every byte that is not a command) do nothing" { data comment-bytes; }
@test "copy (cap 7) copies" { data copy-in-small-pieces; }
@test "operations (go is 0) do nothing" { data go-is-zero; }
@test "read (after a comma) returns what was read ahead" { data read-after-comma; }
@test "comma (after a read) continues after it" { data comma-after-read; }
@test "read (cap 5) changes neither slot nor cap" { data frame-fields-are-kept; }
@test "write (len 0) succeeds" { data write-of-nothing; }
@test "program (of nothing) ends" { data empty; }
@test "program (of comments) ends" { data only-comments; }

@test "copy (a file of a few hundred KB) copies" {
    seq 60000 >"$BATS_TEST_TMPDIR/in"
    copies copy "$BATS_TEST_TMPDIR/in"
}

@test "copy (frame across the seam of the ring) copies" {
    seq 20000 >"$BATS_TEST_TMPDIR/in"
    copies copy-over-the-seam "$BATS_TEST_TMPDIR/in"
}

@test "copy (the largest cap) copies, and does not reach its own frame" {
    seq 60000 >"$BATS_TEST_TMPDIR/in"
    copies copy-with-the-largest-cap "$BATS_TEST_TMPDIR/in"
}

@test "copy (an empty file) gives an empty file" {
    : >"$BATS_TEST_TMPDIR/in"
    copies copy "$BATS_TEST_TMPDIR/in"
}

@test "brackets (20,000 deep: there is no limit) work" {
    { printf '++'; times 20000 '['; printf '.-'; times 20000 ']'; printf '.'; } | made '\02\01\0'
}

@test "head (moved by 65536 at once) is where it was" {
    { printf '+++'; times 65536 '>'; printf '.'; times 65536 '<'; printf '.'; } | made '\03\03'
}

@test "head (moved by 32767, 32768, 65535) is at the right cells" {
    {
        times 32767 '>'; printf '+>++>+++'
        times 32767 '>'; printf '.>.<<'
        times 32766 '<'; printf '.<.<.'
    } | made '\0\0\03\02\01'
}

@test "multiply loop (32768 cells to the right) changes the cell 32768 to the left" {
    {
        printf '+++++[-'; times 32768 '>'; printf '++'; times 32768 '<'; printf ']'
        times 32768 '<'; printf '.'
    } | made '\012'
}

@test "program (half a megabyte of code) runs" {
    { times 40000 '+>-<[->+<]>[-<+>]<'; printf '.'; } >"$BATS_TEST_TMPDIR/big.bf"
    made '\0' <"$BATS_TEST_TMPDIR/big.bf"
}

@test "every program here has a test" {
    local name
    for name in "$programs"/*.bf; do
        name=$(basename "$name" .bf)
        grep -qE "(data|copies) ${name}[ ;]" "$BATS_TEST_FILENAME" || { echo "$name has none"; return 1; }
    done
}

@test "these tests (a wrong output) can fail" {
    run -1 data eof-zero --eof 255
    [[ $output == *"on engine"* ]]
    ENGINES=nowhere run -1 data eof-zero
}

@test "quick.bash (tests that fail in the middle, in run, in teardown) reports each" {
    local n=0
    sed 's/^TEST/@test/' >"$BATS_TEST_TMPDIR/x.bats" <<'BATS' # bats would take @test here for a test
teardown() { [ "$BATS_TEST_DESCRIPTION" != "fails in teardown" ]; }
TEST "passes" { true; }
TEST "fails in the middle" {
    false
    true
}
TEST "fails in run" { run -1 true; }
TEST "fails in teardown" { true; }
BATS
    run -1 "$programs/quick.bash" "$BATS_TEST_TMPDIR/x.bats"
    for line in "ok 1 - passes" "not ok 2 - fails in the middle" "not ok 3 - fails in run" "not ok 4 - fails in teardown" "1..4"; do
        [[ $'\n'$output$'\n' == *$'\n'"$line"$'\n'* ]]
        n=$((n + 1))
    done
    [ $n = 5 ]
}
