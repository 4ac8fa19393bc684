// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/oracle.
 *
 * Interface: asm.h
 * Invariants:
 * 1. put() is the only writer, and writes only below cap.
 * 2. A memory operand is [rbx + disp], disp an s16, made in bfk_asm_rm(). There is no other.
 * 3. Byte registers are al, cl and r9b to r15b: none needs a REX prefix to be what it is but
 *    the last seven, whose high bit is in it.
 * 4. ADD_BX are the only forms that write rbx, and they write its low 16 bits.
 */
#include "asm.h"

/* What follows the opcode and the place: the low bits are its length in bytes. */
enum imm { NONE = 0, IMM8 = 1, IMM16 = 2, IMM32 = 4, IMM64 = 8, REL32 = 0x80 | 4 };

/* Opcode bytes, first in the lowest; how many; what follows the place. */
static const struct {
	u32 opcode;
	u8 opcode_len, imm;
} forms[BFK_FORMS] = {
	[BFK_FORM_ENDBR64] = { 0xfa1e0ff3, 4, NONE },	  /* endbr64 */
	[BFK_FORM_TEST_EAX_EAX] = { 0xc085, 2, NONE },	  /* test eax, eax */
	[BFK_FORM_SUB_RBP_1] = { 0x01ed8348, 4, NONE },	  /* sub rbp, 1 */
	[BFK_FORM_ADD_RM_IMM] = { 0x80, 1, IMM8 },	  /* add rm8, imm8 */
	[BFK_FORM_MOV_RM_IMM] = { 0xc6, 1, IMM8 },	  /* mov rm8, imm8 */
	[BFK_FORM_ADD_RM_R] = { 0x00, 1, NONE },	  /* add rm8, r8 */
	[BFK_FORM_SUB_RM_R] = { 0x28, 1, NONE },	  /* sub rm8, r8 */
	[BFK_FORM_MOV_RM_R] = { 0x88, 1, NONE },	  /* mov rm8, r8 */
	[BFK_FORM_CMP_RM_R] = { 0x38, 1, NONE },	  /* cmp rm8, r8 */
	[BFK_FORM_ADD_R_RM] = { 0x02, 1, NONE },	  /* add r8, rm8 */
	[BFK_FORM_SUB_R_RM] = { 0x2a, 1, NONE },	  /* sub r8, rm8 */
	[BFK_FORM_MOVZX_R_RM] = { 0xb60f, 2, NONE },	  /* movzx r32, rm8 */
	[BFK_FORM_IMUL_EAX_IMM] = { 0xc06b, 2, IMM8 },	  /* imul eax, eax, imm8 */
	[BFK_FORM_ADD_BX_IMM8] = { 0xc38366, 3, IMM8 },	  /* add bx, imm8 */
	[BFK_FORM_ADD_BX_IMM16] = { 0xc38166, 3, IMM16 }, /* add bx, imm16 */
	[BFK_FORM_MOV_RAX_CELLS] = { 0x8b48, 2, NONE },	  /* mov rax, [rbx + disp] */
	[BFK_FORM_MOV_RAX_IMM64] = { 0xb848, 2, IMM64 },  /* mov rax, imm64 */
	[BFK_FORM_MOV_RSI_IMM64] = { 0xbe48, 2, IMM64 },  /* mov rsi, imm64 */
	[BFK_FORM_ADD_RSI_RAX] = { 0xc60148, 3, NONE },	  /* add rsi, rax */
	[BFK_FORM_AND_RSI_RAX] = { 0xc62148, 3, NONE },	  /* and rsi, rax */
	[BFK_FORM_NOT_RAX] = { 0xd0f748, 3, NONE },	  /* not rax */
	[BFK_FORM_TEST_RSI_RAX] = { 0xc68548, 3, NONE },  /* test rsi, rax */
	[BFK_FORM_MOV_ESI_IMM] = { 0xbe, 1, IMM32 },	  /* mov esi, imm32 */
	[BFK_FORM_MOV_EDI_IMM] = { 0xbf, 1, IMM32 },	  /* mov edi, imm32 */
	[BFK_FORM_JE] = { 0x840f, 2, REL32 },		  /* je rel32 */
	[BFK_FORM_JNE] = { 0x850f, 2, REL32 },		  /* jne rel32 */
	[BFK_FORM_JMP] = { 0xe9, 1, REL32 },		  /* jmp rel32 */
	[BFK_FORM_CALL] = { 0xe8, 1, REL32 },		  /* call rel32 */
};

/* Appends the low @n bytes of @bytes, lowest first, all or none; n is 1 to 8. */
static void put(struct bfk_asm *a, u64 bytes, u32 n)
{
	u32 room = a->cap - a->len;

	if (n > room) {
		a->failed = true;
		a->cap = a->len;
		return;
	}
	if (a->out && room >= 8)
		memcpy(a->out + a->len, &bytes, 8); /* what is too much is written over next */
	else if (a->out)
		memcpy(a->out + a->len, &bytes, n);
	a->len += n;
}

void bfk_asm(struct bfk_asm *a, enum bfk_form form, s64 arg)
{
	u32 opcode_len = forms[form].opcode_len, len = opcode_len + (forms[form].imm & 0xf);

	if (forms[form].imm == REL32) {
		arg -= (s64)a->len + len;
		a->failed |= a->out && arg != (s32)arg;
	}
	if (forms[form].imm == IMM64) {
		put(a, forms[form].opcode, opcode_len);
		put(a, arg, 8);
	} else {
		put(a, forms[form].opcode | (u64)arg << 8 * opcode_len, len);
	}
}

void bfk_asm_rm(struct bfk_asm *a, enum bfk_form form, u8 reg, struct bfk_rm rm, s64 arg)
{
	u32 disp_len = rm.reg || !rm.off ? 0 : rm.off == (s8)rm.off ? 1 : 4;
	u8 mod = rm.reg ? 0xc0 : !rm.off ? 0x00 : disp_len == 1 ? 0x40 : 0x80;
	u8 rex = 0x40 | (reg >= 8 ? 4 : 0) | (rm.reg ? 1 : 0);
	u32 opcode_len = forms[form].opcode_len, len = opcode_len + 1 + disp_len;
	u64 disp = disp_len == 4 ? (u32)rm.off : disp_len ? (u8)rm.off : 0;
	u64 code = forms[form].opcode | disp << 8 * (opcode_len + 1);

	code |= (u64)(mod | (reg & 7) << 3 | (rm.reg ? rm.reg : 3)) << 8 * opcode_len;
	if (forms[form].imm)
		code |= (u64)arg << 8 * len++;
	if (rex != 0x40)
		put(a, rex | code << 8, len + 1);
	else
		put(a, code, len);
}
