// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Turns a block's values into ops again: a block changes all cells at once, ops one by one.
 *
 * A cell can be written when no other value still needs its old value. Where cells wait for each
 * other in a cycle, as in a swap, one of them is first saved in a register; a cell that several
 * values need is loaded into a register too, if one is to spare.
 *
 *	>>[-]<<[->>+<<]>[-<+>]>[-<+>]	cell[2] = 0; r1 = cell[1]; cell[1] = cell[0];
 *					cell[0] = r1
 *
 * Interface: block_flush.h
 * Invariants:
 * 1. Registers are free outside a flush: each is loaded before its use in the same flush.
 * 2. There is a register for each cycle: it is broken at a mixed cell, of which there are at
 *    most BFK_MIXED_MAX, and only registers that no cycle can need are used otherwise.
 */
#include "block_flush.h"

/*
 * struct flush - a flush in progress
 * @first, @end: the entries
 * @free: free registers, as a mask
 * @n_circular: registers that breaking cycles may take
 * @n_queued: entries in the queue that can be written
 * @last: the cell to write last
 * @sum_reg: register with the last sum, @sum, 0: none; another cell may need the same sum
 */
struct flush {
	struct bfk_blocks *blocks;
	u32 first, end, free, n_circular, n_queued;
	u16 last;
	u8 sum_reg;
	struct bfk_value sum;
};

/* The block's entry of a cell; entries of inner blocks may shadow it. */
static struct bfk_cell *find(const struct flush *flush, u16 cell)
{
	u32 ix = flush->blocks->index[cell];

	while (ix > flush->end)
		ix = flush->blocks->cells[ix - 1].shadowed;
	return ix > flush->first ? &flush->blocks->cells[ix - 1] : NULL;
}

static u8 own_factor(const struct bfk_cell *entry)
{
	u32 i;

	for (i = 0; i < entry->value.n_terms; i++)
		if (entry->value.terms[i].cell == entry->cell)
			return entry->value.terms[i].factor;
	return 0;
}

static bool is_changed(const struct bfk_cell *entry)
{
	if (!entry->value.n_terms)
		return !entry->is_known || entry->held != entry->value.constant;
	return !bfk_value_is_identity(&entry->value, entry->cell);
}

/* Appends an op on the cell of @entry, or on register @reg. */
static struct bfk_op *push(struct flush *flush, u8 kind, const struct bfk_cell *entry, u8 reg,
			   u8 val)
{
	struct bfk_list *out = flush->blocks->out;
	u32 ix = bfk_list_add(out, kind, reg ? 0 : entry->cell, entry->source_off);

	bfk_list_at(out, ix)->reg = reg;
	bfk_list_at(out, ix)->val = val;
	return bfk_list_at(out, ix);
}

static u8 take_reg(struct flush *flush)
{
	u8 reg = __builtin_ctz(flush->free);

	flush->free &= flush->free - 1;
	return reg;
}

static void load_temp(struct flush *flush, struct bfk_cell *entry)
{
	entry->temp = take_reg(flush);
	push(flush, BFK_OP_MUL, entry, entry->temp, 1)->src_off = entry->cell;
}

/* to (+)= factor * old value of @from; @reg is a register, 0: the cell of @to. */
static void push_term(struct flush *flush, u8 kind, const struct bfk_cell *to, u8 reg,
		      const struct bfk_cell *from, u8 factor)
{
	struct bfk_op *op = push(flush, kind, to, reg, factor);

	op->src_reg = from->temp;
	op->src_off = from->temp ? 0 : from->cell;
}

/* One reader less: frees the register, or lets the cell be written. */
static void put_reader(struct flush *flush, struct bfk_cell *from)
{
	if (--from->readers)
		return;
	if (from->temp)
		flush->free |= 1u << from->temp;
	if (!from->is_done && from->cell != flush->last)
		flush->blocks->queue[flush->n_queued++] = from - flush->blocks->cells;
	from->temp = 0;
}

/* Is there a register that no cycle will need? */
static bool is_reg_spare(const struct flush *flush)
{
	return (u32)__builtin_popcount(flush->free) > flush->n_circular;
}

