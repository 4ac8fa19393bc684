/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Source to ops (parse.c), and whether ops are a program (check.c). */
#ifndef BFK_PARSE_H
#define BFK_PARSE_H

#include "env.h"
#include "op.h"

/**
 * struct bfk_parse - one parse: what goes in, the rest zeroed; what comes out; its state
 * @source: in: the text, read once; owned by the caller
 * @source_len: in: bytes, less than 2^32 - 1
 * @plain: in: '%' is a comment
 * @ops: in: room for source_len + 1 ops, owned by the caller; out: the program, unchecked
 * @n_ops: out: ops in the program
 * @error: out: enum bfk_error
 * @error_off: out: byte offset of the error in the source
 * @loop: 1 + index of the innermost open loop, 0: none; outer ones are chained through match
 * @shift: where the current cell is, relative to the head
 */
struct bfk_parse {
	const u8 *source;
	u32 source_len;
	bool plain;
	struct bfk_op *ops;
	u32 n_ops, error, error_off, loop;
	u16 shift;
};

static inline int bfk_parse_fail(struct bfk_parse *parse, u32 error, u32 error_off, int err)
{
	parse->error = error;
	parse->error_off = error_off;
	return err;
}

/**
 * bfk_parse - translate source to ops
 * @parse: see there
 *
 * "+++" becomes one ADD, "[-]+++" one SET, and moves become offsets until a loop moves the head.
 * Which letters may follow a '%' is for bfk_check() to say.
 *
 * Context: pure; time and space linear in source_len; no recursion.
 * Return: 0; or -ENOEXEC with @error and @error_off set: at the first ']' too many, or at the
 * innermost '[' that is never closed.
 */
int bfk_parse(struct bfk_parse *parse);

/**
 * bfk_check - look at all that has to be right before ops are emitted or interpreted
 * @parse: ops and n_ops, which nobody else can change
 * @known: operations there are, bit i for 'a' + i
 * @allowed: operations the program may contain, likewise
 *
 * Both registers of every op are looked at; other fields that its kind does not use are not.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or with @parse->error set and in error_off the index of the first op that is wrong:
 * -EINVAL (BAD_OP) unknown kind or register, a register where it takes a cell, an END that is not
 * the last op, or no END there; -ENOEXEC (BAD_MATCH) a jump in the wrong direction, out of the
 * array, or to an op that is no place to go to; -ENOSYS unknown operation; -EACCES denied one.
 */
int bfk_check(struct bfk_parse *parse, u32 known, u32 allowed);

#endif
