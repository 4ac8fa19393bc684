// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Source to ops in one pass.
 *
 * Interface: parse.h
 * Invariants:
 * 1. At most one op a byte of source, and one END: a MOVE is made only where a loop has moved, by
 *    a byte that made no other op, or at the end.
 * 2. Brackets need no stack: open loops are chained through match until they are closed.
 * 3. A rewrite looks at ops behind the last bracket only, so it never crosses a jump.
 */
#include "parse.h"

/* Appends one op on the current cell. There is room: no byte of source makes two. */
static struct bfk_op *push(struct bfk_parse *parse, u8 kind, u32 source_off)
{
	parse->ops[parse->n_ops] =
		(struct bfk_op){ .kind = kind, .off = parse->shift, .source_off = source_off };
	return &parse->ops[parse->n_ops++];
}

/* How often the byte at @i stands there in a row; @i goes to the last of them. */
static u32 count_run(const struct bfk_parse *parse, u32 *i)
{
	u32 first = *i;

	while (*i + 1 < parse->source_len && parse->source[*i + 1] == parse->source[first])
		bfk_env_yield(++*i);
	return *i - first + 1;
}

/* "+++" is one ADD, "[-]+++" one SET, "+-" nothing. */
static void add(struct bfk_parse *parse, u8 step, u32 *i)
{
	struct bfk_op *last = parse->n_ops ? &parse->ops[parse->n_ops - 1] : NULL;

	if (!last || (last->kind != BFK_OP_ADD && last->kind != BFK_OP_SET) ||
	    last->off != (s16)parse->shift)
		last = push(parse, BFK_OP_ADD, *i);
	last->val += step * count_run(parse, i);
	if (last->kind == BFK_OP_ADD && !last->val)
		parse->n_ops--;
}

/* Every odd step comes to zero: "[-]" is a SET. */
static void close_loop(struct bfk_parse *parse, u32 source_off)
{
	u32 loop_ix = parse->loop - 1;
	struct bfk_op *loop = &parse->ops[loop_ix];
	u16 start = loop->off;

	parse->loop = loop->match;
	if (parse->n_ops == loop_ix + 2 && parse->shift == start && loop[1].kind == BFK_OP_ADD &&
	    loop[1].off == loop->off && loop[1].val & 1) {
		parse->n_ops = loop_ix;
		push(parse, BFK_OP_SET, loop->source_off);
		return;
	}
	parse->shift -= start;
	if (parse->shift)
		push(parse, BFK_OP_MOVE, source_off);
	parse->shift = start;
	loop->match = parse->n_ops;
	push(parse, BFK_OP_NEXT, source_off)->match = loop_ix;
}

/* A first line that starts with "#!" is for the shell. Returns where the program starts. */
static u32 skip_shebang(const struct bfk_parse *parse)
{
	u32 i = 0;

	if (parse->source_len >= 2 && !memcmp(parse->source, "#!", 2))
		while (i < parse->source_len && parse->source[i] != '\n')
			bfk_env_yield(++i);
	return i;
}

int bfk_parse(struct bfk_parse *parse)
{
	u32 i;

	for (i = skip_shebang(parse); i < parse->source_len; i++) {
		bfk_env_yield(i);
		switch (parse->source[i]) {
		case '>': parse->shift += count_run(parse, &i); break;
		case '<': parse->shift -= count_run(parse, &i); break;
		case '+': add(parse, 1, &i); break;
		case '-': add(parse, -1, &i); break;
		case '[':
			push(parse, BFK_OP_IF, i)->match = parse->loop;
			parse->loop = parse->n_ops;
			break;
		case ']':
			if (!parse->loop)
				return bfk_parse_fail(parse, BFK_ERROR_UNOPENED, i, -ENOEXEC);
			close_loop(parse, i);
			break;
		case ',': push(parse, BFK_OP_IN, i); break;
		case '.': push(parse, BFK_OP_OUT, i); break;
		case '%':
			if (parse->plain)
				break;
			push(parse, BFK_OP_SYS, i++);
			if (i < parse->source_len)
				parse->ops[parse->n_ops - 1].val = parse->source[i];
			break;
		}
	}
	if (parse->loop)
		return bfk_parse_fail(parse, BFK_ERROR_UNCLOSED,
				      parse->ops[parse->loop - 1].source_off, -ENOEXEC);
	if (parse->shift)
		push(parse, BFK_OP_MOVE, parse->source_len);
	parse->shift = 0;
	push(parse, BFK_OP_END, parse->source_len);
	return 0;
}
