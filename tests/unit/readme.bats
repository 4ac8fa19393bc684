#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What README.md says of this tree is so.

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_DIRNAME/../.." || exit; }

@test "the reading order names every trusted file, with its lines" {
    tests/reading.sh --check
}

@test "the reading order (a file has grown) is found out of date" {
    cp -r README.md .clang-format tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    echo 'int one_more;' >>bfk/dev.c
    run -1 tests/reading.sh --check
    [[ $output == *'out of date'* ]]
}

@test "the reading order (a file is new) is found incomplete" {
    cp -r README.md .clang-format tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
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

@test "each line that the threat model quotes is in the code, and each test it names is there" {
    python3 - <<'END'
import os, re
rows = re.search("<!-- promises -->(.*)<!-- end -->", open("README.md").read(), re.S)[1].splitlines()[3:]
quotes = [q for row in rows for q in re.findall(r"((?:jit|bfk|syscall_ops)/\w+\.[chS]) `([^`]+)`", row.replace("\\|", "|"))]
for file, quote in quotes:
    assert quote in open(file).read(), f"no {quote!r} in {file}"
tests = [t for row in rows for t in re.findall(r"\b((?:device|attacks|unit)/\w+\.(?:c|bats))", row)]
for test in tests:
    assert os.path.exists("tests/" + test), test
print(len(quotes), "lines,", len(tests), "tests")
assert len(quotes) >= 18 and len(tests) >= 18
END
}
