/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Brackets of ops: an IF or LABEL and the NEXT or LABEL behind which it ends name each other by match.
 * A LABEL that is just a place to go to names itself.
 */
#ifndef BFK_OPT_BRACKETS_H
#define BFK_OPT_BRACKETS_H

#include "jit/env.h"
#include "jit/op.h"

static inline bool bfk_is_start(const struct bfk_op *ops, u32 ix)
{
	return (ops[ix].kind == BFK_OP_IF || ops[ix].kind == BFK_OP_LABEL) && ops[ix].match > ix &&
	       ops[ops[ix].match].match == ix;
}

static inline bool bfk_is_end(const struct bfk_op *ops, u32 ix)
{
	return (ops[ix].kind == BFK_OP_NEXT || ops[ix].kind == BFK_OP_LABEL) &&
	       ops[ix].match < ix && ops[ops[ix].match].match == ix;
}

#endif
