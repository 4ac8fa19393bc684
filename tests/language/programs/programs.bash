# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Runs programs on every engine in $ENGINES. Loaded by the bats files here.

programs=$BATS_TEST_DIRNAME
repo=$programs/../../..
bfk=${BFK:-$repo/build/bfk}
ENGINES=${ENGINES:-jit interp}

# A program that does not end must not hang the tests: ten minutes are far more than any needs.
bfk_run() { timeout 600 "$bfk" run --engine "$@"; }

# In the guest, the kernel's engines run too, and its log is checked. Starting a program is slow there, and the
# guest has its own time limit.
if [ -e /run/vm/settings ]; then
    bfk_run() { "$bfk" run --engine "$@"; }
    load ../../harness/vm/guest
    setup_file() { bfk_load; }
    teardown_file() { bfk_unload; }
    setup() { kernel_mark; }
    teardown() { kernel_check; }
fi

# same FILE OUTPUT ENGINE: is the output the same as FILE?
same() {
    cmp "$1" "$2" || { echo "on engine $3"; return 1; }
}

# data NAME [OPTION]...: NAME.bf with NAME.in, if that exists, prints NAME.out on every engine.
data() {
    local name=$1 engine input=$programs/$1.in
    shift
    [ -e "$input" ] || input=/dev/null
    for engine in $ENGINES; do
        bfk_run "$engine" "$@" "$programs/$name.bf" <"$input" >"$BATS_TEST_TMPDIR/out" ||
            { echo "exit status $? on engine $engine"; return 1; }
        same "$programs/$name.out" "$BATS_TEST_TMPDIR/out" "$engine" || return 1
    done
}

# copies NAME INPUT: NAME.bf copies the file INPUT on every engine.
copies() {
    local engine
    for engine in $ENGINES; do
        bfk_run "$engine" "$programs/$1.bf" <"$2" >"$BATS_TEST_TMPDIR/out" || return 1
        same "$2" "$BATS_TEST_TMPDIR/out" "$engine" || return 1
    done
}

# made EXPECTED [INPUT]: the program on standard input prints EXPECTED (printf's %b) on every engine.
made() {
    local engine
    cat >"$BATS_TEST_TMPDIR/made.bf"
    printf '%b' "$1" >"$BATS_TEST_TMPDIR/expected"
    for engine in $ENGINES; do
        printf '%b' "${2-}" | bfk_run "$engine" "$BATS_TEST_TMPDIR/made.bf" >"$BATS_TEST_TMPDIR/out" || return 1
        same "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/out" "$engine" || return 1
    done
}

# times N TEXT: prints TEXT N times.
times() { head -c "$1" /dev/zero | sed "s/\x00/$2/g"; }
