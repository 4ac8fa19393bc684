// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Is an array of ops a program? This is all that is checked of it, whoever made it.
 *
 * Interface: parse.h
 * Invariants:
 * 1. What passes is safe on both engines: ops and jumps stay in the array, jumps back pay fuel,
 *    registers exist, and SYS has a letter of the table that is allowed.
 */
#include "parse.h"

/* May op @ix go on behind op @match? Never behind the last, which is END. */
static bool is_target(const struct bfk_parse *parse, u32 ix, u32 match)
{
	bool is_back = parse->ops[ix].kind == BFK_OP_NEXT;
	u8 end = is_back ? BFK_OP_IF : BFK_OP_NEXT;

	return match < parse->n_ops && is_back == (match < ix) &&
	       (parse->ops[match].kind == BFK_OP_LABEL || parse->ops[match].kind == end);
}

static int check_op(struct bfk_parse *parse, u32 ix, u32 known, u32 allowed)
{
	const struct bfk_op *op = &parse->ops[ix];
	bool is_cell = op->kind <= BFK_OP_HOST_MAX || op->kind == BFK_OP_IF8;
	u32 bit = op->val >= 'a' && op->val <= 'z' ? 1u << (op->val - 'a') : 0;

	if (op->kind >= BFK_OP_KINDS || (op->kind == BFK_OP_END) != (ix == parse->n_ops - 1) ||
	    op->reg >= (is_cell ? 1 : BFK_OP_REGS) || op->src_reg >= BFK_OP_REGS)
		return bfk_parse_fail(parse, BFK_ERROR_BAD_OP, ix, -EINVAL);
	if (op->kind >= BFK_OP_NEXT && op->kind <= BFK_OP_IF8 && !is_target(parse, ix, op->match))
		return bfk_parse_fail(parse, BFK_ERROR_BAD_MATCH, ix, -ENOEXEC);
	if (op->kind == BFK_OP_SYS && !(bit & known))
		return bfk_parse_fail(parse, BFK_ERROR_UNKNOWN_OP, ix, -ENOSYS);
	if (op->kind == BFK_OP_SYS && !(bit & allowed))
		return bfk_parse_fail(parse, BFK_ERROR_DENIED_OP, ix, -EACCES);
	return 0;
}

int bfk_check(struct bfk_parse *parse, u32 known, u32 allowed)
{
	int err = parse->n_ops ? 0 : bfk_parse_fail(parse, BFK_ERROR_BAD_OP, 0, -EINVAL);
	u32 ix;

	for (ix = 0; ix < parse->n_ops && !err; ix++) {
		bfk_env_yield(ix);
		err = check_op(parse, ix, known, allowed);
	}
	return err;
}
