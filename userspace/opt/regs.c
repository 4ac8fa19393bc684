// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Keeps cells in registers: in a loop in which the head does not move and nobody else accesses the
 * tape, the most used cells are loaded once before it, and written back once after it.
 *
 * Interface: regs.h
 */
#include "regs.h"
#include "brackets.h"
#include <stdlib.h>
#include "bfk/limits.h"

#define ENOUGH 4    /* uses of a cell in ifs that are worth loading and storing it */
#define DEPTH_MAX 6 /* each enclosing loop multiplies the weight of an op by 8, up to this depth */

/*
 * struct bfk_use - a cell in the region at hand
 * @weight: how often it is named, by depth
 * @is_written: it is changed there
 * @reg: where it is kept, 0 in memory
 */
struct bfk_use {
	u64 weight;
	u16 cell;
	bool is_written;
	u8 reg;
};

/*
 * struct bfk_bracket - what is in a pair of brackets
 * @is_static: the head stays where it is, and nobody else looks at the tape
 * @has_loop: it is a loop, or there is one in it
 * @depth: how deep brackets are nested in it
 */
struct bfk_bracket {
	bool is_static, has_loop;
	u8 depth;
};

static void join(struct bfk_bracket *outer, const struct bfk_bracket *inner)
{
	outer->is_static &= inner->is_static;
	outer->has_loop |= inner->has_loop;
	if (outer->depth <= inner->depth && inner->depth < UINT8_MAX)
		outer->depth = inner->depth + 1;
}

/* From the innermost brackets outwards. */
static void find_brackets(struct bfk_regs *regs, u32 n_ops)
{
	u32 *open = regs->new_ix, n_open = 0, i;

	for (i = 0; i < n_ops; i++) {
		u8 kind = regs->ops[i].kind;

		if (bfk_is_start(regs->ops, i)) {
			regs->brackets[i].is_static = true;
			open[n_open++] = i;
		} else if (bfk_is_end(regs->ops, i)) {
			n_open--;
			regs->brackets[open[n_open]].has_loop |= kind == BFK_OP_NEXT;
			if (n_open)
				join(&regs->brackets[open[n_open - 1]],
				     &regs->brackets[open[n_open]]);
		} else if (n_open &&
			   (kind <= BFK_OP_SYS || kind == BFK_OP_IF8 || kind == BFK_OP_MOVE)) {
			regs->brackets[open[n_open - 1]].is_static = false;
		}
	}
}

static void count(struct bfk_regs *regs, u8 reg, u16 cell, u32 depth, bool is_written)
{
	u32 ix = regs->index[cell];
	struct bfk_use *use;

	if (reg) {
		regs->temps |= 1u << reg;
		return;
	}
	if (!ix || ix > regs->n_uses || regs->uses[ix - 1].cell != cell) {
		ix = regs->index[cell] = ++regs->n_uses;
		regs->uses[ix - 1] = (struct bfk_use){ .cell = cell };
	}
	use = &regs->uses[ix - 1];
	use->weight += 1ull << 3 * (depth < DEPTH_MAX ? depth : DEPTH_MAX);
	use->is_written |= is_written;
}

static void count_op(struct bfk_regs *regs, const struct bfk_op *op, u32 depth)
{
	bool has_source = op->kind == BFK_OP_MUL || op->kind == BFK_OP_MULADD;

	if (op->kind == BFK_OP_LABEL)
		return;
	count(regs, op->reg, op->off, depth, op->kind >= BFK_OP_ADD);
	if (has_source)
		count(regs, op->src_reg, op->src_off, depth, false);
}

/* Counts the uses of cells in the ops from @from to @to. */
static void count_region(struct bfk_regs *regs, u32 from, u32 to)
{
	u32 depth = 0, i;

	regs->n_uses = regs->temps = 0;
	for (i = from; i <= to; i++) {
		const struct bfk_op *op = &regs->ops[i];

		if (bfk_is_start(regs->ops, i))
			depth += regs->ops[op->match].kind == BFK_OP_NEXT;
		count_op(regs, op, depth);
		if (bfk_is_end(regs->ops, i))
			depth -= op->kind == BFK_OP_NEXT;
	}
}

/* Gives the remaining registers to the cells with the most weight, if that is at least @enough. */
static void choose(struct bfk_regs *regs, u64 enough)
{
	u8 reg;
	u32 i;

	for (reg = BFK_OP_REGS - 1; reg; reg--) {
		struct bfk_use *best = NULL;

		if (regs->temps & 1u << reg)
			continue;
		for (i = 0; i < regs->n_uses; i++)
			if (!regs->uses[i].reg && (!best || regs->uses[i].weight > best->weight))
				best = &regs->uses[i];
		if (best && best->weight >= enough)
			best->reg = reg;
	}
}

