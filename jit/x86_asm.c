// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/language/oracle.
 *
 * Interface: x86_asm.h
 * Invariants:
 * 1. put() is the only writer, and writes only below cap.
 * 2. A memory operand is [rbx + disp], disp an s16, made in bfk_asm_rm(). There is no other.
 * 3. Byte registers are al, cl and r9b to r15b: only r9b to r15b need a REX prefix, which holds
 *    bit 3 of their number.
 * 4. ADD_BX are the only forms that write rbx, and they write its low 16 bits.
 */
#include "x86_asm.h"

/*
 * Appends the low @len bytes of @bytes, at most 8, the lowest first. As long as there is room it
 * stores all 8, which is one instruction: the next call overwrites those that are too much.
 */
static void put(struct bfk_asm *a, u64 bytes, u32 len)
{
	u32 room = a->cap - a->len;

	a->failed |= len > room;
	if (a->failed)
		return;
	if (a->out && room >= sizeof(bytes))
		memcpy(a->out + a->len, &bytes, sizeof(bytes));
	else if (a->out)
		memcpy(a->out + a->len, &bytes, len);
	a->len += len;
}

void bfk_asm(struct bfk_asm *a, u64 form, s64 arg)
{
	u32 opcode_len = form >> 32 & 0xff, imm_len = form >> 40 & 0xff;

	if (form & BFK_REL32) {
		arg -= (s64)a->len + opcode_len + imm_len;
		a->failed |= a->out && arg != (s32)arg;
	}
	put(a, form, opcode_len);
	if (imm_len)
		put(a, arg, imm_len);
}

/*
 * The parts of an instruction: REX, opcode, ModRM, displacement, immediate. Bits R and B of REX
 * hold bit 3 of reg and of rm.
 */
void bfk_asm_rm(struct bfk_asm *a, u64 form, u8 reg, struct bfk_rm rm, s64 arg)
{
	u8 rex = 0x40 | (reg >= 8) << 2 | (rm.reg > 0);
	u8 modrm = (reg & 7) << 3;
	u64 disp = (u64)rm.off << 8;

	if (rex > 0x40)
		put(a, rex, 1);
	put(a, form, form >> 32 & 0xff);
	if (rm.reg)
		put(a, modrm | 0xc0 | rm.reg, 1); /* r9b to r15b */
	else if (!rm.off)
		put(a, modrm | 0x03, 1); /* [rbx] */
	else if (rm.off == (s8)rm.off)
		put(a, modrm | 0x43 | disp, 2); /* [rbx + disp8] */
	else
		put(a, modrm | 0x83 | disp, 5); /* [rbx + disp32] */
	if (form >> 40 & 0xff)
		put(a, arg, form >> 40 & 0xff);
}
