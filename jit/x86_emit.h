/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Ops to x86-64 machine code. */
#ifndef BFK_X86_EMIT_H
#define BFK_X86_EMIT_H

#include "op.h"
#include "x86_asm.h"

/**
 * bfk_emit - translate ops to machine code
 * @a: where to
 * @ops: an array that bfk_check() let through; gets its text_off set
 * @n_ops: ops in it
 * @entry: where the static entry points lie, by enum bfk_entry, as offsets in the image
 *
 * Call it twice: with out == NULL and cap == U32_MAX to measure, then with out set, cap = the
 * len that gave, and len = 0. The layout of the code is described in x86_emit.c; its entry is offset 0.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or -EOVERFLOW if the code did not fit or an entry point is out of rel32's reach.
 */
int bfk_emit(struct bfk_asm *a, struct bfk_op *ops, u32 n_ops, const s64 *entry);

#endif
