#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # bats sets $stderr
# Where there is no machine code the module, libbfk and bfk say so. In the guest, with the module inserted.

bats_require_minimum_version 1.5.0
load ../device/helpers
setup_file() { [ -d /sys/module/bfk ] || bfk_load; }
setup() { kernel_mark; cd "$BATS_TEST_DIRNAME/../../.." || return; }
teardown() { kernel_check; }

bfk=build/bfk
none='there is no machine code on this architecture'

without_device() { # COMMAND...: as somebody who may not open /dev/bfk
    chmod 755 . build
    setpriv --reuid 1000 --regid 1000 --clear-groups "$@"
}

@test "run (-E jit) fails with status 3, says why, and what there is instead" {
    run -3 $bfk run -E jit -e +
    [ "${lines[0]}" = "bfk: engine jit: $none" ]
    [[ ${lines[1]} == *'--engine kernel, or --engine interp'* ]]
    run -0 $bfk run -E interp examples/hello.bf
    hello=$output
    run -0 $bfk run -E kernel examples/hello.bf
    [ "$output" = "$hello" ]
}

@test "run (no engine named) is the kernel's, and without the device interp, with the same output" {
    run -0 $bfk run examples/hello.bf
    hello=$output
    run -0 --separate-stderr $bfk run --stats examples/hello.bf
    [ "$output" = "$hello" ]
    [[ $stderr == *'engine:       kernel (interpreted: no machine code on this architecture)'* ]]
    run -0 --separate-stderr without_device $bfk run --stats examples/hello.bf
    [ "$output" = "$hello" ]
    [[ $stderr == *'engine:       interp'* ]]
}

@test "info says that there is no machine code, and of jit that there is no such engine" {
    for engine in kernel kernel-interp interp; do
        run -0 $bfk info -E $engine
        [[ $output == *'machine code:    no'* && $output != *arena* ]]
        run -0 $bfk info -E $engine --json
        [[ $output == *'"jit":false'*'"text_len":0,"text_free_len":0'* ]]
    done
    run -3 $bfk info -E jit
    [[ $output == *"$none"* ]]
    run -0 without_device $bfk info
    [[ $output == *'engine:          interp'* ]]
    run -0 without_device $bfk ops
}

@test "dump and audit have no code to show: of jit status 3, of the kernel's program status 1" {
    for command in dump audit; do
        run -3 $bfk $command -e +
        [[ $output == *"engine jit: $none"* ]]
        run -1 $bfk $command -E kernel -e +
        [[ $output == *'the program is interpreted there, so it has no machine code'* ]]
    done
}

@test "check counts the ops that there are, and no bytes of machine code" {
    run -0 $bfk check examples/hello.bf
    [[ $output =~ ^examples/hello.bf:\ [1-9][0-9]*\ ops,\ 0\ bytes ]]
}

@test "the module has no text that programs could be written to" {
    run -0 cat /proc/kallsyms
    [[ $output == *'bfk_interp'*'[bfk]'* ]]
    [[ $output != *bfk_text_arena* && $output != *bfk_enter* && $output != *bfk_emit* ]]
}
