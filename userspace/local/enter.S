/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The way into generated code and out of it, in this process; the twin of bfk/enter.S.
 *
 * In generated code rbx = tape + head, rbp = fuel, r8 = machine, ecx = 0, r9b to r15b = the
 * program's registers (jit/machine.h). The entry points are data here: text.c copies them in front
 * of each program's code, so that a rel32 reaches them. So they must not refer to anything outside
 * themselves.
 */
#include "enter.h"

	.macro SAVE_REG i
	mov %r\i\()b, (BFK_M_REGS + \i - 8)(%r8)
	.endm

	.macro LOAD_REG i
	movzbl (BFK_M_REGS + \i - 8)(%r8), %r\i\()d
	.endm

	.macro SAVE_REGS
	.irp i, 9, 10, 11, 12, 13, 14, 15
	SAVE_REG \i
	.endr
	mov %bx, BFK_M_HEAD(%r8)
	.endm

	.macro LOAD_REGS
	.irp i, 9, 10, 11, 12, 13, 14, 15
	LOAD_REG \i
	.endr
	xor %ecx, %ecx
	.endm

	.text
	.globl local_enter
	.hidden local_enter
	.type local_enter, @function
/* void local_enter(struct bfk_machine *machine, const u8 *addr) */
local_enter:
	endbr64
	.irp reg, rbx, rbp, r12, r13, r14, r15
	push %\reg
	.endr
	mov %rdi, %r8
	mov BFK_M_TAPE(%r8), %rbx
	mov BFK_M_HEAD(%r8), %bx	/* the ring starts at a multiple of 64 KiB */
	mov BFK_M_FUEL(%r8), %rbp
	LOAD_REGS
	call *%rsi
	.irp reg, r15, r14, r13, r12, rbp, rbx
	pop %\reg
	.endr
	ret
	.size local_enter, . - local_enter

	.macro ENTRY name
	.globl \name
	.hidden \name
\name:
	.endm

	.section .rodata
	.balign 256			/* BFK_TEXT_GRANULE */
ENTRY local_stubs

/* Generated code jumps here to stop at op esi: ret returns to local_enter. */
ENTRY local_entry_stop
	SAVE_REGS
	mov %esi, BFK_M_OP_IX(%r8)
stop:
	SAVE_REGS
	mov %rbp, BFK_M_FUEL(%r8)
	ret

/*
 * Generated code calls this: bfk_host(machine, op index), with the head up to date. bfk_host() sets
 * op_ix; if it stops the run, this returns to stop, not to the next op.
 */
ENTRY local_entry_host
	SAVE_REGS
	push %r8
	mov %r8, %rdi
	call *LOCAL_HOST_OFF(%r8)
	pop %r8
	LOAD_REGS
	test %eax, %eax
	je 1f
	lea stop(%rip), %rax
	mov %rax, (%rsp)
1:	ret

	.balign 256, 0xcc
ENTRY local_stubs_end

	.section .note.GNU-stack, "", @progbits
