/* SPDX-License-Identifier: GPL-2.0-only */
/* The text arena: int3 in the module's own text, so the kernel maps it read-only, executable. */
#include <linux/objtool.h>
#include <asm/page_types.h>
#include "limits.h"

	.section .text.bfk_arena, "ax", @progbits
	.balign PAGE_SIZE
	.globl bfk_text_arena
bfk_text_arena:
	ANNOTATE_NOENDBR	/* entered at programs only, and each begins with endbr64 */
	.skip BFK_TEXT_LEN, 0xcc	/* whole pages */
