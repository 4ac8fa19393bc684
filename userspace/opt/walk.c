// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The walk of the pass "blocks": which loops are open, here and in the output.
 *
 * Interface: walk.h
 * Invariants:
 * 1. If a loop is open in the output, so are the loops around it: n_opened counts them.
 */
#include "walk.h"
#include "block_flush.h"
#include <string.h>

#define UNOPENED_MAX 32 /* loops that may wait to be opened: bounds what finding an entry costs */
#define HOPE_DEPTH 32	/* deepest nesting at which a loop is assumed to leave cells alone */
#define KNOWN_MAX 192	/* cells that a block knows for long: each flush looks at all of them */

/* Opens loops in the output, the outermost first, each behind the block around it. */
static void open_loops(struct bfk_walk *walk, u32 n)
{
	for (; walk->n_opened < n; walk->n_opened++) {
		struct bfk_loop *loop = &walk->loops[walk->n_opened];

		bfk_block_flush(&walk->blocks, walk->n_opened, loop->cell);
		loop->start_ix = bfk_list_add(walk->blocks.out,
					      loop->is_entered ? BFK_OP_LABEL : BFK_OP_IF,
					      loop->cell, walk->ops[loop->ix].source_off);
	}
}

void bfk_walk_open(struct bfk_walk *walk)
{
	open_loops(walk, walk->n_loops);
}

/* Makes ops of everything so far, that of @last at the end. */
void bfk_walk_flush(struct bfk_walk *walk, u16 last)
{
	bfk_walk_open(walk);
	bfk_block_flush(&walk->blocks, walk->n_loops, last);
	bfk_block_bound(&walk->blocks, KNOWN_MAX);
}

/* A counter that is known to be 0 has been dealt with. */
void bfk_walk_begin(struct bfk_walk *walk, const struct bfk_op *op)
{
	struct bfk_value counter = bfk_block_value(&walk->blocks, op->off);

	if (!bfk_list_reserve((void **)&walk->loops, &walk->cap, walk->n_loops,
			      sizeof(*walk->loops))) {
		walk->blocks.failed = true;
		return;
	}
	if (walk->n_loops - walk->n_opened == UNOPENED_MAX)
		open_loops(walk, walk->n_opened + 1);
	walk->loops[walk->n_loops++] = (struct bfk_loop){ .cell = op->off,
							  .is_entered = !counter.n_terms,
							  .ix = op - walk->ops };
	bfk_block_begin(&walk->blocks);
	if (walk->nests[op - walk->ops] && walk->n_loops <= HOPE_DEPTH &&
	    op->match - (op - walk->ops) <= walk->n_again) {
		bfk_block_now(&walk->blocks)->inherits = true;
		bfk_set_add(&bfk_block_now(&walk->blocks)->varying, op->off);
	}
}

/* Copies the entries of the innermost block, and makes room for a value of each. */
bool bfk_walk_copy_body(struct bfk_walk *walk)
{
	u32 first = bfk_block_now(&walk->blocks)->first, n = walk->blocks.n - first;

	if (!bfk_list_reserve((void **)&walk->body, &walk->body_cap, n, sizeof(*walk->body)) ||
	    !bfk_list_reserve((void **)&walk->next, &walk->next_cap, n, sizeof(*walk->next))) {
		walk->blocks.failed = true;
		return false;
	}
	memcpy(walk->body, &walk->blocks.cells[first], n * sizeof(*walk->body));
	walk->n_body = n;
	return true;
}

/* Ends the innermost loop in the output too, where it goes on if the last cell tested is 0. */
void bfk_walk_emit_end(struct bfk_walk *walk, u32 source_off, u8 kind)
{
	struct bfk_list *out = walk->blocks.out;
	u32 start = bfk_walk_loop(walk)->start_ix;
	u32 end = bfk_list_add(out, kind, bfk_walk_loop(walk)->cell, source_off);

	bfk_list_at(out, start)->match = end;
	bfk_list_at(out, end)->match = start;
}

/* The block around the innermost loop goes on, which may have changed @varying: its counter is 0. */
void bfk_walk_end(struct bfk_walk *walk, const struct bfk_set *varying)
{
	u16 counter = bfk_walk_loop(walk)->cell;

	bfk_block_end(&walk->blocks);
	walk->n_opened = --walk->n_loops;
	bfk_block_forget_set(&walk->blocks, varying);
	bfk_block_know(&walk->blocks, counter, 0);
	bfk_block_bound(&walk->blocks, KNOWN_MAX);
}
