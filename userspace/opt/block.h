/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The effect of straight code on cells so far, as values instead of ops.
 *
 * A value is a constant plus a few terms, each a factor times the value of a cell in memory when
 * the block began. So "+", "[-]", "[->+++<]" and any sequence of them are one value per cell, and
 * overwritten values disappear.
 */
#ifndef BFK_OPT_BLOCK_H
#define BFK_OPT_BLOCK_H

#include "list.h"

#define BFK_TERMS_MAX 4 /* terms of a value */
#define BFK_SET_MAX 24	/* cells of a set */
#define BFK_MIXED_MAX 7 /* mixed cells of a block: the number of registers */

struct bfk_term {
	u16 cell;
	u8 factor;
};

/*
 * struct bfk_value - constant + sum of the terms, modulo 256
 */
struct bfk_value {
	u8 constant, n_terms;
	struct bfk_term terms[BFK_TERMS_MAX];
};

/*
 * struct bfk_cell - a cell about which a block has information
 * @cell: its offset from the head
 * @is_known: @held is its value in memory
 * @is_touched: the block may have changed it
 * @value: its new value; itself times 1 if nothing has changed it and it is not known
 * @source_off: of the last op that changed it
 * @shadowed: previous index entry of this cell: the entry of an outer block
 * @readers: while flushing: number of cells still to be computed from this one
 * @temp: while flushing: register with its old value, 0: none
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

/* Does the value have a term of a cell other than its own? */
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
 * @is_all: there are more than fit, so any cell may be in it
 */
struct bfk_set {
	u16 cells[BFK_SET_MAX];
	u8 n;
	bool is_all;
};

bool bfk_set_has(const struct bfk_set *set, u16 cell);
void bfk_set_add(struct bfk_set *set, u16 cell);

/*
 * struct bfk_block - information about one block, except its entries
 * @first: index of its first entry
 * @n_mixed: entries with a term of another cell
 * @inherits: cells without an entry have the value of the enclosing block, or 0 if there is none,
 *	unless they are in @varying
 * @varying: of a loop: cells that may differ from the enclosing block when a turn begins
 * @is_wild: it may have changed any cell; otherwise all cells it may have changed have entries
 */
struct bfk_block {
	u32 first, n_mixed;
	bool inherits, is_wild;
	struct bfk_set varying;
};

/*
 * struct bfk_blocks - a stack of blocks: for the current code and the loops around it
 * @out: destination of flushed ops
 * @cells: entries of all blocks, outer ones first
 * @n, @cap: number of entries, and room
 * @stack: the blocks, outermost first; @depth of them, room for @stack_cap
 * @index: by offset, 1 + the innermost entry, 0: none
 * @queue: room for one number per entry, for flushing
 * @failed: sticky: out of memory
 * @spare: replaces an entry after that
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

/* Creates the first block, of the whole program; @is_zeroed: the tape is zero at the start. */
void bfk_blocks_create(struct bfk_blocks *blocks, struct bfk_list *out, bool is_zeroed);
void bfk_blocks_destroy(struct bfk_blocks *blocks);

/* The innermost block. */
static inline struct bfk_block *bfk_block_now(struct bfk_blocks *blocks)
{
	return &blocks->stack[blocks->depth - 1];
}

/* Begins an inner block; ends it, and discards its information. */
void bfk_block_begin(struct bfk_blocks *blocks);
void bfk_block_end(struct bfk_blocks *blocks);

/* Restarts the innermost block: cells except @varying have the values of the enclosing block. */
void bfk_block_again(struct bfk_blocks *blocks, const struct bfk_set *varying);

/* The value of a cell in the innermost block, and a constant in the enclosing one. */
struct bfk_value bfk_block_value(struct bfk_blocks *blocks, u16 cell);
bool bfk_block_outer_constant(const struct bfk_blocks *blocks, u16 cell, u8 *constant);
bool bfk_value_is(const struct bfk_value *value, u8 constant);
bool bfk_value_is_identity(const struct bfk_value *value, u16 cell);

/* value += factor * from. False: the sum would be too long, and @value is no longer valid. */
bool bfk_value_add(struct bfk_value *value, const struct bfk_value *from, u8 factor);

/*
 * At the end of a turn of the loop whose block is the innermost: sets @varying to the cells that
 * may differ from the enclosing block. Returns whether the block relied on the old value of one.
 */
bool bfk_block_is_wrong(struct bfk_blocks *blocks, struct bfk_set *varying);

/* Changes by the op at @source_off of the source. muladd is cell += factor * from; false: the sum
 * would be too long, or too many cells mixed, and it will fit after a flush of the block. */
void bfk_block_add(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off);
void bfk_block_set(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off);
bool bfk_block_muladd(struct bfk_blocks *blocks, u16 cell, u8 factor, u16 from, u32 source_off);

/* Sets a value computed from memory; the caller respects BFK_MIXED_MAX. */
void bfk_block_put(struct bfk_blocks *blocks, u16 cell, const struct bfk_value *value,
		   u32 source_off);

/* The memory of a cell has changed, to a known value or not; there must be no change to flush. */
void bfk_block_know(struct bfk_blocks *blocks, u16 cell, u8 held);
void bfk_block_forget(struct bfk_blocks *blocks, u16 cell);
void bfk_block_forget_set(struct bfk_blocks *blocks, const struct bfk_set *set);
void bfk_block_forget_all(struct bfk_blocks *blocks);

/* After a flush, the innermost block forgets everything if it has more than @n_max cells. */
void bfk_block_bound(struct bfk_blocks *blocks, u32 n_max);

#endif
