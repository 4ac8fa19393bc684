/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Ops to x86-64. */
#ifndef BFK_EMIT_H
#define BFK_EMIT_H

#include "asm.h"
#include "op.h"

/**
 * bfk_emit - translate ops to machine code
 * @a: where to; out == NULL measures, and then addr is not used
 * @ops: a well-formed array (op.h, invariant 2)
 * @n_ops: ops in it
 * @text_off: room for n_ops + 1 offsets: of each op, and of the end of them; a measuring pass fills
 *	them, a writing pass needs them
 * @entry: addresses of the static entry points, by enum bfk_entry
 *
 * Call it twice with the same ops: to measure with cap = U32_MAX, then to write with cap = the
 * length that gave. Form of the code: DESIGN.md, section 4; one entry, at offset 0.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or -EOVERFLOW if the code did not fit or an entry point is out of rel32's reach.
 */
int bfk_emit(struct bfk_asm *a, const struct bfk_op *ops, u32 n_ops, u32 *text_off,
	     const u64 *entry);

#endif
