/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way into generated code and out of it: every ret and the one indirect call are here.
 *
 * In generated code rbx = tape + head, rbp = fuel, r8 = machine, ecx = 0, r9b to r15b = the
 * program's registers (jit/machine.h).
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include "jit/machine.h"

	.macro EACH instruction, regs:vararg
	.irp reg, \regs
	\instruction %\reg
	.endr
	.endm

/* void bfk_enter(struct bfk_machine *machine, const u8 *addr) */
SYM_FUNC_START(bfk_enter)
	EACH push, rbx, rbp, r12, r13, r14, r15
	mov %rdi, %r8
	mov BFK_M_TAPE(%r8), %rbx
	mov BFK_M_HEAD(%r8), %bx	/* the ring starts at a multiple of 64 KiB */
	mov BFK_M_FUEL(%r8), %rbp
	.irp i, 9, 10, 11, 12, 13, 14, 15
	movzbl (BFK_M_REGS + \i - 8)(%r8), %r\i\()d
	.endr
	xor %ecx, %ecx
	CALL_NOSPEC rsi
	EACH pop, r15, r14, r13, r12, rbp, rbx
	RET
SYM_FUNC_END(bfk_enter)

/* Generated code jumps here to stop: RET returns to bfk_enter. */
SYM_FUNC_START(bfk_entry_stop)
	ANNOTATE_NOENDBR
	.irp i, 9, 10, 11, 12, 13, 14, 15
	mov %r\i\()b, (BFK_M_REGS + \i - 8)(%r8)
	.endr
	mov %bx, BFK_M_HEAD(%r8)
	mov %rbp, BFK_M_FUEL(%r8)
	mov %esi, BFK_M_OP_IX(%r8)
	mov %edi, BFK_M_RESUME_OFF(%r8)
	RET
SYM_FUNC_END(bfk_entry_stop)

/* Generated code calls this: bfk_host(machine, op index), with the head up to date. */
SYM_FUNC_START(bfk_entry_host)
	ANNOTATE_NOENDBR
	mov %bx, BFK_M_HEAD(%r8)
	EACH push, r8, r9, r10, r11	/* the others are kept by C */
	mov %r8, %rdi
	call bfk_host
	EACH pop, r11, r10, r9, r8
	xor %ecx, %ecx
	RET
SYM_FUNC_END(bfk_entry_host)
