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

/* Is the kind known, the END in its place, and every register one that the kind may have? */
static bool is_op(const struct bfk_parse *parse, u32 ix)
{
	const struct bfk_op *op = &parse->ops[ix];
	bool is_last = ix == parse->n_ops - 1;
	bool takes_cell = op->kind <= BFK_OP_HOST_MAX || op->kind == BFK_OP_IF8;

	if (op->kind >= BFK_OP_KINDS || is_last != (op->kind == BFK_OP_END))
		return false;
	return op->reg < (takes_cell ? 1 : BFK_OP_REGS) && op->src_reg < BFK_OP_REGS;
}

/*
 * May op @ix, a jump, continue after its match? NEXT must lead back, to an IF or LABEL; IF and IF8
 * forward, to a NEXT or LABEL. That is never the last op, which is END: there is an op after it.
 */
static bool is_jump(const struct bfk_parse *parse, u32 ix)
{
	u32 match = parse->ops[ix].match;
	bool is_next = parse->ops[ix].kind == BFK_OP_NEXT;
	u8 bracket = is_next ? BFK_OP_IF : BFK_OP_NEXT;

	if (match >= parse->n_ops || is_next != (match < ix))
		return false;
	return parse->ops[match].kind == bracket || parse->ops[match].kind == BFK_OP_LABEL;
}

static int check_op(struct bfk_parse *parse, u32 ix, u32 known, u32 allowed)
{
	const struct bfk_op *op = &parse->ops[ix];
	bool is_letter = op->val >= 'a' && op->val <= 'z';
	u32 bit = is_letter ? 1u << (op->val - 'a') : 0;
	u32 at = parse->source_len ? op->source_off : ix;

	if (!is_op(parse, ix))
		return bfk_parse_fail(parse, BFK_ERROR_BAD_OP, at, -EINVAL);
	if (op->kind >= BFK_OP_NEXT && op->kind <= BFK_OP_IF8 && !is_jump(parse, ix))
		return bfk_parse_fail(parse, BFK_ERROR_BAD_MATCH, at, -ENOEXEC);
	if (op->kind != BFK_OP_SYS)
		return 0;
	if (!(bit & known))
		return bfk_parse_fail(parse, BFK_ERROR_UNKNOWN_OP, at, -ENOSYS);
	if (!(bit & allowed))
		return bfk_parse_fail(parse, BFK_ERROR_DENIED_OP, at, -EACCES);
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
