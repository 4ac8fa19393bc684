#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What README.md says of this tree is so.

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_DIRNAME/../.." || exit; }

@test "the reading order names every trusted file, with its lines" {
    tests/reading.sh --check
}

@test "the reading order (a file has grown) is found out of date" {
    cp -r README.md tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    echo 'int one_more;' >>bfk/dev.c
    run -1 tests/reading.sh --check
    [[ $output == *'out of date'* ]]
}

@test "the reading order (a file is new) is found incomplete" {
    cp -r README.md tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    echo 'int one_more;' >bfk/another.c
    run -1 tests/reading.sh
    [[ $output == *'not complete'* ]]
}

@test "CI calls the test command of the README" {
    grep -q '^    make test ' README.md
    grep -qx 'exec make test </dev/null' .ci/run
}

@test "every file the README points to is there" {
    local target targets
    targets=$(grep -o ']([^)]*)' README.md | grep -v -e '(#' -e '(https:' | tr -d ']()')
    for target in $targets; do
        [ -e "$target" ] || { echo "$target"; return 1; }
    done
    [ "$(wc -w <<<"$targets")" -gt 28 ]
}
