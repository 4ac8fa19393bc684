// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The effect of straight code on cells so far; see block.h.
 *
 * Interface: block.h
 * Invariants:
 * 1. The entries of a block are those from its first to the next block's first, one per cell. Each
 *    keeps the previous index entry of its cell, so dropping a block costs as much as making it.
 * 2. Terms refer to memory as it was when the block was last flushed, and their cells have entries
 *    in the block. A cell with a known value never appears in a term.
 */
#include "block.h"
#include <stdlib.h>
#include "bfk/limits.h"

#define INHERIT_MAX 16 /* blocks to search for a cell, from the innermost outwards */

bool bfk_set_has(const struct bfk_set *set, u16 cell)
{
	u32 i;

	for (i = 0; i < set->n; i++)
		if (set->cells[i] == cell)
			return true;
	return set->is_all;
}

void bfk_set_add(struct bfk_set *set, u16 cell)
{
	if (bfk_set_has(set, cell))
		return;
	if (set->n < BFK_SET_MAX)
		set->cells[set->n++] = cell;
	else
		set->is_all = true;
}

void bfk_blocks_create(struct bfk_blocks *blocks, struct bfk_list *out, bool is_zeroed)
{
	*blocks = (struct bfk_blocks){ .out = out, .index = calloc(BFK_TAPE_CELLS, sizeof(u32)) };
	blocks->failed = !blocks->index;
	bfk_block_begin(blocks);
	if (!blocks->failed)
		bfk_block_now(blocks)->inherits = is_zeroed;
}

void bfk_blocks_destroy(struct bfk_blocks *blocks)
{
	free(blocks->cells);
	free(blocks->stack);
	free(blocks->index);
	free(blocks->queue);
}

static bool grow(struct bfk_blocks *blocks)
{
	u32 cap = blocks->cap;

	blocks->failed = !bfk_list_reserve((void **)&blocks->cells, &cap, blocks->n,
					   sizeof(*blocks->cells)) ||
			 !bfk_list_reserve((void **)&blocks->queue, &blocks->cap, blocks->n,
					   sizeof(*blocks->queue));
	return !blocks->failed;
}

/* The value of a cell in the block at @depth: true if it is a constant. */
static bool find_constant(const struct bfk_blocks *blocks, u32 depth, u16 cell, u8 *constant)
{
	u32 ix = blocks->index[cell], end = blocks->n, i;

	for (i = 0; i < INHERIT_MAX; i++, depth--) {
		const struct bfk_block *block = &blocks->stack[depth];

		end = depth + 1 < blocks->depth ? block[1].first : blocks->n;
		while (ix > end)
			ix = blocks->cells[ix - 1].shadowed;
		if (ix > block->first) {
			*constant = blocks->cells[ix - 1].value.constant;
			return !blocks->cells[ix - 1].value.n_terms;
		}
		if (!block->inherits || block->is_wild || bfk_set_has(&block->varying, cell))
			return false;
		*constant = 0;
		if (!depth)
			return true;
	}
	return false;
}

static void make_identity(struct bfk_cell *entry)
{
	entry->is_known = false;
	entry->value = bfk_value_of(entry->cell);
}

static void make_known(struct bfk_cell *entry, u8 held)
{
	entry->is_known = true;
	entry->held = held;
	entry->value.n_terms = 0;
	entry->value.constant = held;
}

/* Returns the entry of a cell in the innermost block, created if necessary. */
static struct bfk_cell *touch(struct bfk_blocks *blocks, u16 cell)
{
	struct bfk_cell *entry = &blocks->spare;
	u8 constant;

	if (blocks->failed)
		return entry;
	if (blocks->index[cell] > bfk_block_now(blocks)->first)
		return &blocks->cells[blocks->index[cell] - 1];
	if (blocks->n == blocks->cap && !grow(blocks))
		return entry;
	entry = &blocks->cells[blocks->n];
	*entry = (struct bfk_cell){ .cell = cell, .shadowed = blocks->index[cell] };
	if (bfk_block_now(blocks)->inherits &&
	    find_constant(blocks, blocks->depth - 1, cell, &constant))
		make_known(entry, constant);
	else
		make_identity(entry);
	blocks->index[cell] = ++blocks->n;
	return entry;
}

void bfk_block_begin(struct bfk_blocks *blocks)
{
	if (bfk_list_reserve((void **)&blocks->stack, &blocks->stack_cap, blocks->depth,
			     sizeof(*blocks->stack)))
		blocks->stack[blocks->depth++] = (struct bfk_block){ .first = blocks->n };
	else
		blocks->failed = true;
}

/* Drops the entries of the innermost block. */
static void drop(struct bfk_blocks *blocks)
{
	while (blocks->n > bfk_block_now(blocks)->first) {
		const struct bfk_cell *entry = &blocks->cells[--blocks->n];

		blocks->index[entry->cell] = entry->shadowed;
	}
}

void bfk_block_end(struct bfk_blocks *blocks)
{
	drop(blocks);
	blocks->depth--;
}

void bfk_block_again(struct bfk_blocks *blocks, const struct bfk_set *varying)
{
	drop(blocks);
	*bfk_block_now(blocks) =
		(struct bfk_block){ .first = blocks->n, .inherits = true, .varying = *varying };
}

