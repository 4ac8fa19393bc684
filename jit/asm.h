/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The x86-64 encoder. What is listed here is all that generated code can contain. */
#pragma once

#include "env.h"

/* Instruction forms. Cells are [rbx + disp]; the table in asm.c has the encodings. */
/* clang-format off */
enum bfk_form {
	BFK_FORM_ENDBR64, BFK_FORM_TEST_EAX_EAX, BFK_FORM_SUB_R12_IMM,
	BFK_FORM_ADD_CELL_IMM, BFK_FORM_MOV_CELL_IMM, BFK_FORM_CMP_CELL_IMM,
	BFK_FORM_ADD_CELL_AL, BFK_FORM_SUB_CELL_AL, BFK_FORM_MOVZX_EAX_CELL,
	BFK_FORM_IMUL_EAX_IMM, BFK_FORM_ADD_BX_IMM8, BFK_FORM_ADD_BX_IMM16,
	BFK_FORM_MOV_ESI_IMM, BFK_FORM_MOV_EDI_IMM,
	BFK_FORM_JB, BFK_FORM_JE, BFK_FORM_JNE, BFK_FORM_JMP, BFK_FORM_CALL, BFK_FORMS
};
/* clang-format on */

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
 * bfk_asm - append one instruction
 * @a: where to
 * @form: which
 * @disp: of the cell, 0 if the form has none
 * @arg: the immediate; of a jump or call the target, as an offset in the image, which may lie
 *	outside of it; 0 if the form has none
 *
 * Sets @a->failed if there is no room, or (writing) if a target is out of rel32's reach.
 */
void bfk_asm(struct bfk_asm *a, enum bfk_form form, s16 disp, s64 arg);
