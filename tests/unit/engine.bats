#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Which engine runs a program: --engine, BFK_ENGINE or the default, and what is printed when there is no device.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

# without_device COMMAND: runs a shell command with a /dev that has no bfk, or, if $forbidden is set, one that nobody
# can open, as the file system is mounted nodev.
without_device() {
    local forbid=''
    [ -z "${forbidden-}" ] || forbid='mknod /dev/bfk c 1 3 &&'
    if [ -z "$forbid" ] && [ ! -e /dev/bfk ]; then
        bash -c "$1"
    else
        unshare -m bash -c "mount -t tmpfs -o nodev none /dev && $forbid $1"
    fi
}

# Skips a test that needs another /dev.
needs_own_dev() { unshare -m true || skip "a /dev of its own takes root, and a root that is a mount point"; }

@test "run (no engine asked for, no device, a terminal) prints one line: it runs in this process, and why" {
    [ ! -e /dev/bfk ] || needs_own_dev
    export -f without_device
    run -0 on_terminal "bash -c 'without_device \"$bfk run -e +\"'"
    [[ $output == 'bfk: there is no /dev/bfk (is the module loaded?): running in this process ('* ]]
    [ ${#lines[@]} = 1 ]
}

@test "run (no engine asked for, no permission, a terminal) prints one line: it runs in this process, and why" {
    needs_own_dev
    export -f without_device
    export forbidden=1
    run -0 on_terminal "bash -c 'without_device \"$bfk run -e +\"'"
    [[ $output == 'bfk: no permission to open /dev/bfk: running in this process ('* ]]
    [ ${#lines[@]} = 1 ]
}

@test "run --async (no engine asked for, no device, a terminal) prints that line once for all programs" {
    [ ! -e /dev/bfk ] || needs_own_dev
    export -f without_device
    echo + >x.bf
    run -0 on_terminal "bash -c 'without_device \"$bfk run --async x.bf x.bf x.bf\"'"
    [ "$(grep -c 'running in this process' <<<"$output")" = 1 ]
}

@test "run (no engine asked for, no device, standard error in a pipe) prints no such line" {
    [ ! -e /dev/bfk ] || needs_own_dev
    run -0 without_device "$bfk run -e +"
    [ -z "$output" ]
}

@test "run (an engine asked for, by option or BFK_ENGINE, a terminal) prints no such line" {
    run -0 on_terminal "$bfk run -E interp -e +"
    [ -z "$output" ]
    run -0 on_terminal "BFK_ENGINE=interp $bfk run -e +"
    [ -z "$output" ]
}

@test "run (an engine of the kernel asked for, by option or BFK_ENGINE, and no device) exits 3 instead of another" {
    [ ! -e /dev/bfk ] || needs_own_dev
    for engine in kernel kernel-interp; do
        run -3 without_device "$bfk run -E $engine -e +"
        run -3 without_device "BFK_ENGINE=$engine $bfk run -e +"
        has 'cannot open /dev/bfk'
        run -3 without_device "BFK_ENGINE=$engine $bfk info"
        run -3 without_device "BFK_ENGINE=$engine $bfk bench $repo/examples/hello.bf"
    done
}

@test "BFK_ENGINE is the engine of run, bench, ops and info, and --engine wins over it" {
    for engine in jit interp; do
        export BFK_ENGINE=$engine
        run -0 "$bfk" run --stats -e +
        has "engine:       $engine"
        run -0 "$bfk" info
        has "engine:          $engine"
        run -0 "$bfk" ops
        run -0 "$bfk" bench "$repo/examples/hello.bf"
        has "engine $engine,"
    done
    run -0 "$bfk" run --stats -E jit -e +
    has 'engine:       jit'
    BFK_ENGINE=abacus run -0 "$bfk" run -E jit -e +
}

@test "BFK_ENGINE (not an engine) exits 2 and is named; (empty) is ignored" {
    for command in 'run -e +' 'bench x.bf' ops info; do
        echo + >x.bf
        # shellcheck disable=SC2086 # words
        BFK_ENGINE=abacus run -2 "$bfk" $command
        has "BFK_ENGINE: no engine is called 'abacus'" 'kernel, kernel-interp, jit, interp'
    done
    BFK_ENGINE='' run -0 "$bfk" run -e +
}

@test "BFK_ENGINE (an engine without machine code) does not affect dump and audit" {
    BFK_ENGINE=interp run -0 "$bfk" dump -e +
    has '(jit)'
    BFK_ENGINE=interp run -0 "$bfk" audit -e +
}

@test "run --service (BFK_ENGINE is of this process) exits 2 and names the variable" {
    BFK_ENGINE=jit run -2 "$bfk" run --service -e +
    has 'the service is for the kernel, and not for BFK_ENGINE=jit'
    BFK_ENGINE=jit run -3 "$bfk" submit -S ./nobody "$repo/examples/hello.bf"
}
