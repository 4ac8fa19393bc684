/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The walk of the pass "blocks" over the ops: the loops around the current one, and their blocks. */
#ifndef BFK_OPT_WALK_H
#define BFK_OPT_WALK_H

#include "block.h"

/*
 * struct bfk_loop - a loop that has not been closed; its block is the one at its depth
 * @cell: what it tests, and the same where it ends relative to the head there
 * @is_entered: it is certain to run
 * @tries: how often its body has been looked at before
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
 * @loops: those around the current op, outermost first; @n_loops of them, room for @cap
 * @n_opened: how many of those are open in the output
 * @n_again: ops that may still be looked at again
 * @nests: by IF: there is a loop in it, and nothing that moves the head or writes unknown cells
 * @make_ifs: loops that run at most once may become ifs
 * @unroll: loops that move the head may be unrolled
 * @body: copy of the entries of a loop's block, while that changes; @n_body of them
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
 * Begins the loop of @op, an IF. A loop with loops in it is taken to leave alone what the block around
 * knows, until it turns out not to.
 */
void bfk_walk_begin(struct bfk_walk *walk, const struct bfk_op *op);

/* Makes ops of everything so far, that of @last at the end. */
void bfk_walk_flush(struct bfk_walk *walk, u16 last);

/* Opens the innermost loop in the output, and those around it. */
void bfk_walk_open(struct bfk_walk *walk);

/* Ends the innermost loop in the output, by a NEXT or, where it is known not to go on, a LABEL. */
void bfk_walk_emit_end(struct bfk_walk *walk, u32 source_off, u8 kind);

/* The block around the innermost loop goes on, which may have changed @varying. */
void bfk_walk_end(struct bfk_walk *walk, const struct bfk_set *varying);

/* Copies the entries of the innermost block to walk->body, and makes room for a value of each. */
bool bfk_walk_copy_body(struct bfk_walk *walk);

#endif
