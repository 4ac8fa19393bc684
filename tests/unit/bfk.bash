# SPDX-License-Identifier: GPL-2.0
# For tests of the bfk command, $bfk: each has a folder of its own, and no engine is chosen by the environment.
load ../harness/output

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    unset BFK_ENGINE
}

# Runs machine code in this process, which needs no device.
jit() { "$bfk" run --engine jit "$@"; }

# ops_of OPTION...: prints how many ops are loaded.
ops_of() { jit --stats "$@" 2>&1 >/dev/null </dev/null | sed -n 's/^ops: *//p'; }

# on_terminal COMMAND: runs a shell command with a terminal as its standard output and error.
# Bash runs it: other shells drop exported functions.
on_terminal() { SHELL=$BASH script -qec "$1" /dev/null </dev/null; }
