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

/* Appends one op on the current cell. There is room: no byte of source makes two. */
static struct bfk_op *push(struct bfk_parse *parse, u8 kind, u32 source_off)
{
	struct bfk_op *op = &parse->ops[parse->n_ops++];

	*op = (struct bfk_op){ .kind = kind, .off = parse->shift, .source_off = source_off };
	return op;
}

/* Takes the run of equal bytes at *at: moves *at to the last of them. Returns how many they are. */
static u32 take_run(const struct bfk_parse *parse, u32 *at)
{
	u32 first = *at;

	while (*at + 1 < parse->source_len && parse->source[*at + 1] == parse->source[first])
		bfk_env_yield(++*at);
	return *at - first + 1;
}

/* Takes a run of '+' (step 1) or '-' (255): "+++" is one ADD, "[-]+++" one SET, "+-" nothing. */
static void add_run(struct bfk_parse *parse, u8 step, u32 *at)
{
	struct bfk_op *op = parse->n_ops ? &parse->ops[parse->n_ops - 1] : NULL;
	bool has_val = op && (op->kind == BFK_OP_ADD || op->kind == BFK_OP_SET);

	if (!has_val || op->off != (s16)parse->shift)
		op = push(parse, BFK_OP_ADD, *at);
	op->val += step * take_run(parse, at);
	if (op->kind == BFK_OP_ADD && !op->val)
		parse->n_ops--;
}

/*
 * Closes the innermost loop. "[-]" is a SET, and so is a loop that steps by another odd number:
 * whatever the cell holds, odd steps bring it to 0, since it wraps at 256; even ones may miss 0.
 */
static void close_loop(struct bfk_parse *parse, u32 source_off)
{
	u32 loop_ix = parse->loop - 1;
	struct bfk_op *loop = &parse->ops[loop_ix];
	u16 start_shift = loop->off;
	bool is_one = parse->n_ops == loop_ix + 2 && parse->shift == start_shift;

	parse->loop = loop->match;
	if (is_one && loop[1].kind == BFK_OP_ADD && loop[1].off == loop->off && loop[1].val % 2) {
		parse->n_ops = loop_ix;
		push(parse, BFK_OP_SET, loop->source_off);
		return;
	}
	/* Each turn begins at the same shift, so what the loop has moved becomes a MOVE. */
	parse->shift -= start_shift;
	if (parse->shift)
		push(parse, BFK_OP_MOVE, source_off);
	parse->shift = start_shift;
	loop->match = parse->n_ops;
	push(parse, BFK_OP_NEXT, source_off)->match = loop_ix;
}

/* A first line that starts with "#!" is for the shell. Returns where the program starts. */
static u32 skip_shebang(const struct bfk_parse *parse)
{
	u32 at;

	if (parse->source_len < 2 || memcmp(parse->source, "#!", 2))
		return 0;
	for (at = 0; at < parse->source_len && parse->source[at] != '\n'; at++)
		bfk_env_yield(at);
	return at;
}

int bfk_parse(struct bfk_parse *parse)
{
	u8 byte;
	u32 at;

	for (at = skip_shebang(parse); at < parse->source_len; at++) {
		bfk_env_yield(at);
		byte = parse->source[at];
		switch (byte) {
		case '>':
		case '<':
			parse->shift += (byte == '>' ? 1 : -1) * take_run(parse, &at);
			break;
		case '+':
		case '-':
			add_run(parse, byte == '+' ? 1 : 255, &at);
			break;
		case '[':
			push(parse, BFK_OP_IF, at)->match = parse->loop;
			parse->loop = parse->n_ops;
			break;
		case ']':
			if (!parse->loop)
				return bfk_parse_fail(parse, BFK_ERROR_UNOPENED, at, -ENOEXEC);
			close_loop(parse, at);
			break;
		case ',':
		case '.':
			push(parse, byte == ',' ? BFK_OP_IN : BFK_OP_OUT, at);
			break;
		case '%':
			if (parse->plain)
				break;
			push(parse, BFK_OP_SYS, at++);
			if (at < parse->source_len) /* else its val stays 0, which is no letter */
				parse->ops[parse->n_ops - 1].val = parse->source[at];
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
