/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text arena: int3 in the module's own text, so the kernel maps it read-only, executable.
 *
 * Generated code never changes rsp, so one unwind hint describes every address: the return address
 * lies at rsp, as on entry to a function. objtool carries it over the int3s up to the ud2.
 */
#include <linux/objtool.h>
#include <asm/page_types.h>
#include <asm/unwind_hints.h>
#include "limits.h"

	.section .text.bfk_arena, "ax", @progbits
	.balign PAGE_SIZE
	UNWIND_HINT_FUNC
	.skip PAGE_SIZE, 0xcc	/* unwinders look one byte before the address that RET enters */
	.globl bfk_text_arena
bfk_text_arena:
	ANNOTATE_NOENDBR	/* entered by RET only */
	.skip BFK_TEXT_LEN, 0xcc	/* whole pages */
	ud2			/* the end, to objtool; on a page of its own */
	.balign PAGE_SIZE, 0xcc
