/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Source to ops. */
#pragma once

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
 * @loop: innermost open loop, BFK_NO_LOOP if none; outer ones are chained through match
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

#define BFK_NO_LOOP U32_MAX

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
