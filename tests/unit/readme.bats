#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# README.md, and the pages that it links to, match this tree.

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_DIRNAME/../.." || exit; }

@test "the reading order lists every trusted file, with its lines" {
    tests/source/reading.sh --check
}

@test "the reading order (a file has grown) is reported out of date" {
    cp -r .clang-format tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    echo 'int one_more;' >>bfk/dev.c
    run -1 tests/source/reading.sh --check
    [[ $output == *'out of date'* ]]
}

@test "the reading order (a new file) is reported incomplete" {
    cp -r .clang-format tests bfk jit syscall_ops "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    echo 'int one_more;' >bfk/another.c
    run -1 tests/source/reading.sh
    [[ $output == *'not complete'* ]]
}

@test "CI runs the test command of the README" {
    grep -q '^    make test ' README.md
    grep -qx 'exec make test </dev/null' .ci/run
}

@test "README.md has at most 900 words" {
    [ "$(wc -w <README.md)" -le 900 ]
}

@test "every file that a page links to exists" {
    python3 - README.md ./.github/*.md ./*/README.md ./*/*/README.md ./bfk/*.md <<'END'
import os, re, sys
n = 0
for page in sys.argv[1:]:
    for target in re.findall(r"\]\(([^)#]+)\)", open(page).read()):
        if target.startswith("https:"):
            continue
        assert os.path.exists(os.path.join(os.path.dirname(page), target)), f"{page}: no {target}"
        n += 1
print(n, "targets")
assert n > 80
END
}

@test "every figure is well-formed, has a title, a description and a dark theme" {
    python3 - bfk/figures/*.svg tests/perf/bench/speed.svg <<'END'
import sys, xml.etree.ElementTree as tree
assert len(sys.argv) > 3
for path in sys.argv[1:]:
    root = tree.parse(path).getroot()
    for part in ("title", "desc"):
        assert len(root.find(f"{{http://www.w3.org/2000/svg}}{part}").text) > 10, f"{path}: {part}"
    assert "prefers-color-scheme: dark" in open(path).read(), path
END
}

@test "the speed figure matches the tables of measurements" {
    python3 -B tests/perf/bench/figure.py --check
}

@test "the speed figure (a number in a table has changed) is reported out of date" {
    cp -r tests "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    sed -i 's/| collatz | 430.0 \(.*\) | 1.07 |/| collatz | 430.0 \1 | 1.08 |/' tests/perf/bench/README.md
    run -1 python3 -B tests/perf/bench/figure.py --check
    [[ $output == *'out of date'* ]]
}

@test "the README's one-liners work as described" {
    local repo=$PWD
    export PATH=$repo/build:$PATH
    one_liner() { sed -n "s/^    \($1.*\)/\1/p" "$repo/README.md"; }
    cp -r examples "$BATS_TEST_TMPDIR/"
    cd "$BATS_TEST_TMPDIR"
    seq 1000 | tee FROM | head -n 10 >FILE
    cp FROM A
    cp FROM B
    bash -ec "$(one_liner 'bfk run -e')"
    cmp FROM TO
    bash -ec "$(one_liner 'printf')" >OUT
    cmp FILE OUT
    run -0 --separate-stderr bash -ec "$(one_liner 'bfk run --async')"
    [ "$(sort <<<"$output" | tr '\n' ' ')" = '1000 3893 ' ]
    run -0 bash -ec "$(one_liner 'bfk audit')"
    [[ $output == *accepted* ]]
    [ "$(one_liner 'bfk run --listen')" = 'bfk run --listen 3=8007 examples/servers/echo-server.bf' ] # tests/language/servers has it
}

@test "each line that the threat model quotes is in the code, and each test it names exists" {
    python3 - <<'END'
import os, re
rows = re.search("<!-- promises -->(.*)<!-- end -->", open("bfk/THREAT-MODEL.md").read(), re.S)[1].splitlines()[3:]
quotes = [q for row in rows for q in re.findall(r"((?:jit|bfk|syscall_ops)/\w+\.[chS]) `([^`]+)`", row.replace("\\|", "|"))]
for file, quote in quotes:
    assert quote in open(file).read(), f"no {quote!r} in {file}"
tests = [t for row in rows for t in re.findall(r"\b((?:kernel/device|security/attacks|unit)/\w+\.(?:c|bats))", row)]
for test in tests:
    assert os.path.exists("tests/" + test), test
print(len(quotes), "lines,", len(tests), "tests")
assert len(quotes) >= 18 and len(tests) >= 18
END
}
