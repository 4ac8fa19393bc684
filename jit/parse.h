/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Source to ops. */
#pragma once

#include "env.h"
#include "op.h"

/**
 * struct bfk_parse - one parse: what goes in, the rest zeroed; what comes out; its state
 * @source: in: the text, read once; owned by the caller
 * @source_len: in: bytes, at most BFK_SOURCE_MAX_LEN or the parse fails
 * @plain: in: '%' is a comment
 * @known: in: operations there are, bit i for 'a' + i
 * @allowed: in: operations the program may contain, likewise
 * @ops: in: room for source_len + 1 ops, owned by the caller; out: the program
 * @n_ops: out: ops in the program
 * @error: out: enum bfk_error
 * @error_off: out: byte offset of the error in the source
 * @shift: distance moved since the last MOVE, not yet an op
 * @loop: innermost open LOOP, BFK_NO_LOOP if none; outer ones are chained through match
 * @depth: brackets open
 */
struct bfk_parse {
	const u8 *source;
	u32 source_len, known, allowed;
	bool plain;
	struct bfk_op *ops;
	u32 n_ops, error, error_off;
	u32 loop, depth;
	u16 shift;
};

#define BFK_NO_LOOP U32_MAX

/**
 * bfk_parse - translate source to ops, with the cheap rewrites of fold.c
 * @parse: see there
 *
 * Context: pure; time and space linear in source_len; no recursion.
 * Return: 0; or with @error and @error_off set, in the order they are looked for:
 * -E2BIG too long; then at the first that is wrong: -ENOSYS unknown operation, -EACCES denied
 * operation, -ELOOP too deep, -ENOEXEC a ']' too many; at the end -ENOEXEC a '[' too many.
 */
int bfk_parse(struct bfk_parse *parse);

/* fold.c: the rewrites. Each keeps the meaning of the program, fuel aside. */
void bfk_fold_add(struct bfk_parse *parse, u8 val, u32 source_off);
bool bfk_fold_multiply(struct bfk_parse *parse);

/* Appends one op on the cell at head + shift. There is room: no byte of source makes two. */
static inline struct bfk_op *bfk_parse_push(struct bfk_parse *parse, u8 kind, u32 source_off)
{
	parse->ops[parse->n_ops] =
		(struct bfk_op){ .kind = kind, .off = parse->shift, .source_off = source_off };
	return &parse->ops[parse->n_ops++];
}
