// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/oracle.
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
 * Appends the low @len bytes of @bytes, the lowest first, all or none of them. As long as there is
 * room it stores all 8, which is one instruction: the next call overwrites those that are too much.
 */
static void put(struct bfk_asm *a, u64 bytes, u32 len)
{
	u32 room = a->cap - a->len;

	a->failed |= len > sizeof(bytes) || len > room;
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
	if (imm_len == 8) { /* mov r64, imm64 is longer than put() can take at once */
		put(a, (u32)form, opcode_len);
		put(a, arg, imm_len);
	} else {
		put(a, (u32)form | (u64)arg << 8 * opcode_len, opcode_len + imm_len);
	}
}

/*
 * The bytes of an instruction: REX, opcode, ModRM, displacement, immediate. REX comes last here,
 * and moves the others up; what its bits R and B hold is bit 3 of reg and of rm.
 */
void bfk_asm_rm(struct bfk_asm *a, u64 form, u8 reg, struct bfk_rm rm, s64 arg)
{
	u32 opcode_len = form >> 32 & 0xff, imm_len = form >> 40 & 0xff;
	u32 disp_len = 0, len;
	u8 rex = 0x40 | (reg >= 8) << 2 | (rm.reg > 0);
	u8 modrm = (reg & 7) << 3;
	u64 bytes = (u32)form, disp = 0;

	if (rm.reg) {
		modrm |= 0xc0 | rm.reg; /* r9b to r15b */
	} else if (!rm.off) {
		modrm |= 0x03; /* [rbx] */
	} else if (rm.off == (s8)rm.off) {
		modrm |= 0x43; /* [rbx + disp8] */
		disp = (u8)rm.off;
		disp_len = 1;
	} else {
		modrm |= 0x83; /* [rbx + disp32] */
		disp = (u32)rm.off;
		disp_len = 4;
	}
	bytes |= (u64)modrm << 8 * opcode_len | disp << 8 * (opcode_len + 1);
	len = opcode_len + 1 + disp_len;
	if (len < sizeof(bytes)) /* else an immediate makes it too long, and put() refuses it */
		bytes |= (u64)arg << 8 * len;
	len += imm_len;
	if (rex > 0x40) {
		bytes = bytes << 8 | rex;
		len++;
	}
	put(a, bytes, len);
}
