#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Every example, with its input and expected output, on every engine in $ENGINES.

bats_require_minimum_version 1.5.0
load programs
# shellcheck source=examples/run.bash
. "$repo/examples/run.bash"

# example NAME: runs it on every engine.
example() {
    local engine
    for engine in $ENGINES; do
        example_run "$engine" "$1" || { echo "on engine $engine"; return 1; }
    done
}

@test "example append does what it says" { example append; }
@test "example cat does what it says" { example cat; }
@test "example clock does what it says" { example clock; }
@test "example copy-files does what it says" { example copy-files; }
@test "example copy does what it says" { example copy; }
@test "example head does what it says" { example head; }
@test "example hello does what it says" { example hello; }
@test "example mandelbrot does what it says" { example mandelbrot; }
@test "example move does what it says" { example move; }
@test "example primes does what it says" { example primes; }
@test "example quit does what it says" { example quit; }
@test "example rot13 does what it says" { example rot13; }
@test "example sort does what it says" { example sort; }
@test "example tail does what it says" { example tail; }
@test "example tee does what it says" { example tee; }
@test "example token does what it says" { example token; }
@test "example upper does what it says" { example upper; }
@test "example wc-c does what it says" { example wc-c; }
@test "example wc-l does what it says" { example wc-l; }

@test "every example has a test here" {
    local name
    for name in $(example_names); do
        grep -q "example $name; }" "$BATS_TEST_FILENAME" || { echo "$name has none"; return 1; }
    done
    [ "$(example_names | wc -l)" -ge 12 ]
}

@test "no comment of an example has a command in it" {
    local name
    for name in $(example_names); do example_lint "$name"; done
}

@test "these tests (a wrong expected output) can fail" {
    local broken=$BATS_TEST_TMPDIR/examples
    cp -r "$repo/examples" "$broken"
    echo nonsense >"$broken/hello.out"
    # shellcheck disable=SC2034 # read by example_run
    example_dir=$broken
    run -1 example hello
    [[ $output == *"on engine"* ]]
}
