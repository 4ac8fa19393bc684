/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The x86-64 encoder. What is listed here is all that generated code can contain. */
#pragma once

#include "env.h"

/* Instruction forms; the table in asm.c has the encodings. RM is a place, R a byte register. */
/* clang-format off */
enum bfk_form {
	BFK_FORM_ENDBR64, BFK_FORM_TEST_EAX_EAX, BFK_FORM_SUB_RBP_1,
	BFK_FORM_ADD_RM_IMM, BFK_FORM_MOV_RM_IMM, BFK_FORM_ADD_RM_R, BFK_FORM_SUB_RM_R,
	BFK_FORM_MOV_RM_R, BFK_FORM_CMP_RM_R, BFK_FORM_ADD_R_RM, BFK_FORM_SUB_R_RM,
	BFK_FORM_MOVZX_R_RM, BFK_FORM_IMUL_EAX_IMM, BFK_FORM_ADD_BX_IMM8, BFK_FORM_ADD_BX_IMM16,
	BFK_FORM_MOV_RAX_CELLS, BFK_FORM_MOV_RAX_IMM64, BFK_FORM_MOV_RSI_IMM64,
	BFK_FORM_ADD_RSI_RAX, BFK_FORM_AND_RSI_RAX, BFK_FORM_NOT_RAX, BFK_FORM_TEST_RSI_RAX,
	BFK_FORM_MOV_ESI_IMM, BFK_FORM_MOV_EDI_IMM,
	BFK_FORM_JE, BFK_FORM_JNE, BFK_FORM_JMP, BFK_FORM_CALL, BFK_FORMS
};
/* clang-format on */

/* R by its number in the machine: al, cl (which is always 0), or 8 + a register of op.h. */
enum bfk_r { BFK_R_AL = 0, BFK_R_CL = 1, BFK_R_REGS = 8 };

/**
 * struct bfk_rm - a place
 * @reg: a register of op.h, 0: the cell
 * @off: its offset from the head
 */
struct bfk_rm {
	u8 reg;
	s16 off;
};

/**
 * struct bfk_asm - where code goes
 * @out: the image, or NULL to measure
 * @len: bytes so far
 * @cap: bytes there is room for
 * @stub_off: where the stubs begin; found by measuring, needed for writing (emit.c)
 * @failed: sticky: nothing is written once something did not fit
 */
struct bfk_asm {
	u8 *out;
	u32 len, cap, stub_off;
	bool failed;
};

/**
 * bfk_asm - append one instruction without an RM
 * @a: where to
 * @form: which
 * @arg: the immediate; of a jump or call the target, as an offset in the image, which may lie
 *	outside of it; 0 if the form has none
 *
 * Sets @a->failed if there is no room, or (writing) if a target is out of rel32's reach.
 */
void bfk_asm(struct bfk_asm *a, enum bfk_form form, s64 arg);

/**
 * bfk_asm_rm - append one instruction with an RM
 * @a: where to
 * @form: which
 * @reg: R, 0 if the form has none
 * @rm: RM
 * @arg: the immediate, 0 if the form has none
 *
 * Sets @a->failed if there is no room.
 */
void bfk_asm_rm(struct bfk_asm *a, enum bfk_form form, u8 reg, struct bfk_rm rm, s64 arg);
