#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The proofs fail when a line of the emitter or the encoder is broken, and name the op.

bats_require_minimum_version 1.5.0

repo=$(realpath "$BATS_TEST_DIRNAME/../../..")

# broken GROUP PATTERN FILE SED: the proof of a copy of the sources, with FILE edited by SED, must fail.
broken() {
    local tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree"
    cp -r "$repo"/{bfk,jit} "$tree/"
    sed -i "$4" "$tree/$3"
    run -1 diff -q "$repo/$3" "$tree/$3" # the edit must change something
    PROVE_TREE=$tree PROVE=quick PROVE_ONLY=$1 run -1 timeout 3000 "$repo/tests/language/prove/prove.sh"
    [[ ${lines[-1]} == FAILED*$2* ]] || { echo "${lines[-1]}"; return 1; }
}

@test "a move of 32 bits instead of 16 is not proved" {
    broken data 'MOVE by 8 bits' jit/x86_asm.h 's/BFK_FORM(0xc38366, 3, 1)/BFK_FORM(0xc383, 2, 1)/'
}

@test "a displacement of the wrong sign is not proved" {
    broken data 'cell+disp' jit/x86_asm.c 's/disp = (u64)rm.off/disp = (u64)-rm.off/'
}

@test "a displacement of 128 in one byte is not proved" {
    broken data 'has code of another form' jit/x86_asm.c 's/rm.off == (s8)rm.off/rm.off >= -128 \&\& rm.off <= 128/'
}

@test "a byte register without its REX prefix is not proved" {
    broken data '<- r2' jit/x86_asm.c 's/ | (rm.reg > 0);/;/'
}

@test "a source register without its REX prefix is not proved" {
    broken data 'MULADD cell <- r' jit/x86_asm.c 's/(reg >= 8) << 2/(reg >= 8 \&\& rm.reg) << 2/'
}

@test "a loop that pays two units of fuel is not proved" {
    broken jump 'NEXT cell' jit/x86_asm.h 's/BFK_FORM(0x01ed8348, 4, 0)/BFK_FORM(0x02ed8348, 4, 0)/'
}

@test "a loop that pays none is not proved" {
    broken jump 'NEXT cell' jit/x86_emit.c '/BFK_FORM_SUB_RBP_1, 0/d'
}

@test "a test omitted after a MUL is not proved" {
    broken jump 'after anything else' jit/x86_emit.c 's/last->kind == BFK_OP_MULADD;/last->kind >= BFK_OP_MULADD;/'
}

@test "a stop with the number of the previous op is not proved" {
    broken jump 'NEXT cell' jit/x86_emit.c 's/MOV_ESI_IMM, op->match + 1/MOV_ESI_IMM, op->match/'
}

@test "an op of the host with the number of the next one is not proved" {
    broken host 'END' jit/x86_emit.c 's/MOV_ESI_IMM, op_ix/& + 1/'
}

@test "an IF8 that tests bit 6 is not proved" {
    broken if8 'IF8' jit/x86_emit.c 's/ones << 7/ones << 6/'
}

@test "a scan that pays nothing is not proved" {
    # shellcheck disable=SC2016 # for sed
    broken host 'where the jumps' jit/x86_emit.c '/case BFK_OP_NEXT:/a if (op->match + 2 == op_ix \&\& op[-1].kind == BFK_OP_MOVE) { bfk_asm(a, BFK_FORM_JMP, ops[op->match + 1].text_off); break; }'
}
