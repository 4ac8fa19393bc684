#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The tracepoints, through tracefs. In the guest, with the module inserted.

bats_require_minimum_version 1.5.0
load helpers

bfk=$BATS_TEST_DIRNAME/../../../build/bfk
tracing=/sys/kernel/tracing
page=$BATS_TEST_DIRNAME/../../../userspace/man/bfk.4

setup_file() {
    [ -d /sys/module/bfk ] || bfk_load
    mountpoint -q $tracing || mount -t tracefs nodev $tracing
}

setup() {
    kernel_mark
    echo >$tracing/trace
    echo 1 >$tracing/tracing_on
    echo 1 >$tracing/events/bfk/enable
}

teardown() {
    echo 0 >$tracing/events/bfk/enable
    kernel_check
}

# Prints the lines of an event since setup, from its first field on.
traced() { # EVENT
    sed -n "s/.* $1: //p" $tracing/trace
}

# Prints the fields of an event, without those that every event has.
fields() { # EVENT
    sed -n '/print fmt/q; s/^\tfield:.*[ *]\([a-z_]*\);\toffset.*/\1/p' "$tracing/events/bfk/$1/format" |
        grep -v '^common_'
}

# Prints the fields that bfk(4) lists for an event.
in_manual() { # EVENT
    sed -n "/^\.It Va $1\$/,/^\.El/s/^\.It Va //p" "$page" | tail -n +2
}

@test "each tracepoint has the fields that the manual lists, in that order" {
    [ "$(fields bfk_sysop | wc -l)" = 9 ]
    [ "$(fields bfk_run_end | wc -l)" = 6 ]
    diff <(fields bfk_sysop) <(in_manual bfk_sysop)
    diff <(fields bfk_run_end) <(in_manual bfk_run_end)
}

# The CRC-32 of the program is computed by the command in bfk(4).
@test "each operation that is done, and the end of the run, is traced once, on both engines" {
    cd "$BATS_TEST_TMPDIR"
    # Frames of %i (arg 9, so it fails), %r (cap 2) and %q (arg 6); a %i whose go is 0 is skipped.
    printf '\1\0\0\11%012d\1\0\0\0\2\0%042d\1\0\0\6%012d' 0 0 0 | tr 0 '\0' >tape
    printf '%%i%%i>>>>>>>>>>>>>>>>%%r%048d%%q' 0 | tr 0 '>' >prog.bf
    hash=$(PATH=$(dirname "$bfk"):$PATH bash -c "$(sed -n '/^bfk compile/,/^\.Ed/{/^\.Ed/!p}' "$page")" | tr -d ' ')
    for engine in kernel kernel-interp; do
        echo >$tracing/trace
        echo xyz | run -6 "$bfk" run --engine $engine --tape tape prog.bf
        diff <(traced bfk_sysop) - <<END
program=$hash source_off=0 %i go=0 err=22 slot=0 arg=9 len=0 off=0
program=$hash source_off=20 %r go=1 err=0 slot=0 arg=0 len=2 off=0
program=$hash source_off=70 %q go=1 err=0 slot=0 arg=6 len=0 off=0
END
        diff <(traced bfk_run_end) <(echo "program=$hash status=1 exit_code=6 sysops=3 read_len=2 write_len=0")
    done
}

@test "a run (out of fuel) is traced with the status of its last RUN, and one that cannot start is not traced" {
    run -1 "$bfk" run --engine kernel --fuel 3 -e '+[]'
    cat $tracing/trace # shown if the next line fails
    [[ $(traced bfk_run_end) == *'status=3 '* ]]
    echo >$tracing/trace
    "$drivers/run" 'run (O_PATH descriptor) is EBADF'
    [ -z "$(traced bfk_run_end)" ]
}
