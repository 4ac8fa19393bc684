#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Does the benchmark of compilation detect time that grows faster than the source, and are its sources well-formed?

# shellcheck disable=SC2016 # the scripts expand
bats_require_minimum_version 1.5.0
load bench

compile() {
    "$python3" -B "$repo/tests/perf/bench/compile.py" --compile engines/compile --out out --cpu "$cpu" "$@" programs
}

# compiler EXPRESSION: makes one that takes that many ns for n bytes.
compiler() {
    head -c 900 /dev/zero | tr '\0' + >programs/long.b
    engine compile 'shift; for file; do n=$(wc -c <"$file")
        echo "{\"bytes\": $n, \"ns\": $(('"$1"')), \"n\": 1, \"ops\": 1, \"text\": 1}"; done'
}

@test "bench-compile (time proportional to size) exits 0, with a table and JSON" {
    compiler 'n * 10'
    run -0 compile --levels "0 2" --max 262144
    has '-O0 programs' '-O2 busy nest' '100.0' 'size ^ 1.00' 'largest growth for 4 times the size: 4.00'
    python '
import json
lines = [json.loads(line) for line in open("out/compile.jsonl")]
assert len(lines) == 2 * 7 * 5 and all(l["mb_per_s"] == 100 for l in lines), lines
'
}

@test "bench-compile (time proportional to size squared) names the step and exits 1" {
    compiler 'n * n / 100 + 1'
    run -1 compile --kinds random --max 262144
    has 'size ^ 2.00' '-O2 random, 64 KiB to 256 KiB: 16.0 times as long for 4 times the size, more than 6'
}

@test "bench-compile (only the last step is too steep) exits 1" {
    compiler 'n > 2000000 ? n * 20 : n * 10' # up to 4 MiB by default
    run -1 compile --kinds nested --levels 0
    has '-O0 nested, 1 MiB to 4 MiB: 8.0 times'
    [ "$(grep -c 'times as long' <<<"$output")" = 1 ]
}

@test "bench-compile --at-least fails for less, and only then" {
    compiler 'n * 10'
    run -0 compile --kinds programs --max 1048576 --at-least '0=100 2=99.9'
    run -1 compile --kinds programs --max 1048576 --at-least '0=100 2=101'
    has '-O2: 100.0 MB/s of programs, less than 101'
    run -1 compile --kinds programs --max 262144 --at-least '0=1'
    has 'no programs of 1 MiB or more'
    run -2 compile --at-least 'fast'
}

@test "bench-compile (nothing to compile with, or it fails) exits 2" {
    run -2 compile
    has 'make build/bench/compile'
    engine compile 'echo "no luck" >&2; exit 1'
    run -2 compile
    has 'no luck'
    run -2 compile --kinds frobnicate
    has "there is no 'frobnicate'"
}

@test "sources to compile (all kinds and sizes) balance, fit, and are the same every time" {
    python '
from sources import KINDS
programs = ["+[->+<]", "[" * 100 + "]" * 100]
for kind, make in KINDS.items():
    for size in (1024, 16384, 65536):
        text = make(size, programs)
        assert text == make(size, programs), kind
        assert len(text) <= size and len(text) > size - 207, (kind, size, len(text))
        assert set(text) <= set("+-<>[].,"), kind
        depth = 0
        for c in text:
            depth += (c == "[") - (c == "]")
            assert depth >= 0, kind
        assert depth == 0, kind
'
}

@test "the timed compiler compiles all kinds at all levels" {
    ln -s "$repo/build/bench/compile" engines/compile
    run -0 compile --levels "0 1 2" --max 4096 --from 1024 --at-most 100
    has '-O0 programs' '-O1 random' '-O2 busy nest'
    python 'import json; assert all(json.loads(l)["text"] > 0 for l in open("out/compile.jsonl"))'
    run -2 engines/compile 3 programs/one.b
    echo ']' >programs/wrong.b
    run -1 engines/compile 0 programs/wrong.b
    has 'programs/wrong.b: '
}

@test "the patches of the builds without ring and without fuel apply to the sources" {
    MAKE=true run -0 "$repo/tests/perf/bench/variant.sh" "$PWD/bare" "$repo/tests/perf/bench/no-ring.patch" \
        "$repo/tests/perf/bench/no-fuel.patch"
    grep -q 'add rbx, imm32' bare/src/jit/x86_asm.h
    run -1 grep -q 'SUB_RBP_1' bare/src/jit/x86_emit.c
}

@test "a patch that does not apply to the sources is an error" {
    sed 's/imm16/imm17/' "$repo/tests/perf/bench/no-ring.patch" >old.patch
    MAKE=true run -1 "$repo/tests/perf/bench/variant.sh" "$PWD/old" "$PWD/old.patch"
    has 'old.patch no longer applies to the sources'
}
