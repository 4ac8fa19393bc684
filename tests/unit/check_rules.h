/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of bfk-ops(5), written a second time, as a table. */
#ifndef BFK_TESTS_CHECK_RULES_H
#define BFK_TESTS_CHECK_RULES_H

#include "jit/parse.h"

/* The rules for a kind. */
struct rule {
	bool takes_register; /* reg may be a register */
	enum { STAYS, FORWARD, BACK } jumps;
	u8 targets[2]; /* kinds that match may name */
};

struct verdict {
	int err;
	u32 error, ix;
};

extern struct rule rules[BFK_OP_KINDS];

struct verdict judge(const struct bfk_op *ops, u32 n_ops, u32 known, u32 allowed);
bool is_form_wrong(const struct bfk_op *ops, u32 n_ops, u32 ix);
bool is_jump_wrong(const struct bfk_op *ops, u32 n_ops, u32 ix);

#endif
