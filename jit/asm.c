// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The x86-64 encoder. Encodings: Intel SDM volume 2; checked against nasm by tests/oracle.
 *
 * Interface: asm.h
 * Invariants:
 * 1. put() is the only writer, and writes only below cap.
 * 2. modrm_cell() is the only maker of memory operands: base rbx, no index, 16-bit distance.
 * 3. add_bx_imm() is the only form that writes rbx, and it writes the low 16 bits.
 */
#include "asm.h"

static void put(struct bfk_asm *a, u8 byte)
{
	if (a->failed || a->len >= a->cap) {
		a->failed = true;
		return;
	}
	if (a->out)
		a->out[a->len] = byte;
	a->len++;
}

static void put2(struct bfk_asm *a, u8 first, u8 second)
{
	put(a, first);
	put(a, second);
}

static void put32(struct bfk_asm *a, u32 imm)
{
	put2(a, imm, imm >> 8);
	put2(a, imm >> 16, imm >> 24);
}

static bool fits_s8(s16 value)
{
	return value >= -128 && value <= 127;
}

/* ModRM and displacement of [rbx + disp], the shortest that holds it. */
static void modrm_cell(struct bfk_asm *a, u8 reg, s16 disp)
{
	if (!disp) {
		put(a, 0x03 | reg << 3);		/* [rbx] */
	} else if (fits_s8(disp)) {
		put2(a, 0x43 | reg << 3, disp);		/* [rbx + disp8] */
	} else {
		put(a, 0x83 | reg << 3);		/* [rbx + disp32] */
		put32(a, (s32)disp);
	}
}

/* The last four bytes of an instruction: distance from its end to the target. */
static void put_rel32(struct bfk_asm *a, s64 distance)
{
	distance -= 4;
	if (a->out && distance != (s32)distance)
		a->failed = true;
	put32(a, distance);
}

void bfk_asm_endbr64(struct bfk_asm *a)
{
	put2(a, 0xf3, 0x0f);				/* endbr64 */
	put2(a, 0x1e, 0xfa);
}

void bfk_asm_add_cell_imm(struct bfk_asm *a, s16 disp, u8 imm)
{
	put(a, 0x80);					/* add byte [rbx + disp], imm */
	modrm_cell(a, 0, disp);
	put(a, imm);
}

void bfk_asm_mov_cell_imm(struct bfk_asm *a, s16 disp, u8 imm)
{
	put(a, 0xc6);					/* mov byte [rbx + disp], imm */
	modrm_cell(a, 0, disp);
	put(a, imm);
}

void bfk_asm_cmp_cell_zero(struct bfk_asm *a, s16 disp)
{
	put(a, 0x80);					/* cmp byte [rbx + disp], 0 */
	modrm_cell(a, 7, disp);
	put(a, 0);
}

void bfk_asm_add_cell_al(struct bfk_asm *a, s16 disp)
{
	put(a, 0x00);					/* add [rbx + disp], al */
	modrm_cell(a, 0, disp);
}

void bfk_asm_sub_cell_al(struct bfk_asm *a, s16 disp)
{
	put(a, 0x28);					/* sub [rbx + disp], al */
	modrm_cell(a, 0, disp);
}

void bfk_asm_movzx_eax_cell(struct bfk_asm *a, s16 disp)
{
	put2(a, 0x0f, 0xb6);				/* movzx eax, byte [rbx + disp] */
	modrm_cell(a, 0, disp);
}

/* The product is used modulo 256, so the sign the processor gives the byte does not matter. */
void bfk_asm_imul_eax_imm(struct bfk_asm *a, u8 imm)
{
	put2(a, 0x6b, 0xc0);				/* imul eax, eax, imm8 */
	put(a, imm);
}

void bfk_asm_add_bx_imm(struct bfk_asm *a, s16 imm)
{
	put(a, 0x66);					/* add bx, imm */
	if (fits_s8(imm)) {
		put2(a, 0x83, 0xc3);			/* imm8, sign-extended to 16 bits */
		put(a, imm);
	} else {
		put2(a, 0x81, 0xc3);			/* imm16 */
		put2(a, imm, (u16)imm >> 8);
	}
}

void bfk_asm_sub_fuel_one(struct bfk_asm *a)
{
	put2(a, 0x49, 0x83);				/* sub r12, 1 */
	put2(a, 0xec, 0x01);
}

void bfk_asm_mov_esi_imm(struct bfk_asm *a, u32 imm)
{
	put(a, 0xbe);					/* mov esi, imm32 */
	put32(a, imm);
}

void bfk_asm_mov_edi_imm(struct bfk_asm *a, u32 imm)
{
	put(a, 0xbf);					/* mov edi, imm32 */
	put32(a, imm);
}

void bfk_asm_test_eax(struct bfk_asm *a)
{
	put2(a, 0x85, 0xc0);				/* test eax, eax */
}

void bfk_asm_jcc(struct bfk_asm *a, enum bfk_cc cc, u32 to_off)
{
	put2(a, 0x0f, 0x80 | cc);			/* jcc rel32 */
	put_rel32(a, (s64)to_off - a->len);
}

void bfk_asm_jmp(struct bfk_asm *a, u32 to_off)
{
	put(a, 0xe9);					/* jmp rel32 */
	put_rel32(a, (s64)to_off - a->len);
}

void bfk_asm_call_out(struct bfk_asm *a, u64 to_addr)
{
	put(a, 0xe8);					/* call rel32 */
	put_rel32(a, to_addr - (a->addr + a->len));
}

void bfk_asm_jmp_out(struct bfk_asm *a, u64 to_addr)
{
	put(a, 0xe9);					/* jmp rel32 */
	put_rel32(a, to_addr - (a->addr + a->len));
}
