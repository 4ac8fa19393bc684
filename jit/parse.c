// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Source to ops in one pass.
 *
 * Interface: parse.h
 * Invariants:
 * 1. At most one op per byte of source, and one END: a MOVE is made only where a loop has moved, by
 *    a byte that made no other op, or at the end.
 * 2. Brackets need no stack: open loops are chained through match until they are closed.
 * 3. A rewrite looks only at ops after the last bracket, so it never crosses a jump.
 */
#include "parse.h"

/* Appends one op. There is room: no byte of source makes two. */
static struct bfk_op *push(struct bfk_parse *parse, u8 kind, s16 off, u32 source_off)
{
	struct bfk_op *op = &parse->ops[parse->n_ops++];

	*op = (struct bfk_op){ .kind = kind, .off = off, .source_off = source_off };
	return op;
}

/* Takes a '+' (step 1) or '-' (255): "+++" is one ADD, "[-]+++" one SET, "+-" nothing. */
static void add(struct bfk_parse *parse, u8 step, s16 off, u32 source_off)
{
	struct bfk_op *op = parse->n_ops ? &parse->ops[parse->n_ops - 1] : NULL;
	bool has_val = op && (op->kind == BFK_OP_ADD || op->kind == BFK_OP_SET);

	if (!has_val || op->off != off)
		op = push(parse, BFK_OP_ADD, off, source_off);
	op->val += step;
	if (op->kind == BFK_OP_ADD && !op->val)
		parse->n_ops--;
}

/*
 * Closes the innermost loop, with the current cell at @off. Returns where that is after the loop.
 * "[-]" is a SET, and so is a loop that steps by another odd number: whatever the cell holds, odd
 * steps bring it to 0, since it wraps at 256; even ones may miss 0.
 */
static s16 close_loop(struct bfk_parse *parse, s16 off, u32 source_off)
{
	u32 loop_ix = parse->loop - 1;
	struct bfk_op *loop = &parse->ops[loop_ix];
	bool is_one = parse->n_ops == loop_ix + 2 && off == loop->off;

	parse->loop = loop->match;
	if (is_one && loop[1].kind == BFK_OP_ADD && loop[1].off == off && loop[1].val % 2) {
		parse->n_ops = loop_ix;
		push(parse, BFK_OP_SET, off, loop->source_off);
		return off;
	}
	/* Each turn begins at the same offset, so what the loop has moved becomes a MOVE. */
	if (off != loop->off)
		push(parse, BFK_OP_MOVE, off - loop->off, source_off);
	loop->match = parse->n_ops;
	push(parse, BFK_OP_NEXT, loop->off, source_off)->match = loop_ix;
	return loop->off;
}

int bfk_parse(struct bfk_parse *parse)
{
	s16 off = 0; /* of the current cell, from the head */
	u8 byte;
	u32 at = 0;

	/* A first line that starts with "#!" is for the shell. */
	if (parse->source_len >= 2 && !memcmp(parse->source, "#!", 2))
		while (at < parse->source_len && parse->source[at] != '\n')
			at++;
	for (; at < parse->source_len; at++) {
		bfk_env_yield(at);
		byte = parse->source[at];
		switch (byte) {
		case '>':
		case '<':
			off += byte == '>' ? 1 : -1;
			break;
		case '+':
		case '-':
			add(parse, byte == '+' ? 1 : 255, off, at);
			break;
		case '[':
			push(parse, BFK_OP_IF, off, at)->match = parse->loop;
			parse->loop = parse->n_ops;
			break;
		case ']':
			if (!parse->loop)
				return bfk_parse_fail(parse, BFK_ERROR_UNOPENED, at, -ENOEXEC);
			off = close_loop(parse, off, at);
			break;
		case ',':
		case '.':
			push(parse, byte == ',' ? BFK_OP_IN : BFK_OP_OUT, off, at);
			break;
		case '%':
			if (parse->plain)
				break;
			push(parse, BFK_OP_SYS, off, at++);
			if (at < parse->source_len) /* else its val stays 0, which is no letter */
				parse->ops[parse->n_ops - 1].val = parse->source[at];
			break;
		}
	}
	if (parse->loop)
		return bfk_parse_fail(parse, BFK_ERROR_UNCLOSED,
				      parse->ops[parse->loop - 1].source_off, -ENOEXEC);
	if (off)
		push(parse, BFK_OP_MOVE, off, parse->source_len);
	push(parse, BFK_OP_END, 0, parse->source_len);
	return 0;
}
