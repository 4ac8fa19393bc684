// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The cheap rewrites the kernel does itself, one function each.
 *
 * Interface: parse.h
 * Invariants:
 * 1. A rewrite looks at ops behind the last bracket only, so it never crosses a jump target.
 * 2. It replaces ops by as many or fewer.
 */
#include "parse.h"

/**
 * bfk_fold_add - "+++" is one ADD, "[-]+++" one SET, "+-" nothing
 * @parse: the parse so far
 * @val: what to add
 * @source_off: where it came from
 */
void bfk_fold_add(struct bfk_parse *parse, u8 val, u32 source_off)
{
	struct bfk_op *last = parse->n_ops ? &parse->ops[parse->n_ops - 1] : NULL;

	if (!last || (last->kind != BFK_OP_ADD && last->kind != BFK_OP_SET) ||
	    last->off != (s16)parse->shift) {
		bfk_parse_push(parse, BFK_OP_ADD, source_off)->val = val;
		return;
	}
	last->val += val;
	if (last->kind == BFK_OP_ADD && !last->val)
		parse->n_ops--;
}

/* Is the body since the innermost LOOP made of ADDs, back at its start, counting by one? */
static bool is_multiply(const struct bfk_parse *parse, u8 *step)
{
	u32 i;

	*step = 0;
	for (i = parse->loop + 1; i < parse->n_ops; i++) {
		if (parse->ops[i].kind != BFK_OP_ADD)
			return false;
		if (!parse->ops[i].off)
			*step += parse->ops[i].val;
	}
	return !parse->shift && (*step == 1 || *step == 0xff);
}

/**
 * bfk_fold_multiply - "[->++>-<<]" is cell[1] += cell[0] * 2, cell[2] -= cell[0], cell[0] = 0
 * @parse: stands at the ']' of a loop; on success the loop is gone from ops
 *
 * The body runs cell[0] times if it counts down, and -cell[0] times modulo 256 if it counts up.
 * A MOVE made for the '[' is taken back: what is left of the loop needs no head of its own.
 * Costs no fuel any more: the ops are a bounded straight line.
 *
 * Return: whether this was such a loop.
 */
bool bfk_fold_multiply(struct bfk_parse *parse)
{
	u32 from = parse->loop + 1, to = parse->loop;
	u32 source_off = parse->ops[parse->loop].source_off;
	s16 base = 0;
	u8 step;

	if (!is_multiply(parse, &step))
		return false;
	if (to && parse->ops[to - 1].kind == BFK_OP_MOVE)
		base = parse->ops[--to].off;
	for (; from < parse->n_ops; from++) {
		struct bfk_op op = parse->ops[from];

		if (!op.off)
			continue;
		op.kind = BFK_OP_MULADD;
		op.off += base;
		op.src = base;
		if (step == 1)
			op.val = -op.val;
		parse->ops[to++] = op;
	}
	parse->n_ops = to;
	parse->shift = base;
	bfk_parse_push(parse, BFK_OP_SET, source_off);
	return true;
}
