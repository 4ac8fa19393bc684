/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The way into generated code and out of it, in this process; the twin of bfk/enter.S.
 *
 * In generated code rbx = tape + head, r12 = fuel, r13 = machine (jit/machine.h). The entry
 * points are data here: text_local.c copies them in front of each program's code, so that a
 * rel32 reaches them wherever that lies; so they must not name any address themselves.
 */
#include "jit/machine.h"

	.text
	.globl bfk_enter
	.hidden bfk_enter
	.type bfk_enter, @function
/* void bfk_enter(struct bfk_machine *machine, const u8 *addr) */
bfk_enter:
	endbr64
	push %rbx
	push %r12
	push %r13
	sub $8, %rsp			/* the host is entered two calls deeper: rsp = 8 mod 16 */
	mov %rdi, %r13
	mov BFK_M_TAPE(%r13), %rbx
	mov BFK_M_HEAD(%r13), %bx	/* the ring starts at a multiple of 64 KiB */
	mov BFK_M_FUEL(%r13), %r12
	call *%rsi
	mov %bx, BFK_M_HEAD(%r13)
	mov %r12, BFK_M_FUEL(%r13)
	add $8, %rsp
	pop %r13
	pop %r12
	pop %rbx
	ret
	.size bfk_enter, . - bfk_enter

	.macro ENTRY name
	.globl \name
	.hidden \name
\name:
	.endm

	.section .rodata
	.balign 256			/* BFK_TEXT_GRANULE */
ENTRY bfk_stubs

/* Generated code jumps here to stop: ret returns to bfk_enter. */
ENTRY bfk_entry_stop
	mov %esi, BFK_M_OP_IX(%r13)
	mov %edi, BFK_M_RESUME_OFF(%r13)
	ret

/* Generated code calls this: bfk_host(machine, op index), with the head up to date. */
ENTRY bfk_entry_host
	mov %bx, BFK_M_HEAD(%r13)
	mov %r13, %rdi
	jmp *BFK_M_LEN(%r13)		/* local.h puts its address there */

	.balign 256, 0xcc
ENTRY bfk_stubs_end

	.section .note.GNU-stack, "", @progbits
