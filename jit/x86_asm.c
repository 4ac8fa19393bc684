// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/oracle.
 *
 * Interface: x86_asm.h
 * Invariants:
 * 1. put() is the only writer, and writes only below cap.
 * 2. A memory operand is [rbx + disp], disp an s16, made in bfk_asm_rm(). There is no other.
 * 3. Byte registers are al, cl and r9b to r15b: none needs a REX prefix to be what it is but
 *    the last seven, whose high bit is in it.
 * 4. ADD_BX are the only forms that write rbx, and they write its low 16 bits.
 */
#include "x86_asm.h"

/* Appends the low @n bytes of @bytes, lowest first, all or none; n is 1 to 8. */
static void put(struct bfk_asm *a, u64 bytes, u32 n)
{
	u32 room = a->cap - a->len;

	a->failed |= n > room;
	if (a->failed)
		return;
	if (a->out && room >= 8)
		memcpy(a->out + a->len, &bytes, 8); /* what is too much is written over next */
	else if (a->out)
		memcpy(a->out + a->len, &bytes, n);
	a->len += n;
}

void bfk_asm(struct bfk_asm *a, u64 form, s64 arg)
{
	u32 opcode_len = form >> 32 & 0xff, imm_len = form >> 40 & 0xf;

	if (form >> 40 == BFK_REL32) {
		arg -= (s64)a->len + opcode_len + imm_len;
		a->failed |= a->out && arg != (s32)arg;
	}
	if (imm_len < 8)
		return put(a, (u32)form | (u64)arg << 8 * opcode_len, opcode_len + imm_len);
	put(a, (u32)form, opcode_len);
	put(a, arg, imm_len);
}

void bfk_asm_rm(struct bfk_asm *a, u64 form, u8 reg, struct bfk_rm rm, s64 arg)
{
	u32 disp_len = rm.reg || !rm.off ? 0 : rm.off == (s8)rm.off ? 1 : 4;
	u8 mod = rm.reg ? 0xc0 : disp_len == 4 ? 0x80 : disp_len ? 0x40 : 0x00;
	u8 rex = (reg >= 8 ? 0x44 : 0) | (rm.reg ? 0x41 : 0);
	u32 opcode_len = form >> 32 & 0xff, len = opcode_len + 1 + disp_len;
	u64 disp = disp_len == 4 ? (u32)rm.off : disp_len ? (u8)rm.off : 0;
	u64 code = (u32)form | disp << 8 * (opcode_len + 1);

	code |= (u64)(mod | (reg & 7) << 3 | (rm.reg ? rm.reg : 3)) << 8 * opcode_len;
	if (form >> 40)
		code |= (u64)arg << 8 * len++;
	put(a, rex ? rex | code << 8 : code, len + !!rex);
}
