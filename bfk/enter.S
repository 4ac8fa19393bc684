/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way into generated code and out of it: every ret is here, and there is no indirect branch.
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
	call enter_at
	EACH pop, r15, r14, r13, r12, rbp, rbx
	RET
SYM_FUNC_END(bfk_enter)

/*
 * Jumps to rsi by a RET, as the kernel's retpolines do: a run is resumed at any op, and IBT would
 * require an endbr64 there. What the CPU predicts is the int3.
 */
SYM_FUNC_START_LOCAL(enter_at)
	ANNOTATE_INTRA_FUNCTION_CALL
	call 1f
	int3
1:	mov %rsi, (%rsp)
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(enter_at)

/*
 * Generated code calls this: bfk_host(machine, op index), with the head up to date. If that stops
 * the run it has set op_ix, and this returns to 2, not to the next op. A RET, so that each call has
 * one: else the CPU would predict all returns from here to user space wrongly.
 */
SYM_FUNC_START(bfk_entry_host)
	ANNOTATE_NOENDBR
	mov %bx, BFK_M_HEAD(%r8)
	mov %rbp, BFK_M_FUEL(%r8)	/* for fdinfo */
	EACH push, r8, r9, r10, r11	/* the others are kept by C */
	mov %r8, %rdi
	call bfk_host
	EACH pop, r11, r10, r9, r8
	xor %ecx, %ecx
	test %eax, %eax
	je 1f
	lea 2f(%rip), %rax
	mov %rax, (%rsp)
1:	RET

/* Generated code jumps here to stop at op esi: RET returns to bfk_enter. */
SYM_INNER_LABEL(bfk_entry_stop, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	UNWIND_HINT_FUNC
	mov %esi, BFK_M_OP_IX(%r8)
2:	mov %bx, BFK_M_HEAD(%r8)
	mov %rbp, BFK_M_FUEL(%r8)
	.irp i, 9, 10, 11, 12, 13, 14, 15
	mov %r\i\()b, (BFK_M_REGS + \i - 8)(%r8)
	.endr
	RET
SYM_FUNC_END(bfk_entry_host)
