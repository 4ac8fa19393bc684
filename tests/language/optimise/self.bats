#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The tests of the optimiser can fail.

# shellcheck disable=SC2016 # the scripts expand
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../../..
tables=$repo/build/tests/tables

setup() { cd "$BATS_TEST_TMPDIR" || return; }

@test "a table (a wrong op) names the case and shows the ops that are made" {
    sed '0,/cell\[0\] += 1/s//cell[0] += 2/' "$BATS_TEST_DIRNAME/blocks.txt" >blocks.txt
    run -1 "$tables" blocks.txt
    [[ $output == *"not ok 1 - blocks: additions to one cell become one"*"#    0 @7   cell[0] += 1"* ]]
    [ "$(grep -c '^not ok' <<<"$output")" = 1 ]
}

@test "a table (ops are missing, or there is no case) fails" {
    printf '== a case\npasses: blocks\nsource: +\n' >x.txt
    run -1 "$tables" x.txt
    echo '# no case' >x.txt
    run -1 "$tables" x.txt
    run -1 "$tables" nowhere.txt
}

@test "a table (a program that never ends on any tape) fails: nothing is compared" {
    printf '== a case\npasses: blocks\nsource: +[]\n' >x.txt
    "$tables" --write x.txt
    run -1 "$tables" x.txt
    [[ $output == *"on 0 tapes"* ]]
}

@test "a table (ops that do not do what their source does) fails" {
    # All tapes but the first break the promise ZEROED
    cp "$BATS_TEST_DIRNAME"/tables*.[ch] .
    sed -i 's/BFK_PASS_ZEROED ? 1 : TAPES/BFK_PASS_ZEROED ? TAPES : TAPES/' tables_run.c
    run -1 cmp tables_run.c "$BATS_TEST_DIRNAME/tables_run.c"
    cc -std=gnu11 -fsanitize=address,undefined -I "$repo" -o tables tables*.c "$repo/build/asan/libbfk.a"
    run -1 ./tables "$BATS_TEST_DIRNAME/zeroed.txt"
    [[ $output == *"ends differently"* ]]
}

@test "writing the tables (the optimiser is unchanged) changes nothing" {
    cp "$BATS_TEST_DIRNAME"/*.txt .
    "$tables" --write ./*.txt
    for table in *.txt; do cmp "$table" "$BATS_TEST_DIRNAME/$table"; done
}

@test "every pass and promise has its table" {
    for pass in blocks ifs scans unroll regs zeroed; do
        grep -q "^passes: .*$pass" "$BATS_TEST_DIRNAME/$pass.txt"
        [ "$(grep -c '^== ' "$BATS_TEST_DIRNAME/$pass.txt")" -ge 10 ]
    done
}

# compiler EXPRESSION: makes one that takes that many instructions for n bytes.
compiler() {
    printf '#!/bin/bash\nn=$(wc -c <"$1")\necho $((%s))\n' "$1" >compile
    chmod +x compile
}

@test "linear (a compiler that takes quadratic time) fails for every kind" {
    compiler 'n * n'
    run -1 "$BATS_TEST_DIRNAME/linear.py" ./compile
    run -1 grep '^ok' <<<"$output"
}

@test "linear (a compiler that takes linear time) passes; one that fails does not" {
    compiler 'n * 10'
    run -0 "$BATS_TEST_DIRNAME/linear.py" ./compile
    printf '#!/bin/sh\necho "no luck" >&2\nexit 1\n' >compile
    run -1 "$BATS_TEST_DIRNAME/linear.py" ./compile
    [[ $output == *'# no luck'* ]]
}

@test "count.sh (the same source twice) prints nearly the same; a source that is no program fails" {
    printf '%0.s[->+<]>' {1..5000} >x.bf
    run -0 "$BATS_TEST_DIRNAME/count.sh" x.bf
    first=$output
    run -0 "$BATS_TEST_DIRNAME/count.sh" x.bf
    [ $((first / 100)) -gt 0 ]
    [ $((output > first ? output - first : first - output)) -le $((first / 100)) ]
    echo ']' >x.bf
    run -1 "$BATS_TEST_DIRNAME/count.sh" x.bf
}
