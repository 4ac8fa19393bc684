/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that follow the values of registers. */
#ifndef BFK_TESTS_REGISTERS_H
#define BFK_TESTS_REGISTERS_H

#include "ops.h"

/* Appends "cell off + i = register 1 + i"; returns the new number of ops. */
static inline size_t put_regs(struct bfk_op *ops, size_t n, int off)
{
	int i;

	for (i = 0; i < 7; i++)
		ops[n++] = (struct bfk_op){ MUL, .val = 1, .src_reg = 1 + i, .off = off + i };
	return n;
}

/* Appends "register 1 + i = first + i". */
static inline size_t set_regs(struct bfk_op *ops, size_t n, uint8_t first)
{
	int i;

	for (i = 0; i < 7; i++)
		ops[n++] = (struct bfk_op){ SET, .val = first + i, .reg = 1 + i };
	return n;
}

/* Are the seven cells at @off the values of set_regs(first), or all 0? */
static inline void regs_are(const struct dev *dev, uint32_t off, int first, bool zero)
{
	int i;

	for (i = 0; i < 7; i++)
		EQUAL(dev->tape[off + i], zero ? 0 : (uint8_t)(first + i));
}

#endif
