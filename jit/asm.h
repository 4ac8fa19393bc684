/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The x86-64 encoder: one small function per instruction form. Cells are [rbx + disp].
 *
 * The encoder is sticky: once it would write past cap or a displacement does not fit, it
 * writes nothing more and failed stays set. With out == NULL it only measures.
 */
#ifndef BFK_ASM_H
#define BFK_ASM_H

#include "env.h"

/**
 * struct bfk_asm - where code goes
 * @out: the image, or NULL to measure
 * @addr: address the image will run at; rel32 to the outside is measured from it
 * @len: bytes so far
 * @cap: bytes there is room for
 * @failed: sticky
 */
struct bfk_asm {
	u8 *out;
	u64 addr;
	u32 len;
	u32 cap;
	bool failed;
};

/* Condition codes of jcc, as in the opcode. */
enum bfk_cc {
	BFK_CC_B = 0x2,
	BFK_CC_E = 0x4,
	BFK_CC_NE = 0x5,
};

void bfk_asm_endbr64(struct bfk_asm *a);
void bfk_asm_add_cell_imm(struct bfk_asm *a, s16 disp, u8 imm);
void bfk_asm_mov_cell_imm(struct bfk_asm *a, s16 disp, u8 imm);
void bfk_asm_cmp_cell_zero(struct bfk_asm *a, s16 disp);
void bfk_asm_add_cell_al(struct bfk_asm *a, s16 disp);
void bfk_asm_sub_cell_al(struct bfk_asm *a, s16 disp);
void bfk_asm_movzx_eax_cell(struct bfk_asm *a, s16 disp);
void bfk_asm_imul_eax_imm(struct bfk_asm *a, u8 imm);
void bfk_asm_add_bx_imm(struct bfk_asm *a, s16 imm);
void bfk_asm_sub_fuel_one(struct bfk_asm *a);
void bfk_asm_mov_esi_imm(struct bfk_asm *a, u32 imm);
void bfk_asm_mov_edi_imm(struct bfk_asm *a, u32 imm);
void bfk_asm_test_eax(struct bfk_asm *a);
/* Targets of these are offsets in the image; of the two below, addresses. */
void bfk_asm_jcc(struct bfk_asm *a, enum bfk_cc cc, u32 to_off);
void bfk_asm_jmp(struct bfk_asm *a, u32 to_off);
void bfk_asm_call_out(struct bfk_asm *a, u64 to_addr);
void bfk_asm_jmp_out(struct bfk_asm *a, u64 to_addr);

#endif
