/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How the pass "blocks" walks over the ops: the loops around the current op, and their blocks. */
#ifndef BFK_OPT_WALK_H
#define BFK_OPT_WALK_H

#include "block.h"

/*
 * struct bfk_loop - a loop that has not been closed; its block is the one at its depth
 * @cell: the cell it tests, relative to the head at its start, and also at its end
 * @is_entered: it always runs
 * @tries: how often its body has been examined already
 * @ix: index of its IF in the input
 * @start_ix: index of its IF, or LABEL, in the output, if it is open there
 */
struct bfk_loop {
	u16 cell;
	bool is_entered;
	u8 tries;
	u32 ix, start_ix;
};

/*
 * struct bfk_walk - the pass
 * @ops, @n_ops: the input
 * @ix: the next op
 * @loops: the loops around the current op, outermost first; @n_loops of them, room for @cap
 * @n_opened: how many of them are open in the output
 * @n_again: ops that may still be examined again
 * @nests: by IF: it contains a loop, but nothing that moves the head or writes unknown cells
 * @make_ifs: loops that run at most once may become ifs
 * @unroll: loops that move the head may be unrolled
 * @body: copy of the entries of a loop's block, while the block changes; @n_body of them
 * @next: room for a value of each
 */
struct bfk_walk {
	const struct bfk_op *ops;
	u32 n_ops, ix;
	struct bfk_blocks blocks;
	struct bfk_loop *loops;
	u32 n_loops, cap, n_opened, n_again;
	bool make_ifs, unroll, *nests;
	struct bfk_cell *body;
	u32 n_body, body_cap, next_cap;
	struct bfk_value *next;
};

static inline struct bfk_loop *bfk_walk_loop(struct bfk_walk *walk)
{
	return &walk->loops[walk->n_loops - 1];
}

/*
 * Begins the loop of @op, an IF. A loop that contains loops is assumed not to change the cells that
 * the enclosing block knows, until it does.
 */
void bfk_walk_begin(struct bfk_walk *walk, const struct bfk_op *op);

/* Flushes everything so far to ops, the cell @last at the end. */
void bfk_walk_flush(struct bfk_walk *walk, u16 last);

/* Opens the innermost loop in the output, and those around it. */
void bfk_walk_open(struct bfk_walk *walk);

/* Ends the innermost loop in the output, by a NEXT or, if it never repeats, a LABEL. */
void bfk_walk_emit_end(struct bfk_walk *walk, u32 source_off, u8 kind);

/* Continues with the block around the innermost loop, which may have changed @varying. */
void bfk_walk_end(struct bfk_walk *walk, const struct bfk_set *varying);

/* Copies the entries of the innermost block to walk->body, and makes room for a value of each. */
bool bfk_walk_copy_body(struct bfk_walk *walk);

#endif
