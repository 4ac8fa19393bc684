/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What straight code has done to cells so far, as values instead of ops.
 *
 * A value is a constant plus a few terms, each the factor times what a cell held in memory when
 * the block began. So "+", "[-]", "[->+++<]" and any sequence of them are one value per cell, and
 * what was overwritten in between is gone.
 */
#ifndef BFK_OPT_BLOCK_H
#define BFK_OPT_BLOCK_H

#include "list.h"

#define BFK_TERMS_MAX 4 /* terms of a value */
#define BFK_SET_MAX 24	/* cells of a set */
#define BFK_MIXED_MAX 7 /* cells of a block made of others: so many registers there are */

struct bfk_term {
	u16 cell;
	u8 factor;
};

/*
 * struct bfk_value - constant + sum of terms, modulo 256
 */
struct bfk_value {
	u8 constant, n_terms;
	struct bfk_term terms[BFK_TERMS_MAX];
};

/*
 * struct bfk_cell - a cell that a block knows something of
 * @cell: its offset from the head
 * @is_known: @held is what it holds in memory
 * @is_touched: the block may have changed it
 * @value: what it is to be; itself times 1 if nothing has changed it and nothing is known
 * @source_off: of the last op that changed it
 * @shadowed: what the index had for this cell before: an outer block's entry
 * @readers: while flushing: cells whose value is still to be made from this one
 * @temp: while flushing: register that has what it held, 0 none
 * @is_done: while flushing: memory has its value
 */
struct bfk_cell {
	u16 cell;
	u8 held, temp;
	bool is_known, is_touched, is_done;
	struct bfk_value value;
	u32 source_off, shadowed, readers;
};

/* The value of a cell that nothing has changed. */
static inline struct bfk_value bfk_value_of(u16 cell)
{
	return (struct bfk_value){ .n_terms = 1, .terms = { { .cell = cell, .factor = 1 } } };
}

/* Has the value a term of another cell than its own? */
static inline bool bfk_value_is_mixed(const struct bfk_value *value, u16 cell)
{
	return value->n_terms > 1 || (value->n_terms && value->terms[0].cell != cell);
}

static inline bool bfk_cell_is_mixed(const struct bfk_cell *entry)
{
	return bfk_value_is_mixed(&entry->value, entry->cell);
}

/*
 * struct bfk_set - a few cells
 * @is_all: more than it has room for: any cell may be in it
 */
struct bfk_set {
	u16 cells[BFK_SET_MAX];
	u8 n;
	bool is_all;
};

bool bfk_set_has(const struct bfk_set *set, u16 cell);
void bfk_set_add(struct bfk_set *set, u16 cell);

/*
 * struct bfk_block - what is known of one block but its entries
 * @first: where those begin
 * @n_mixed: entries with a term of another cell
 * @inherits: cells without an entry are as the block around says, or 0 if there is none around,
 *	unless they are @varying
 * @varying: of a loop: cells that may differ from what the block around says when a turn begins
 * @is_wild: it may have changed any cell; else those it may have changed have entries
 */
struct bfk_block {
	u32 first, n_mixed;
	bool inherits, is_wild;
	struct bfk_set varying;
};

/*
 * struct bfk_blocks - a stack of blocks: of the code that is open, and of the loops around it
 * @out: where flushed ops go
 * @cells: entries of all blocks, outer ones first
 * @n, @cap: how many, and room
 * @stack: the blocks, outermost first; @depth of them, room for @stack_cap
 * @index: by offset, 1 + the innermost entry, 0 none
 * @queue: room for one entry number each, for flushing
 * @failed: sticky: memory was short
 * @spare: what stands for an entry then
 */
struct bfk_blocks {
	struct bfk_list *out;
	struct bfk_cell *cells;
	u32 n, cap;
	struct bfk_block *stack;
	u32 depth, stack_cap;
	u32 *index, *queue;
	bool failed;
	struct bfk_cell spare;
};

/* The first block: of the whole program; @is_zeroed: the tape is when it starts. */
void bfk_blocks_create(struct bfk_blocks *blocks, struct bfk_list *out, bool is_zeroed);
void bfk_blocks_destroy(struct bfk_blocks *blocks);

/* The innermost block. */
static inline struct bfk_block *bfk_block_now(struct bfk_blocks *blocks)
{
	return &blocks->stack[blocks->depth - 1];
}

/* An inner block begins; ends, and what it said is gone. */
void bfk_block_begin(struct bfk_blocks *blocks);
void bfk_block_end(struct bfk_blocks *blocks);

/* Begins the innermost block once more: cells but @varying are as the block around says. */
void bfk_block_again(struct bfk_blocks *blocks, const struct bfk_set *varying);

/* What the innermost block says of a cell, and what the one around says. */
struct bfk_value bfk_block_value(struct bfk_blocks *blocks, u16 cell);
bool bfk_block_outer_constant(const struct bfk_blocks *blocks, u16 cell, u8 *constant);
bool bfk_value_is(const struct bfk_value *value, u8 constant);
bool bfk_value_is_identity(const struct bfk_value *value, u16 cell);

/* value += factor * from. False: the sum would be too long, and @value is no good any more. */
bool bfk_value_add(struct bfk_value *value, const struct bfk_value *from, u8 factor);

/*
 * Where a turn of a loop ends, whose block is the innermost: sets @varying to the cells that may
 * differ from what the block around says. Returns whether the block took one of them to be so.
 */
bool bfk_block_is_wrong(struct bfk_blocks *blocks, struct bfk_set *varying);

/* Changes by an op of the source at @source_off. muladd is cell += factor * from; false: the sum
 * would be too long, or too many cells mixed, and it fits once the block has been flushed. */
void bfk_block_add(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off);
void bfk_block_set(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off);
bool bfk_block_muladd(struct bfk_blocks *blocks, u16 cell, u8 factor, u16 from, u32 source_off);

/* Puts a value there that is made of what memory held; the caller sees to BFK_MIXED_MAX. */
void bfk_block_put(struct bfk_blocks *blocks, u16 cell, const struct bfk_value *value,
		   u32 source_off);

/* What memory holds has changed, and is known or not; there must be no change to flush. */
void bfk_block_know(struct bfk_blocks *blocks, u16 cell, u8 held);
void bfk_block_forget(struct bfk_blocks *blocks, u16 cell);
void bfk_block_forget_set(struct bfk_blocks *blocks, const struct bfk_set *set);
void bfk_block_forget_all(struct bfk_blocks *blocks);

/* The innermost block, which has been flushed, forgets all if it knows more than @n_max cells. */
void bfk_block_bound(struct bfk_blocks *blocks, u32 n_max);

#endif