static void drop_sum(struct flush *flush)
{
	if (flush->sum_reg)
		flush->free |= 1u << flush->sum_reg;
	flush->sum_reg = 0;
}

/* Adds the terms of other cells to place @reg of @entry; the first one by @kind. */
static void push_terms(struct flush *flush, const struct bfk_cell *entry, u8 reg, u8 kind)
{
	u32 i;

	for (i = 0; i < entry->value.n_terms; i++) {
		struct bfk_cell *from = find(flush, entry->value.terms[i].cell);

		if (from == entry)
			continue;
		if (!from->temp && from->readers > 1 && is_reg_spare(flush))
			load_temp(flush, from);
		push_term(flush, kind, entry, reg, from, entry->value.terms[i].factor);
		kind = BFK_OP_MULADD;
		put_reader(flush, from);
	}
}

/* The sum needed in a register: the whole value, except a term of the cell itself with factor 1. */
static struct bfk_value addend(const struct bfk_cell *entry)
{
	struct bfk_value value = entry->value, self = bfk_value_of(entry->cell);

	if (own_factor(entry) == 1)
		bfk_value_add(&value, &self, 255);
	return value;
}

/* Is this value the last sum? */
static bool is_sum(const struct flush *flush, const struct bfk_value *value)
{
	struct bfk_value difference = flush->sum;

	return flush->sum_reg && bfk_value_add(&difference, value, 255) &&
	       bfk_value_is(&difference, 0);
}

/* The last sum has used the terms already. */
static void skip_terms(struct flush *flush, const struct bfk_cell *entry)
{
	u32 i;

	for (i = 0; i < entry->value.n_terms; i++)
		if (entry->value.terms[i].cell != entry->cell)
			put_reader(flush, find(flush, entry->value.terms[i].cell));
}

static bool push_known_sum(struct flush *flush, const struct bfk_cell *entry, u8 own)
{
	struct bfk_value share = addend(entry);
	bool is_whole = is_sum(flush, &entry->value);

	if (!is_whole && !(own == 1 && is_sum(flush, &share)))
		return false;
	push(flush, is_whole ? BFK_OP_MUL : BFK_OP_MULADD, entry, 0, 1)->src_reg = flush->sum_reg;
	skip_terms(flush, entry);
	return true;
}

/* Computes the sum in register @reg; then cell += reg if the own factor is 1, else cell = reg. */
static void push_sum_by_reg(struct flush *flush, struct bfk_cell *entry, u8 own, u8 reg)
{
	if (own > 1) {
		push(flush, BFK_OP_SET, entry, reg, entry->value.constant);
		push_terms(flush, entry, reg, BFK_OP_MULADD);
		push_term(flush, BFK_OP_MULADD, entry, reg, entry, own);
	} else {
		push_terms(flush, entry, reg, BFK_OP_MUL);
		if (entry->value.constant)
			push(flush, BFK_OP_ADD, entry, reg, entry->value.constant);
	}
	push(flush, own == 1 ? BFK_OP_MULADD : BFK_OP_MUL, entry, 0, 1)->src_reg = reg;
	flush->sum_reg = reg;
	flush->sum = addend(entry);
	if (!is_reg_spare(flush))
		drop_sum(flush);
}

/* Computes a sum of several terms in a register, if one is to spare, and writes it at once. */
static void push_sum(struct flush *flush, struct bfk_cell *entry)
{
	u8 own = own_factor(entry);

	if (push_known_sum(flush, entry, own))
		return;
	drop_sum(flush);
	if ((own > 1 || entry->value.n_terms - own + !!entry->value.constant > 1) &&
	    is_reg_spare(flush))
		return push_sum_by_reg(flush, entry, own, take_reg(flush));
	if (own > 1)
		push_term(flush, BFK_OP_MUL, entry, 0, entry, own);
	push_terms(flush, entry, 0, own ? BFK_OP_MULADD : BFK_OP_MUL);
	if (entry->value.constant)
		push(flush, BFK_OP_ADD, entry, 0, entry->value.constant);
}

