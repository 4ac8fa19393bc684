// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/oracle.
 *
 * Interface: asm.h
 * Invariants:
 * 1. put() is the only writer, and writes only below cap.
 * 2. The forms with a ModRM byte of their own have base rbx and no index; their displacement is
 *    an s16. There is no other memory operand.
 * 3. ADD_BX are the only forms that write rbx, and they write its low 16 bits.
 */
#include "asm.h"

/* What follows the opcode and the cell: the low bits are its length in bytes. */
enum imm { NONE = 0, IMM8 = 1, IMM16 = 2, IMM32 = 4, REL32 = 0x80 | 4 };

/* Opcode bytes, first in the lowest; how many; ModRM with mod 0 (0: no cell); what follows. */
static const struct {
	u32 opcode;
	u8 opcode_len, modrm, imm;
} forms[BFK_FORMS] = {
	[BFK_FORM_ENDBR64] = { 0xfa1e0ff3, 4, 0, NONE },	/* endbr64 */
	[BFK_FORM_ADD_CELL_IMM] = { 0x80, 1, 0x03, IMM8 },	/* add byte [rbx + disp], imm8 */
	[BFK_FORM_MOV_CELL_IMM] = { 0xc6, 1, 0x03, IMM8 },	/* mov byte [rbx + disp], imm8 */
	[BFK_FORM_CMP_CELL_IMM] = { 0x80, 1, 0x3b, IMM8 },	/* cmp byte [rbx + disp], imm8 */
	[BFK_FORM_ADD_CELL_AL] = { 0x00, 1, 0x03, NONE },	/* add [rbx + disp], al */
	[BFK_FORM_SUB_CELL_AL] = { 0x28, 1, 0x03, NONE },	/* sub [rbx + disp], al */
	[BFK_FORM_MOVZX_EAX_CELL] = { 0xb60f, 2, 0x03, NONE },	/* movzx eax, byte [rbx + disp] */
	[BFK_FORM_IMUL_EAX_IMM] = { 0xc06b, 2, 0, IMM8 },	/* imul eax, eax, imm8 */
	[BFK_FORM_ADD_BX_IMM8] = { 0xc38366, 3, 0, IMM8 },	/* add bx, imm8 */
	[BFK_FORM_ADD_BX_IMM16] = { 0xc38166, 3, 0, IMM16 },	/* add bx, imm16 */
	[BFK_FORM_SUB_R12_IMM] = { 0xec8349, 3, 0, IMM8 },	/* sub r12, imm8 */
	[BFK_FORM_MOV_ESI_IMM] = { 0xbe, 1, 0, IMM32 },		/* mov esi, imm32 */
	[BFK_FORM_MOV_EDI_IMM] = { 0xbf, 1, 0, IMM32 },		/* mov edi, imm32 */
	[BFK_FORM_TEST_EAX_EAX] = { 0xc085, 2, 0, NONE },	/* test eax, eax */
	[BFK_FORM_JB] = { 0x820f, 2, 0, REL32 },		/* jb rel32 */
	[BFK_FORM_JE] = { 0x840f, 2, 0, REL32 },		/* je rel32 */
	[BFK_FORM_JNE] = { 0x850f, 2, 0, REL32 },		/* jne rel32 */
	[BFK_FORM_JMP] = { 0xe9, 1, 0, REL32 },			/* jmp rel32 */
	[BFK_FORM_CALL] = { 0xe8, 1, 0, REL32 },		/* call rel32 */
};

/* Appends the low @n bytes of @bytes, lowest first, all or none. */
static void put(struct bfk_asm *a, u64 bytes, u32 n)
{
	if (a->failed || n > a->cap - a->len) {
		a->failed = true;
		return;
	}
	for (; n--; bytes >>= 8, a->len++)
		if (a->out)
			a->out[a->len] = bytes;
}

void bfk_asm(struct bfk_asm *a, enum bfk_form form, s16 disp, s64 arg)
{
	u32 disp_len = !disp ? 0 : disp == (s8)disp ? 1 : 4;
	u8 mod = !disp ? 0x00 : disp == (s8)disp ? 0x40 : 0x80;

	put(a, forms[form].opcode, forms[form].opcode_len);
	if (forms[form].modrm) {
		put(a, forms[form].modrm | mod, 1);
		put(a, (s32)disp, disp_len);
	}
	if (forms[form].imm == REL32) {
		arg -= (s64)a->len + 4;
		a->failed |= a->out && arg != (s32)arg;
	}
	put(a, arg, forms[form].imm & 7);
}
