# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# helpers.bash - programs for the tests of bfk run --async.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    bfk=${BFK:-$BATS_TEST_DIRNAME/../../../build/bfk}
    printf '++++++++[>++++++++<-]>+.' >a.bf
    printf '++++++++[>++++++++<-]>++.' >b.bf
    printf ',[.,]' >cat.bf
    printf '+>>>+++++<<<%%q' >quit.bf
    printf '+[]' >loop.bf
    printf '+%%w' >bad.bf
    # 32 * 2^24 ns
    printf '+>>>>>>>>>>>-<<<<<<<<<<<%%n' >sleep.bf
}
