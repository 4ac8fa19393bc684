// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The pass over source-like ops that turns straight code into values, and loops into values too
 * where it can: blocks.
 *
 * A loop is looked at when it closes. Until something in it has to become an op (an inner loop
 * that stays one, a host op), nothing of it or of the code before it has been made into ops, so
 * what it does as a whole can still be put into the value of the block around it.
 *
 * Interface: pass_blocks.h
 * Invariants:
 * 1. Behind a flush memory is up to date, so any op may follow.
 */
#include "pass_blocks.h"
#include "block.h"
#include "block_flush.h"
#include "solve.h"
#include "unroll.h"
#include "walk.h"
#include <stdlib.h>
#include "userspace/include/libbfk.h"

#define AGAIN_MAX 16384 /* ops that may be looked at again for what is known now, and ... */
#define AGAIN_SHARE 2	/* ... one in so many of the program more */
#define TRIES_MAX 3	/* times that a loop is looked at in the hope to know something */
#define ANY_CELL 0	/* which cell a flush writes last when it does not matter */

/*
 * Looks at the body of the innermost loop once more, with other cells taken to be as the block
 * around says, or none when that has been tried often enough.
 */
static void look_again(struct bfk_walk *walk, struct bfk_set *varying)
{
	const struct bfk_block *block = bfk_block_now(&walk->blocks);
	struct bfk_loop *loop = bfk_walk_loop(walk);
	u32 n = walk->ix - loop->ix, i;

	for (i = 0; i < block->varying.n; i++)
		bfk_set_add(varying, block->varying.cells[i]);
	walk->n_again -= n < walk->n_again ? n : walk->n_again;
	varying->is_all |= ++loop->tries == TRIES_MAX || !walk->n_again;
	if (walk->n_opened == walk->n_loops) {
		walk->n_opened--;
		walk->blocks.out->n = loop->start_ix;
	}
	bfk_block_again(&walk->blocks, varying);
	walk->ix = loop->ix + 1;
}

/* Ends the innermost loop as a loop, or as an if when it is known not to run twice. */
static void emit_loop(struct bfk_walk *walk, const struct bfk_set *varying, s16 move,
		      u32 source_off)
{
	u16 counter = bfk_walk_loop(walk)->cell;
	struct bfk_value last = bfk_block_value(&walk->blocks, counter + move);

	bfk_walk_flush(walk, counter + move);
	if (move)
		bfk_list_add(walk->blocks.out, BFK_OP_MOVE, move, source_off);
	bfk_walk_emit_end(walk, source_off,
			  walk->make_ifs && bfk_value_is(&last, 0) ? BFK_OP_LABEL : BFK_OP_NEXT);
	bfk_walk_end(walk, varying);
}

/* Closes the innermost loop, whose body has moved the head by @move. */
static void close_loop(struct bfk_walk *walk, u32 source_off, s16 move)
{
	bool is_straight = walk->n_opened < walk->n_loops;
	enum bfk_shape shape = BFK_SHAPE_LOOP;
	struct bfk_set varying;
	u8 step;

	bfk_block_now(&walk->blocks)->is_wild |= !!move;
	if (bfk_block_is_wrong(&walk->blocks, &varying))
		return look_again(walk, &varying);
	if (is_straight && !move)
		shape = bfk_solve_shape(walk, &step);
	if (shape == BFK_SHAPE_LINEAR ||
	    (shape == BFK_SHAPE_COUNTED && bfk_walk_loop(walk)->is_entered))
		return bfk_solve(walk, step, source_off);
	if (shape == BFK_SHAPE_COUNTED && walk->make_ifs)
		return bfk_solve_guarded(walk, step, &varying, source_off);
	if (walk->unroll && is_straight && move && bfk_unroll(walk, move, source_off))
		return bfk_walk_end(walk, &varying);
	emit_loop(walk, &varying, move, source_off);
}

