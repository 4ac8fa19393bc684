/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Source to ops (parse.c), and whether ops are a program (check.c). */
#ifndef BFK_PARSE_H
#define BFK_PARSE_H

#include "env.h"
#include "op.h"

/**
 * struct bfk_parse - one parse: inputs, outputs and state; what is not an input starts as 0
 * @source: in: the text, read once; owned by the caller
 * @source_len: in: bytes, less than 2^32 - 1; 0: the ops have no source
 * @plain: in: '%' is a comment
 * @ops: in: room for source_len + 1 ops, owned by the caller; out: the program, unchecked
 * @n_ops: out: ops in the program
 * @error: out: enum bfk_error
 * @error_off: out: byte offset of the error in the source, or without source index of the op
 * @loop: 1 + index of the IF of the innermost open loop, 0: none; until a loop is closed, match of
 *	its IF holds the same for the next outer loop
 */
struct bfk_parse {
	const u8 *source;
	u32 source_len;
	bool plain;
	struct bfk_op *ops;
	u32 n_ops, error, error_off, loop;
};

/* Records an error. Returns @err. */
static inline int bfk_parse_fail(struct bfk_parse *parse, u32 error, u32 error_off, int err)
{
	parse->error = error;
	parse->error_off = error_off;
	return err;
}

/**
 * bfk_parse - translate source to ops
 * @parse: inputs set, the rest 0
 *
 * "+++" becomes one ADD, "[-]+++" one SET, and moves become offsets until a loop moves the head.
 * Any byte may follow a '%' here; bfk_check() refuses those that are no operation.
 *
 * Context: pure; time and space linear in source_len; no recursion.
 * Return: 0; or -ENOEXEC with @parse->error and error_off set: at the first ']' too many, or at
 * the innermost '[' that is never closed.
 */
int bfk_parse(struct bfk_parse *parse);

/**
 * bfk_check - check everything that must hold before ops are emitted or interpreted
 * @parse: ops and n_ops, in memory that nobody else can change; as bfk_parse() left it, or else
 *	with source_len 0. (The ops of an empty source pass.)
 * @known: operations that exist, bit i for 'a' + i
 * @allowed: operations the program may contain, likewise
 *
 * Both registers of every op are checked; other fields that its kind does not use are not.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or with @parse->error set and in error_off the place of the first op that is wrong:
 * -EINVAL (BAD_OP) unknown kind or register, a register where it takes a cell, an END that is not
 * the last op, a last op that is not END; -ENOEXEC (BAD_MATCH) a jump in the wrong direction, out
 * of the array, or to an op that cannot be jumped to; -ENOSYS unknown operation; -EACCES denied
 * one.
 */
int bfk_check(struct bfk_parse *parse, u32 known, u32 allowed);

#endif