static void push_transfers(struct bfk_regs *regs, u32 source_off, bool is_load)
{
	u32 i;

	for (i = 0; i < regs->n_uses; i++) {
		const struct bfk_use *use = &regs->uses[i];
		struct bfk_op op = { .kind = BFK_OP_MUL, .val = 1, .source_off = source_off };

		if (!use->reg || (!is_load && !use->is_written))
			continue;
		*(is_load ? &op.src_off : &op.off) = use->cell;
		*(is_load ? &op.reg : &op.src_reg) = use->reg;
		*bfk_list_push(regs->out) = op;
	}
}

static void rename_place(const struct bfk_regs *regs, u8 *reg, s16 *off)
{
	u8 kept = *reg ? 0 : regs->uses[regs->index[(u16)*off] - 1].reg;

	*reg = kept ? kept : *reg;
	*off = *reg ? 0 : *off;
}

static void copy_renamed(struct bfk_regs *regs, u32 ix)
{
	struct bfk_op *copy;

	bfk_list_copy(regs->out, regs->ops, ix, regs->new_ix);
	copy = bfk_list_at(regs->out, regs->out->n - 1);
	if (copy->kind == BFK_OP_LABEL)
		return;
	rename_place(regs, &copy->reg, &copy->off);
	if (copy->kind == BFK_OP_MUL || copy->kind == BFK_OP_MULADD)
		rename_place(regs, &copy->src_reg, &copy->src_off);
}

/* Rewrites a loop, or a nest of ifs: if it runs, load, run it in registers, write back. */
static void rewrite(struct bfk_regs *regs, u32 from, u32 to)
{
	const struct bfk_op *start = &regs->ops[from];
	bool is_loop = regs->ops[to].kind == BFK_OP_NEXT;
	u32 first = regs->out->n, end, i;

	count_region(regs, from, to);
	choose(regs, is_loop ? 1 : ENOUGH);
	*bfk_list_push(regs->out) = *start;
	push_transfers(regs, start->source_off, true);
	if (is_loop)
		regs->new_ix[from] =
			bfk_list_add(regs->out, BFK_OP_LABEL, start->off, start->source_off);
	for (i = from + 1; i < to + is_loop; i++)
		copy_renamed(regs, i);
	if (is_loop)
		bfk_list_at(regs->out, regs->new_ix[from])->match = regs->new_ix[to];
	push_transfers(regs, regs->ops[to].source_off, false);
	end = bfk_list_add(regs->out, BFK_OP_LABEL, start->off, start->source_off);
	bfk_list_at(regs->out, first)->match = end;
	bfk_list_at(regs->out, end)->match = first;
}

/* Loops are worth it; ifs alone only if nested, where they test the same cells repeatedly. */
static bool is_worth_it(const struct bfk_regs *regs, u32 ix)
{
	const struct bfk_bracket *bracket = &regs->brackets[ix];

	if (!bracket->is_static)
		return false;
	if (regs->ops[regs->ops[ix].match].kind == BFK_OP_NEXT)
		return true;
	return !bracket->has_loop && bracket->depth >= 2;
}

/* False: out of memory; bfk_regs_destroy() must be called in any case. */
bool bfk_regs_create(struct bfk_regs *regs, const struct bfk_op *ops, u32 n_ops,
		     struct bfk_list *out, u32 *new_ix)
{
	*regs = (struct bfk_regs){ .ops = ops, .out = out, .new_ix = new_ix };
	regs->brackets = calloc(n_ops, sizeof(*regs->brackets));
	regs->uses = malloc(2 * (size_t)n_ops * sizeof(*regs->uses));
	regs->index = calloc(BFK_TAPE_CELLS, sizeof(*regs->index));
	if (!regs->brackets || !regs->uses || !regs->index || !new_ix)
		return false;
	find_brackets(regs, n_ops);
	return true;
}

void bfk_regs_destroy(struct bfk_regs *regs)
{
	free(regs->brackets);
	free(regs->uses);
	free(regs->index);
}

/**
 * bfk_regs_rewrite - keep the cells of a loop in which the head does not move in registers
 * @regs: created for the program
 * @ix: an op of it that starts a bracket
 *
 *	[>+<--]		if cell[0] { r7 = cell[0]; r6 = cell[1]; loop { r6 += 1; r7 -= 2 } ... }
 *
 * Return: index of the last op of the loop, or 0: nothing was done.
 */
u32 bfk_regs_rewrite(struct bfk_regs *regs, u32 ix)
{
	if (!is_worth_it(regs, ix))
		return 0;
	rewrite(regs, ix, regs->ops[ix].match);
	return regs->ops[ix].match;
}
