// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Source to ops in one pass.
 *
 * Interface: parse.h
 * Invariants:
 * 1. At most one op a byte of source, and one END: moves are pending in shift and become an
 *    op only at a bracket, so a MOVE always has a byte of its own.
 * 2. Brackets need no stack: open loops are chained through match until they are closed.
 */
#include "parse.h"
#include "bfk/limits.h"
#include "bfk/uapi.h"

static int fail(struct bfk_parse *parse, u32 error, u32 source_off, int err)
{
	parse->error = error;
	parse->error_off = source_off;
	return err;
}

/* Loops test the cell at the head, so pending moves are made before them. */
static void flush_shift(struct bfk_parse *parse, u32 source_off)
{
	if (parse->shift)
		bfk_parse_push(parse, BFK_OP_MOVE, source_off);
	parse->shift = 0;
}

static int open_loop(struct bfk_parse *parse, u32 source_off)
{
	if (parse->depth == BFK_DEPTH_MAX)
		return fail(parse, BFK_ERROR_TOO_DEEP, source_off, -ELOOP);
	parse->depth++;
	flush_shift(parse, source_off);
	bfk_parse_push(parse, BFK_OP_LOOP, source_off)->match = parse->loop;
	parse->loop = parse->n_ops - 1;
	return 0;
}

static int close_loop(struct bfk_parse *parse, u32 source_off)
{
	u32 loop_ix = parse->loop, outer_ix;

	if (loop_ix == BFK_NO_LOOP)
		return fail(parse, BFK_ERROR_UNOPENED, source_off, -ENOEXEC);
	outer_ix = parse->ops[loop_ix].match;
	if (!bfk_fold_multiply(parse)) {
		flush_shift(parse, source_off);
		bfk_parse_push(parse, BFK_OP_NEXT, source_off)->match = loop_ix;
		parse->ops[loop_ix].match = parse->n_ops - 1;
	}
	parse->loop = outer_ix;
	parse->depth--;
	return 0;
}

/* *i moves from the '%' to the letter behind it, which exists only if the source goes on. */
static int parse_sysop(struct bfk_parse *parse, u32 *i)
{
	u32 source_off = (*i)++;
	u8 letter = source_off + 1 < parse->source_len ? parse->source[source_off + 1] : 0;
	u32 bit = letter >= 'a' && letter <= 'z' ? 1u << (letter - 'a') : 0;

	if (!(bit & parse->known))
		return fail(parse, BFK_ERROR_UNKNOWN_OP, source_off, -ENOSYS);
	if (!(bit & parse->allowed))
		return fail(parse, BFK_ERROR_DENIED_OP, source_off, -EACCES);
	bfk_parse_push(parse, BFK_OP_SYS, source_off)->val = letter;
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
	struct bfk_op *ops = parse->ops;
	int err = 0;
	u32 i;

	parse->loop = BFK_NO_LOOP;
	if (parse->source_len > BFK_SOURCE_MAX_LEN)
		return fail(parse, BFK_ERROR_TOO_LONG, BFK_SOURCE_MAX_LEN, -E2BIG);

	for (i = skip_shebang(parse); i < parse->source_len && !err; i++) {
		bfk_env_yield(i);
		switch (parse->source[i]) {
		case '>': parse->shift++; break;
		case '<': parse->shift--; break;
		case '+': bfk_fold_add(parse, 1, i); break;
		case '-': bfk_fold_add(parse, -1, i); break;
		case '[': err = open_loop(parse, i); break;
		case ']': err = close_loop(parse, i); break;
		case ',': bfk_parse_push(parse, BFK_OP_IN, i); break;
		case '.': bfk_parse_push(parse, BFK_OP_OUT, i); break;
		case '%': err = parse->plain ? 0 : parse_sysop(parse, &i); break;
		}
	}
	if (err)
		return err;
	if (parse->loop != BFK_NO_LOOP)
		return fail(parse, BFK_ERROR_UNCLOSED, ops[parse->loop].source_off, -ENOEXEC);
	flush_shift(parse, parse->source_len);
	bfk_parse_push(parse, BFK_OP_END, parse->source_len);
	return 0;
}
