/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The x86-64 encoder. The forms listed here are all the instructions that generated code can
 * contain.
 */
#ifndef BFK_X86_ASM_H
#define BFK_X86_ASM_H

#include "env.h"

/*
 * A form is one way to encode an instruction (Intel SDM volume 2), in 64 bits: bits 0 to 31 its
 * opcode bytes, the first in the lowest, with all that never varies (prefixes, registers,
 * constants); bits 32 to 39 how many they are; bits 40 to 47 how many bytes of immediate end it.
 */
#define BFK_FORM(opcode, opcode_len, imm_len) \
	((u64)(imm_len) << 40 | (u64)(opcode_len) << 32 | (opcode))
#define BFK_REL32 (1ULL << 48) /* flag: the immediate is a distance, from what follows it */
#define BFK_JUMP(opcode, opcode_len) (BFK_REL32 | BFK_FORM(opcode, opcode_len, 4))

/* rm8: a place (struct bfk_rm). r8: a byte register (enum bfk_r). r32: the register around it. */
/* clang-format off */
#define BFK_FORM_SUB_RBP_1 BFK_FORM(0x01ed8348, 4, 0)  /* sub rbp, 1 */
#define BFK_FORM_ADD_RM_IMM BFK_FORM(0x80, 1, 1)       /* add rm8, imm8 */
#define BFK_FORM_MOV_RM_IMM BFK_FORM(0xc6, 1, 1)       /* mov rm8, imm8 */
#define BFK_FORM_ADD_RM_R BFK_FORM(0x00, 1, 0)         /* add rm8, r8 */
#define BFK_FORM_SUB_RM_R BFK_FORM(0x28, 1, 0)         /* sub rm8, r8 */
#define BFK_FORM_MOV_RM_R BFK_FORM(0x88, 1, 0)         /* mov rm8, r8 */
#define BFK_FORM_CMP_RM_R BFK_FORM(0x38, 1, 0)         /* cmp rm8, r8 */
#define BFK_FORM_ADD_R_RM BFK_FORM(0x02, 1, 0)         /* add r8, rm8 */
#define BFK_FORM_SUB_R_RM BFK_FORM(0x2a, 1, 0)         /* sub r8, rm8 */
#define BFK_FORM_MOVZX_R_RM BFK_FORM(0xb60f, 2, 0)     /* movzx r32, rm8 */
#define BFK_FORM_IMUL_EAX_IMM BFK_FORM(0xc06b, 2, 1)   /* imul eax, eax, imm8 */
#define BFK_FORM_ADD_BX_IMM8 BFK_FORM(0xc38366, 3, 1)  /* add bx, imm8 */
#define BFK_FORM_ADD_BX_IMM16 BFK_FORM(0xc38166, 3, 2) /* add bx, imm16 */
#define BFK_FORM_MOV_RAX_CELLS BFK_FORM(0x8b48, 2, 0)  /* mov rax, [rbx + disp] */
#define BFK_FORM_MOV_RAX_IMM64 BFK_FORM(0xb848, 2, 8)  /* mov rax, imm64 */
#define BFK_FORM_MOV_RSI_IMM64 BFK_FORM(0xbe48, 2, 8)  /* mov rsi, imm64 */
#define BFK_FORM_ADD_RSI_RAX BFK_FORM(0xc60148, 3, 0)  /* add rsi, rax */
#define BFK_FORM_AND_RSI_RAX BFK_FORM(0xc62148, 3, 0)  /* and rsi, rax */
#define BFK_FORM_NOT_RAX BFK_FORM(0xd0f748, 3, 0)      /* not rax */
#define BFK_FORM_TEST_RSI_RAX BFK_FORM(0xc68548, 3, 0) /* test rsi, rax */
#define BFK_FORM_MOV_ESI_IMM BFK_FORM(0xbe, 1, 4)      /* mov esi, imm32 */
#define BFK_FORM_JE BFK_JUMP(0x840f, 2)                /* je rel32 */
#define BFK_FORM_JNE BFK_JUMP(0x850f, 2)               /* jne rel32 */
#define BFK_FORM_JMP BFK_JUMP(0xe9, 1)                 /* jmp rel32 */
#define BFK_FORM_CALL BFK_JUMP(0xe8, 1)                /* call rel32 */
/* clang-format on */

/* Byte registers by their number in the machine: al, cl (always 0), or 8 + a register of op.h. */
enum bfk_r { BFK_R_AL = 0, BFK_R_CL = 1, BFK_R_REGS = 8 };

/**
 * struct bfk_rm - a place
 * @reg: a register of op.h, 0: a cell
 * @off: its offset from the head, if it is a cell
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
 * @failed: sticky: once something did not fit, nothing more is written
 */
struct bfk_asm {
	u8 *out;
	u32 len, cap;
	bool failed;
};

/**
 * bfk_asm - append one instruction without a place
 * @a: where to
 * @form: which
 * @arg: the immediate; of a jump or call the target, as an offset in the image, which may lie
 *	outside it; 0 if the form has none
 *
 * Sets @a->failed if there is no room, or (when writing) if rel32 cannot reach the target.
 */
void bfk_asm(struct bfk_asm *a, u64 form, s64 arg);

/**
 * bfk_asm_rm - append one instruction with a place
 * @a: where to
 * @form: which
 * @reg: the byte register, 0 if the form has none
 * @rm: the place
 * @arg: the immediate, 0 if the form has none
 *
 * Sets @a->failed if there is no room.
 */
void bfk_asm_rm(struct bfk_asm *a, u64 form, u8 reg, struct bfk_rm rm, s64 arg);

#endif