static void do_host_op(struct bfk_walk *walk, const struct bfk_op *op)
{
	bfk_walk_flush(walk, ANY_CELL);
	*bfk_list_push(walk->blocks.out) = *op;
	if (op->kind == BFK_OP_IN)
		bfk_block_forget(&walk->blocks, op->off);
	else if (op->kind == BFK_OP_SYS)
		bfk_block_forget_all(&walk->blocks);
}

/* A MOVE comes before the NEXT of a loop, or the END. */
static void do_move(struct bfk_walk *walk, const struct bfk_op *op)
{
	if (op[1].kind == BFK_OP_NEXT) {
		walk->ix++;
		close_loop(walk, op[1].source_off, op->off);
	} else {
		bfk_walk_flush(walk, ANY_CELL);
		*bfk_list_push(walk->blocks.out) = *op;
	}
}

static void do_if(struct bfk_walk *walk, const struct bfk_op *op)
{
	struct bfk_value value = bfk_block_value(&walk->blocks, op->off);

	if (bfk_value_is(&value, 0))
		walk->ix = op->match + 1;
	else
		bfk_walk_begin(walk, op);
}

static void do_op(struct bfk_walk *walk)
{
	const struct bfk_op *op = &walk->ops[walk->ix++];

	switch (op->kind) {
	case BFK_OP_ADD:
		return bfk_block_add(&walk->blocks, op->off, op->val, op->source_off);
	case BFK_OP_SET:
		return bfk_block_set(&walk->blocks, op->off, op->val, op->source_off);
	case BFK_OP_IF:
		return do_if(walk, op);
	case BFK_OP_NEXT:
		return close_loop(walk, op->source_off, 0);
	case BFK_OP_MOVE:
		return do_move(walk, op);
	default:
		return do_host_op(walk, op);
	}
}

/* Finds the loops that have loops in them, but nothing that may change any cell. */
static bool find_nests(struct bfk_walk *walk)
{
	u32 next_if = walk->n_ops, next_wild = walk->n_ops, ix;

	walk->nests = malloc(walk->n_ops * sizeof(*walk->nests));
	for (ix = walk->n_ops; walk->nests && ix--;) {
		const struct bfk_op *op = &walk->ops[ix];

		if (op->kind == BFK_OP_MOVE || op->kind == BFK_OP_SYS)
			next_wild = ix;
		if (op->kind != BFK_OP_IF)
			continue;
		walk->nests[ix] = next_if < op->match && op->match < next_wild;
		next_if = ix;
	}
	return walk->nests;
}

/**
 * bfk_pass_blocks - straight code and the loops that are as good as it become values
 * @ops: a program of bfk_parse()
 * @n_ops: ops in it
 * @out: the same program
 * @passes: with BFK_PASS_IFS loops that run at most once become ifs; with BFK_PASS_UNROLL straight
 *	ones that move the head are unrolled; with BFK_PASS_ZEROED the tape is zero at the start
 *
 *	+>++<[->+++<]>[-<+>]	cell[0] = 1 + ..., cell[1] = 0: no loop is left
 *	[>[-]<[-]]		if cell[0] { cell[1] = 0; cell[0] = 0 }
 */
void bfk_pass_blocks(const struct bfk_op *ops, u32 n_ops, struct bfk_list *out, u32 passes)
{
	struct bfk_walk walk = { .ops = ops,
				 .n_ops = n_ops,
				 .make_ifs = passes & BFK_PASS_IFS,
				 .unroll = passes & BFK_PASS_UNROLL,
				 .n_again = AGAIN_MAX + n_ops / AGAIN_SHARE };

	bfk_blocks_create(&walk.blocks, out, passes & BFK_PASS_ZEROED);
	walk.blocks.failed |= !find_nests(&walk);
	while (walk.ix < n_ops && !walk.blocks.failed && !out->failed)
		do_op(&walk);
	out->failed |= walk.blocks.failed;
	bfk_blocks_destroy(&walk.blocks);
	free(walk.loops);
	free(walk.nests);
	free(walk.body);
	free(walk.next);
}
