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
#include "bfk/uapi.h"

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

static void open_loop(struct bfk_parse *parse, u32 source_off)
{
	push(parse, BFK_OP_IF, source_off)->match = parse->loop;
	parse->loop = parse->n_ops - 1;
}

/* Every odd step comes to zero: "[-]" is a SET. */
static int close_loop(struct bfk_parse *parse, u32 source_off)
{
	u32 loop_ix = parse->loop;
	struct bfk_op *loop;
	u16 start;

	if (loop_ix == BFK_NO_LOOP)
		return bfk_parse_fail(parse, BFK_ERROR_UNOPENED, source_off, -ENOEXEC);
	loop = &parse->ops[loop_ix];
	parse->loop = loop->match;
	start = loop->off;
	if (parse->n_ops == loop_ix + 2 && parse->shift == start && loop[1].kind == BFK_OP_ADD &&
	    loop[1].off == loop->off && loop[1].val & 1) {
		parse->n_ops = loop_ix;
		push(parse, BFK_OP_SET, loop->source_off);
		return 0;
	}
	parse->shift -= start;
	if (parse->shift)
		push(parse, BFK_OP_MOVE, source_off);
	parse->shift = start;
	loop->match = parse->n_ops;
	push(parse, BFK_OP_NEXT, source_off)->match = loop_ix;
	return 0;
}

/* A first line that starts with "#!" is for the shell. Returns where the program starts. */
static u32 skip_shebang(const struct bfk_parse *parse)
{
	const u8 *end;

	if (parse->source_len < 2 || parse->source[0] != '#' || parse->source[1] != '!')
		return 0;
	end = memchr(parse->source, '\n', parse->source_len);
	return end ? end - parse->source : parse->source_len;
}

int bfk_parse(struct bfk_parse *parse)
{
	int err = 0;
	u32 i;

	parse->loop = BFK_NO_LOOP;
	for (i = skip_shebang(parse); i < parse->source_len && !err; i++) {
		bfk_env_yield(i);
		switch (parse->source[i]) {
		case '>': parse->shift += count_run(parse, &i); break;
		case '<': parse->shift -= count_run(parse, &i); break;
		case '+': add(parse, 1, &i); break;
		case '-': add(parse, -1, &i); break;
		case '[': open_loop(parse, i); break;
		case ']': err = close_loop(parse, i); break;
		case ',': push(parse, BFK_OP_IN, i); break;
		case '.': push(parse, BFK_OP_OUT, i); break;
		case '%':
			if (!parse->plain)
				push(parse, BFK_OP_SYS, i)->val =
					i + 1 < parse->source_len ? parse->source[i + 1] : 0;
			i += !parse->plain;
			break;
		}
	}
	if (err)
		return err;
	if (parse->loop != BFK_NO_LOOP)
		return bfk_parse_fail(parse, BFK_ERROR_UNCLOSED, parse->ops[parse->loop].source_off,
				      -ENOEXEC);
	if (parse->shift)
		push(parse, BFK_OP_MOVE, parse->source_len);
	parse->shift = 0;
	push(parse, BFK_OP_END, parse->source_len);
	return 0;
}
