/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Ops to x86-64 machine code. */
#ifndef BFK_X86_EMIT_H
#define BFK_X86_EMIT_H

#include "op.h"
#include "x86_asm.h"

/**
 * bfk_emit - translate ops to machine code
 * @a: where to
 * @ops: an array that bfk_check() accepted; gets its text_off set
 * @n_ops: ops in it
 * @entry: where the static entry points lie, by enum bfk_entry, as offsets in the image
 *
 * Call it twice. The first call measures: out == NULL, cap == U32_MAX, the rest 0. The second
 * writes: out set, cap = the len that measuring gave, the rest 0. The code is entered at the
 * text_off of an op: of the first, or of that where a run has stopped.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or -EOVERFLOW if the code did not fit or rel32 cannot reach an entry point.
 */
int bfk_emit(struct bfk_asm *a, struct bfk_op *ops, u32 n_ops, const s64 *entry);

#endif
