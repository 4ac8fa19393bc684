/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of the model (model.h): which arrays of ops LOAD accepts, and which errors it reports for
 * others.
 */
#ifndef BFK_TESTS_MODEL_LOAD_H
#define BFK_TESTS_MODEL_LOAD_H

#include "ops.h"

static inline bool model_goes_to(const struct bfk_op *ops, uint32_t n, uint32_t from, uint32_t to)
{
	if (to >= n)
		return false;
	switch (ops[from].kind) {
	case NEXT:
		return to < from && (ops[to].kind == IF || ops[to].kind == LABEL);
	default:
		return to > from && (ops[to].kind == NEXT || ops[to].kind == LABEL);
	}
}

static inline int model_refuses(uint32_t *error, uint32_t *error_off, uint32_t what, uint32_t ix)
{
	*error = what;
	*error_off = ix;
	return what == BFK_ERROR_BAD_OP	    ? -EINVAL :
	       what == BFK_ERROR_BAD_MATCH  ? -ENOEXEC :
	       what == BFK_ERROR_UNKNOWN_OP ? -ENOSYS :
					      -EACCES;
}

/* Returns 0 or -errno, and sets the error and its place. */
static inline int model_load(const struct bfk_op *ops, uint32_t n, uint32_t known, uint32_t allowed,
			     uint32_t *error, uint32_t *error_off)
{
	uint32_t ix;

	for (ix = 0; ix < n; ix++) {
		struct bfk_op op = ops[ix];
		int reg_max = BFK_OP_REGS - 1, letter = -1;
		bool jumps = false, bad = op.src_reg >= BFK_OP_REGS;

		switch (op.kind) {
		case END:
			bad |= ix + 1 < n; /* fallthrough */
		case IN:
		case OUT:
			reg_max = 0;
			break;
		case SYS:
			reg_max = 0;
			letter = op.val;
			break;
		case IF8:
			reg_max = 0; /* fallthrough */
		case NEXT:
		case IF:
			jumps = true;
			break;
		case LABEL:
		case MOVE:
		case ADD:
		case SET:
		case MULADD:
		case MUL:
			break;
		default:
			bad = true;
		}
		if (bad || op.reg > reg_max || (ix + 1 == n && op.kind != END))
			return model_refuses(error, error_off, BFK_ERROR_BAD_OP, ix);
		if (jumps && !model_goes_to(ops, n, ix, op.match))
			return model_refuses(error, error_off, BFK_ERROR_BAD_MATCH, ix);
		if (letter < 0)
			continue;
		letter -= 'a';
		if (letter < 0 || letter > 25 || !(known >> letter & 1))
			return model_refuses(error, error_off, BFK_ERROR_UNKNOWN_OP, ix);
		if (!(allowed >> letter & 1))
			return model_refuses(error, error_off, BFK_ERROR_DENIED_OP, ix);
	}
	*error = *error_off = 0;
	return n ? 0 : model_refuses(error, error_off, BFK_ERROR_BAD_OP, 0);
}

#endif
