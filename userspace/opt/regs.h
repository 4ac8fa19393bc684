/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Cells in registers. */
#ifndef BFK_OPT_REGS_H
#define BFK_OPT_REGS_H

#include "list.h"

struct bfk_bracket;
struct bfk_use;

/*
 * struct bfk_regs - the pass
 * @brackets: by the op that opens it
 * @new_ix: where ops went
 * @uses, @n_uses: cells of the region; @index: 1 + number of a cell's use, if that is its own
 * @temps: registers used in it already, as a mask
 */
struct bfk_regs {
	const struct bfk_op *ops;
	struct bfk_list *out;
	struct bfk_bracket *brackets;
	u32 *new_ix, *index, n_uses, temps;
	struct bfk_use *uses;
};

bool bfk_regs_create(struct bfk_regs *regs, const struct bfk_op *ops, u32 n_ops,
		     struct bfk_list *out, u32 *new_ix);
void bfk_regs_destroy(struct bfk_regs *regs);
u32 bfk_regs_rewrite(struct bfk_regs *regs, u32 ix);

#endif