struct bfk_value bfk_block_value(struct bfk_blocks *blocks, u16 cell)
{
	return touch(blocks, cell)->value;
}

bool bfk_block_outer_constant(const struct bfk_blocks *blocks, u16 cell, u8 *constant)
{
	return find_constant(blocks, blocks->depth - 2, cell, constant);
}

bool bfk_value_is_identity(const struct bfk_value *value, u16 cell)
{
	return value->n_terms == 1 && !value->constant && value->terms[0].cell == cell &&
	       value->terms[0].factor == 1;
}

bool bfk_value_is(const struct bfk_value *value, u8 constant)
{
	return !value->n_terms && value->constant == constant;
}

bool bfk_block_is_wrong(struct bfk_blocks *blocks, struct bfk_set *varying)
{
	const struct bfk_block *block = bfk_block_now(blocks);
	bool is_wrong = false, is_known;
	u8 constant;
	u32 i;

	*varying = (struct bfk_set){ .is_all = block->is_wild };
	for (i = block->first; i < blocks->n; i++) {
		const struct bfk_cell *entry = &blocks->cells[i];

		if (!entry->is_touched)
			continue;
		is_known = bfk_block_outer_constant(blocks, entry->cell, &constant);
		if (is_known && bfk_value_is(&entry->value, constant))
			continue;
		is_wrong |= is_known && !bfk_set_has(&block->varying, entry->cell);
		bfk_set_add(varying, entry->cell);
	}
	return block->inherits && !block->varying.is_all && (is_wrong || varying->is_all);
}

void bfk_block_add(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off)
{
	struct bfk_cell *entry = touch(blocks, cell);

	entry->value.constant += val;
	entry->source_off = source_off;
	entry->is_touched = true;
}

void bfk_block_put(struct bfk_blocks *blocks, u16 cell, const struct bfk_value *value,
		   u32 source_off)
{
	struct bfk_cell *entry = touch(blocks, cell);
	u32 *n_mixed = &bfk_block_now(blocks)->n_mixed;

	*n_mixed -= bfk_cell_is_mixed(entry);
	entry->value = *value;
	entry->source_off = source_off;
	entry->is_touched = true;
	*n_mixed += bfk_cell_is_mixed(entry);
}

void bfk_block_set(struct bfk_blocks *blocks, u16 cell, u8 val, u32 source_off)
{
	struct bfk_value value = { .constant = val };

	bfk_block_put(blocks, cell, &value, source_off);
}

/* Adds a term, or changes it; removes it if its factor becomes 0. False: no room. */
static bool add_term(struct bfk_value *value, u16 cell, u8 factor)
{
	u32 i = 0;

	while (i < value->n_terms && value->terms[i].cell != cell)
		i++;
	if (i == BFK_TERMS_MAX)
		return false;
	if (i == value->n_terms)
		value->terms[value->n_terms++] = (struct bfk_term){ .cell = cell };
	value->terms[i].factor += factor;
	if (!value->terms[i].factor)
		value->terms[i] = value->terms[--value->n_terms];
	return true;
}

bool bfk_value_add(struct bfk_value *value, const struct bfk_value *from, u8 factor)
{
	bool fits = true;
	u32 i;

	value->constant += factor * from->constant;
	for (i = 0; i < from->n_terms && fits; i++)
		fits = add_term(value, from->terms[i].cell, from->terms[i].factor * factor);
	return fits;
}

bool bfk_block_muladd(struct bfk_blocks *blocks, u16 cell, u8 factor, u16 from, u32 source_off)
{
	struct bfk_value term = bfk_block_value(blocks, from);
	struct bfk_value sum = bfk_block_value(blocks, cell);

	if (bfk_block_now(blocks)->n_mixed == BFK_MIXED_MAX && !bfk_value_is_mixed(&sum, cell))
		return false;
	if (!bfk_value_add(&sum, &term, factor))
		return false;
	bfk_block_put(blocks, cell, &sum, source_off);
	return true;
}

void bfk_block_know(struct bfk_blocks *blocks, u16 cell, u8 held)
{
	struct bfk_cell *entry = touch(blocks, cell);

	make_known(entry, held);
	entry->is_touched = true;
}

void bfk_block_forget(struct bfk_blocks *blocks, u16 cell)
{
	struct bfk_cell *entry = touch(blocks, cell);

	make_identity(entry);
	entry->is_touched = true;
}

void bfk_block_forget_set(struct bfk_blocks *blocks, const struct bfk_set *set)
{
	u32 i;

	if (set->is_all)
		bfk_block_forget_all(blocks);
	else
		for (i = 0; i < set->n; i++)
			bfk_block_forget(blocks, set->cells[i]);
}

void bfk_block_forget_all(struct bfk_blocks *blocks)
{
	drop(blocks);
	bfk_block_now(blocks)->is_wild = true;
}

void bfk_block_bound(struct bfk_blocks *blocks, u32 n_max)
{
	if (blocks->n - bfk_block_now(blocks)->first > n_max)
		bfk_block_forget_all(blocks);
}
