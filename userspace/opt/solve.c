// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loops that can be replaced by straight code.
 *
 * Interface: solve.h
 */
#include "solve.h"

/* x with x * step = 1 modulo 256, for odd steps: each of Newton's iterations doubles the bits. */
static u8 inverse(u8 step)
{
	u8 x = step;

	x *= 2 - step * x;
	x *= 2 - step * x;
	return x * (2 - step * x);
}

/* Does the value depend only on the counter and on cells that the loop does not change? */
static bool is_invariant(struct bfk_walk *walk, const struct bfk_value *value, u16 counter)
{
	struct bfk_blocks *blocks = &walk->blocks;
	u32 i;

	for (i = 0; i < value->n_terms; i++) {
		u16 cell = value->terms[i].cell;
		struct bfk_value source = bfk_block_value(blocks, cell);

		if (cell != counter && !bfk_value_is_identity(&source, cell))
			return false;
	}
	return true;
}

/* Does the cell have the same known value before and after? */
static bool is_unchanged(const struct bfk_cell *entry)
{
	return !entry->value.n_terms && entry->is_known && entry->held == entry->value.constant;
}

static bool is_self_plus_constant(const struct bfk_cell *entry)
{
	const struct bfk_value *value = &entry->value;

	return value->n_terms == 1 && value->terms[0].cell == entry->cell &&
	       value->terms[0].factor == 1;
}

static void muladd(struct bfk_walk *walk, u16 cell, u8 factor, u16 from, u32 source_off)
{
	if (bfk_block_muladd(&walk->blocks, cell, factor, from, source_off))
		return;
	bfk_walk_flush(walk, cell);
	bfk_block_muladd(&walk->blocks, cell, factor, from, source_off);
}

/* Marks a cell that ends each turn with its value before the first as unchanged. */
static void note_unchanged(struct bfk_walk *walk, struct bfk_cell *entry)
{
	u8 constant;

	if (bfk_block_outer_constant(&walk->blocks, entry->cell, &constant) &&
	    bfk_value_is(&entry->value, constant)) {
		entry->is_known = true;
		entry->held = constant;
	}
}

/* Returns the shape of the innermost loop, which is straight and in place. Copies its body. */
enum bfk_shape bfk_solve_shape(struct bfk_walk *walk, u8 *step)
{
	u16 counter = bfk_walk_loop(walk)->cell;
	struct bfk_value value = bfk_block_value(&walk->blocks, counter);
	enum bfk_shape shape = BFK_SHAPE_LINEAR;
	u32 i;

	*step = value.constant;
	if (value.n_terms != 1 || value.terms[0].cell != counter || value.terms[0].factor != 1 ||
	    !(*step & 1))
		return BFK_SHAPE_LOOP;
	if (!bfk_walk_copy_body(walk))
		return BFK_SHAPE_LOOP;
	for (i = 0; i < walk->n_body; i++) {
		struct bfk_cell *entry = &walk->body[i];

		note_unchanged(walk, entry);
		if (is_self_plus_constant(entry) || is_unchanged(entry))
			continue;
		if (!is_invariant(walk, &entry->value, counter))
			return BFK_SHAPE_LOOP;
		shape = BFK_SHAPE_COUNTED;
	}
	return shape;
}

/* Applies the copied body of a LINEAR loop, or a COUNTED one that runs, to the innermost block. */
static void apply_body(struct bfk_walk *walk, u16 counter, u8 step)
{
	struct bfk_blocks *blocks = &walk->blocks;
	u8 turns = -inverse(step); /* per unit of the counter */
	u32 i, term;

	for (i = 0; i < walk->n_body; i++) {
		const struct bfk_cell *entry = &walk->body[i];
		const struct bfk_value *value = &entry->value;

		if (entry->cell == counter || is_unchanged(entry))
			continue;
		if (is_self_plus_constant(entry)) {
			if (value->constant)
				muladd(walk, entry->cell, value->constant * turns, counter,
				       entry->source_off);
			continue;
		}
		bfk_block_set(blocks, entry->cell, value->constant, entry->source_off);
		for (term = 0; term < value->n_terms; term++) {
			const struct bfk_term *from = &value->terms[term];

			if (from->cell == counter) /* the counter is -step before the last turn */
				bfk_block_add(blocks, entry->cell, -step * from->factor,
					      entry->source_off);
			else
				muladd(walk, entry->cell, from->factor, from->cell,
				       entry->source_off);
		}
	}
}

/*
 * Makes the innermost loop, of a solvable shape, part of the enclosing block:
 *
 *	[->+++<]	cell[1] += 3 * cell[0]; cell[0] = 0
 */
void bfk_solve(struct bfk_walk *walk, u8 step, u32 source_off)
{
	u16 counter = bfk_walk_loop(walk)->cell;

	bfk_block_end(&walk->blocks);
	walk->n_loops--;
	apply_body(walk, counter, step);
	bfk_block_set(&walk->blocks, counter, 0, source_off);
}

/*
 * The same inside an if:
 *
 *	[->[-]+++<]	if cell[0] { cell[1] = 3; cell[0] = 0 }
 */
void bfk_solve_guarded(struct bfk_walk *walk, u8 step, const struct bfk_set *varying,
		       u32 source_off)
{
	u16 counter = bfk_walk_loop(walk)->cell;
	const struct bfk_set none = {};

	bfk_walk_open(walk);
	bfk_block_again(&walk->blocks, &none);
	apply_body(walk, counter, step);
	bfk_block_set(&walk->blocks, counter, 0, source_off);
	bfk_walk_flush(walk, counter);
	bfk_walk_emit_end(walk, source_off, BFK_OP_LABEL);
	bfk_walk_end(walk, varying);
}
