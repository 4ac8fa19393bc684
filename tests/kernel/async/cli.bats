# SPDX-License-Identifier: GPL-2.0-only
# bfk run --async: tests that do not depend on the engine.

bats_require_minimum_version 1.5.0
load helpers

@test "run --async (one program cannot be loaded): nothing runs" {
    printf '+]' >open.bf
    run -1 --separate-stderr "$bfk" run --async -E jit a.bf open.bf
    [ "$output" = '' ]
    [[ $stderr = *'bfk: open.bf:1:2: unbalanced ]'* ]]
    run -1 --separate-stderr "$bfk" run --async -E jit a.bf missing.bf
    [ "$output" = '' ]
}

@test "run --async (a slot for all, and one of a program's own): each gets its file" {
    run -0 --separate-stderr "$bfk" run --async -E jit --slot 0=b.bf cat.bf 1=1.out:w cat.bf 0=a.bf 1=2.out:w
    cmp 1.out b.bf
    cmp 2.out a.bf
}

@test "run --async (no program, -e or --tape): usage, exit status 2" {
    run -2 "$bfk" run --async
    run -2 "$bfk" run --async -e +
    run -2 "$bfk" run --async --tape a.bf a.bf
    run -2 "$bfk" run --async --tape-out out a.bf
}

@test "run --async (standard error is a terminal): progress is shown and erased" {
    run -0 script -qec "TERM=xterm '$bfk' run --async -E jit --fuel 2000000000 a.bf 1=/dev/null loop.bf || true" /dev/null
    [[ $output = *$'\r\e[K1 of 2 running, '* ]]
    [[ $output = *$'\r\e[Kbfk: loop.bf: out of fuel after '* ]]
}

@test "run --async (standard error is no terminal): it has no escapes" {
    run -0 --separate-stderr "$bfk" run --async -E jit a.bf b.bf
    [[ $stderr != *$'\e'* && $stderr != *$'\r'* ]]
}
