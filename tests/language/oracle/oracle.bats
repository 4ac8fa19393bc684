#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The oracle can fail.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../../..
oracle=$repo/build/tests/oracle

@test "the oracle (one assembly line is wrong) names the form, and both encodings" {
    for form in BFK_FORM_NOT_RAX BFK_FORM_ADD_RM_R BFK_FORM_MOV_RM_IMM BFK_FORM_CALL; do
        run -1 "$oracle" "$repo/jit/x86_asm.h" "$BATS_TEST_TMPDIR" --plant $form
        [ "$(grep -c '^not ok' <<<"$output")" = 1 ]
        [[ $output == *"# $form differs: "*"#   nasm "*"#   encoder "*"not ok"*"$form: "* ]]
    done
}

@test "the oracle (a form of the header has no case) fails" {
    sed 's/^#define BFK_FORM_JMP .*/&\n#define BFK_FORM_NEW BFK_FORM(0x90, 1, 0)/' "$repo/jit/x86_asm.h" >"$BATS_TEST_TMPDIR/asm.h"
    run -1 "$oracle" "$BATS_TEST_TMPDIR/asm.h" "$BATS_TEST_TMPDIR"
    [[ $output == *"not ok"*"BFK_FORM_NEW: 0 of 0"* ]]
}

@test "the oracle (nasm fails) fails" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/nasm"
    chmod +x "$BATS_TEST_TMPDIR/bin/nasm"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH run -1 "$oracle" "$repo/jit/x86_asm.h" "$BATS_TEST_TMPDIR"
    [[ $output == *"not ok 1"* ]]
}
