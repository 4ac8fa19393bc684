#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The test machinery can fail: on the host, one boot of the 6.12 guest for most tests.
# shellcheck disable=SC2016 # it is the guest that expands

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
guest() { "$BATS_TEST_DIRNAME/run.sh" -k 6.12 "$@"; }

@test "a command that fails in the guest gives its status, its output, and only what it left in /out" {
    run -7 guest -o "$BATS_TEST_TMPDIR/out" -- bash -c 'echo "$1" | tee /out/kept >"$2"; cat "$2"; exit 7' x 'a  "b' \
        "$repo/build/not-kept"
    [ "$output" = 'a  "b' ]
    [ "$(<"$BATS_TEST_TMPDIR/out/kept")" = 'a  "b' ]
    [ ! -e "$repo/build/not-kept" ]
}

@test "a guest that outlives its time limit, booting included, gives 124" {
    run -124 guest -t 6 -- 'sleep 1000'
    [[ $output == *'stopped after 6 s'* ]]
}

@test "a guest that says nothing for too long gives 124" {
    run -124 guest -w 6 -- 'sleep 1000'
    [[ $output == *'stopped after 6 s without output'* ]]
}

@test "the kernel engine can write to the standard output of a guest's command" {
    run -0 guest -- '. tests/vm/guest.bash && bfk_load && build/bfk run -E kernel examples/hello.bf'
    [ "$output" = "$("$repo/build/bfk" run -E jit "$repo/examples/hello.bf")" ]
}

@test "a guest's output is complete, whatever its command leaves running" {
    # The relay gets no processor while these run, and what it has not read fits into its pipe.
    run -3 guest -- 'chrt -i -p 0 "$(pgrep -f "[b]usybox cat")" || exit
        for i in 1 2 3 4; do while :; do :; done & done
        seq 9000
        exit 3'
    [ "$output" = "$(seq 9000)" ]
}

@test "a kernel that panics gives 125 and shows its log" {
    run -125 guest -- 'echo c >/proc/sysrq-trigger; sleep 1000'
    [[ $output == *'Kernel panic'* ]]
}

@test "a guest that powers off before its command ends gives 125" {
    run -125 guest -- 'echo o >/proc/sysrq-trigger; sleep 1000'
    [[ $output == *'without a verdict'* ]]
}

@test "a kernel complaint fails the test it came in, and the run whatever the command's status" {
    run -125 guest -- '
        . tests/vm/guest.bash
        BATS_TEST_DESCRIPTION="a BUG: in the name of a test is none"
        kernel_mark; kernel_check && echo first passes
        echo "<4>WARNING: CPU: 0 PID: 1 at a test" >/dev/kmsg
        kernel_check || echo second fails
        kernel_mark; kernel_check && echo third passes'
    [[ $output == *'first passes'*'WARNING: CPU: 0 PID: 1'*'second fails'*'third passes'* ]]
}

@test "a module is not built from a source with a compiler or an objtool warning" {
    cd "$BATS_TEST_TMPDIR"
    mkdir build
    cp -r "$repo"/{Makefile,bfk,jit,syscall_ops,tests} .
    ln -s "$(cd "$repo/build/linux-6.12" && pwd)" build/
    printf '\n.text\n\tjmp *%%rax\n' >>bfk/enter.S
    run -1 tests/vm/kmod.sh 6.12
    [[ $output == *'indirect jump'* ]]
    [ ! -e build/kmod-6.12/bfk.ko ]
    echo 'static int unused;' >>bfk/dev.c
    run -1 tests/vm/kmod.sh 6.12
    [[ $output == *'defined but not used'* ]]
}

@test "the count of trusted lines fails above its budget" {
    LOC_BUDGET=1 run -1 "$repo/tests/loc.sh"
    [[ $output == *'of 1 lines'* ]]
}