static void write_cell(struct flush *flush, struct bfk_cell *entry)
{
	struct bfk_value *value = &entry->value;

	entry->is_done = true;
	if (!is_changed(entry))
		return;
	if (!value->n_terms)
		push(flush, BFK_OP_SET, entry, 0, value->constant);
	else if (value->n_terms == 1 && own_factor(entry) == 1)
		push(flush, BFK_OP_ADD, entry, 0, value->constant);
	else
		push_sum(flush, entry);
}

static void write_queued(struct flush *flush)
{
	while (flush->n_queued) {
		u32 ix = flush->blocks->queue[--flush->n_queued];

		write_cell(flush, &flush->blocks->cells[ix]);
	}
}

/* Writes a cell that other cells may still need. */
static void write_now(struct flush *flush, struct bfk_cell *entry)
{
	if (entry->readers && !entry->temp && is_changed(entry)) {
		drop_sum(flush);
		load_temp(flush, entry);
	}
	write_cell(flush, entry);
	write_queued(flush);
}

static void count_readers(struct flush *flush)
{
	u32 i, term;

	for (i = flush->first; i < flush->end; i++) {
		struct bfk_cell *entry = &flush->blocks->cells[i];

		for (term = 0; term < entry->value.n_terms; term++)
			if (entry->value.terms[term].cell != entry->cell)
				find(flush, entry->value.terms[term].cell)->readers++;
	}
}

/* Counts mixed cells in cycles, and cells that wait for those; consumes the readers. */
static u32 count_circular(struct flush *flush)
{
	struct bfk_cell *cells = flush->blocks->cells;
	u32 *queue = flush->blocks->queue, n = 0, n_circular = 0, i, term;

	for (i = flush->first; i < flush->end; i++)
		if (!cells[i].readers)
			queue[n++] = i;
	while (n) {
		const struct bfk_cell *entry = &cells[queue[--n]];

		for (term = 0; term < entry->value.n_terms; term++) {
			struct bfk_cell *from = find(flush, entry->value.terms[term].cell);

			if (from != entry && !--from->readers)
				queue[n++] = from - cells;
		}
	}
	for (i = flush->first; i < flush->end; i++) {
		n_circular += cells[i].readers && bfk_cell_is_mixed(&cells[i]);
		cells[i].readers = 0;
	}
	return n_circular;
}

/* From here on memory has the new values, and the entry describes them. */
static void settle(struct bfk_cell *entry)
{
	entry->readers = entry->temp = entry->is_done = 0;
	entry->is_known = !entry->value.n_terms;
	entry->held = entry->value.constant;
	if (entry->is_known)
		return;
	entry->value = bfk_value_of(entry->cell);
}

/* Writes the cells of a block without mixed ones, in any order. */
static void write_unmixed(struct flush *flush)
{
	u32 i;

	for (i = flush->first; i < flush->end; i++)
		if (flush->blocks->cells[i].cell != flush->last)
			write_cell(flush, &flush->blocks->cells[i]);
}

/* Writes each cell when no other one needs it any more; the rest are cycles. */
static void write_mixed(struct flush *flush)
{
	struct bfk_cell *cells = flush->blocks->cells;
	u32 i;

	count_readers(flush);
	flush->n_circular = count_circular(flush);
	count_readers(flush);
	for (i = flush->first; i < flush->end; i++)
		if (!cells[i].is_done && !cells[i].readers && cells[i].cell != flush->last)
			write_now(flush, &cells[i]);
	for (i = flush->first; i < flush->end; i++)
		if (!cells[i].is_done && bfk_cell_is_mixed(&cells[i]) &&
		    cells[i].cell != flush->last)
			write_now(flush, &cells[i]);
}

void bfk_block_flush(struct bfk_blocks *blocks, u32 depth, u16 last)
{
	struct bfk_block *block = &blocks->stack[depth];
	u32 end = depth + 1 < blocks->depth ? block[1].first : blocks->n, i;
	struct flush flush = {
		.blocks = blocks, .first = block->first, .end = end, .free = 0xfe, .last = last
	};
	struct bfk_cell *entry;

	if (blocks->failed)
		return;
	if (block->n_mixed)
		write_mixed(&flush);
	else
		write_unmixed(&flush);
	entry = find(&flush, last);
	if (entry)
		write_now(&flush, entry);
	for (i = block->first; i < end; i++)
		settle(&blocks->cells[i]);
	block->n_mixed = 0;
}
