/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way into generated code and out of it: every ret and the one indirect call are here.
 *
 * In generated code rbx = tape + head, r12 = fuel, r13 = machine (jit/machine.h).
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include "jit/machine.h"

/* void bfk_enter(struct bfk_machine *machine, const u8 *addr) */
SYM_FUNC_START(bfk_enter)
	push %rbx
	push %r12
	push %r13
	mov %rdi, %r13
	mov BFK_M_TAPE(%r13), %rbx
	mov BFK_M_HEAD(%r13), %bx	/* the ring starts at a multiple of 64 KiB */
	mov BFK_M_FUEL(%r13), %r12
	CALL_NOSPEC rsi
	mov %bx, BFK_M_HEAD(%r13)
	mov %r12, BFK_M_FUEL(%r13)
	pop %r13
	pop %r12
	pop %rbx
	RET
SYM_FUNC_END(bfk_enter)

/* Generated code jumps here to stop: RET returns to bfk_enter. */
SYM_FUNC_START(bfk_entry_stop)
	mov %esi, BFK_M_OP_IX(%r13)
	mov %edi, BFK_M_RESUME_OFF(%r13)
	RET
SYM_FUNC_END(bfk_entry_stop)

/* Generated code calls this: bfk_host(machine, op index), with the head up to date. */
SYM_FUNC_START(bfk_entry_host)
	mov %bx, BFK_M_HEAD(%r13)
	mov %r13, %rdi
	jmp bfk_host
SYM_FUNC_END(bfk_entry_host)
