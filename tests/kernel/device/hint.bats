#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The command's hint for a file that only a process can use. In the guest, with the module inserted.

bats_require_minimum_version 1.5.0
load helpers
setup() { kernel_mark; }
teardown() { kernel_check; }

bfk=$BATS_TEST_DIRNAME/../../../build/bfk
# The engine that the hint recommends.
own=jit
[[ $K != arm64* ]] || own=interp
hint='hint: this may be a kind of file that only a process can use (see LIMITS in bfk(7)): try -E '$own

hinted() { # ENGINE SOURCE SLOT...: fails with EINVAL, and the hint is the last line
    run -1 "$bfk" run -E "$1" -e "$2" "${@:3}"
    [[ $output == *'failed: Invalid argument'* ]]
    [ "${lines[-1]}" = "  $hint" ]
}

@test "EINVAL of %r %g , (a file of /proc/net, in the kernel) comes with a hint to try an engine in a process" {
    for engine in kernel kernel-interp; do
        for source in '+%r' '+%g' ','; do
            hinted $engine "$source" 0=/proc/net/dev
        done
    done
}

@test "EINVAL of %w %p . (/dev/full, in the kernel) comes with a hint to try an engine in a process" {
    for engine in kernel kernel-interp; do
        for source in '+>>+>>>>+<<<<<<%w' '+>>+>>>>+<<<<<<%p' '.'; do
            hinted $engine "$source" 1=/dev/full:w
        done
    done
}

@test "the hint is right: that engine reads a file of /proc/net" {
    run -0 "$bfk" run -E $own -e ',[.,]' 0=/proc/net/dev
    [[ $output == *lo:* ]]
}

@test "other errors, operations and engines come without the hint" {
    run -1 "$bfk" run -E kernel -e '+%r' 0=/proc/self:d
    [[ $output == *'Is a directory'* && $output != *"$hint"* ]]
    run -1 "$bfk" run -E kernel -e '+>>>-<<<%m'
    [[ $output == *'Invalid argument'* && $output != *"$hint"* ]]
    run -1 "$bfk" run -E $own -e '+>>+>>>>->-<<<<<<<%w' 1=/dev/null:w # more than fits
    [[ $output == *'Invalid argument'* && $output != *"$hint"* ]]
}

@test "bfk(7) lists every file that a process can use and the kernel cannot" {
    local names name
    names=$(sed -n 's|.*{ "/\(.*\)", EINVAL }.*|\1|p' "$BATS_TEST_DIRNAME/kinds.c")
    [ "$(wc -l <<<"$names")" -ge 9 ]
    manual=$(sed -n '/^.Ss Files that only a process/,/^.Sh EXAMPLES/p' "$BATS_TEST_DIRNAME/../../../userspace/man/bfk.7")
    for name in $names; do
        [[ $manual == *"${name##*/}"* ]] || { echo "not named: $name"; return 1; }
    done
}
