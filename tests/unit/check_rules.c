// SPDX-License-Identifier: GPL-2.0
/* What bfk_check() should say of an array of ops, by the table of rules. */
#include "check_rules.h"

struct rule rules[BFK_OP_KINDS] = {
	[BFK_OP_END] = { false },
	[BFK_OP_IN] = { false },
	[BFK_OP_OUT] = { false },
	[BFK_OP_SYS] = { false },
	[BFK_OP_NEXT] = { true, BACK, { BFK_OP_IF, BFK_OP_LABEL } },
	[BFK_OP_IF] = { true, FORWARD, { BFK_OP_NEXT, BFK_OP_LABEL } },
	[BFK_OP_IF8] = { false, FORWARD, { BFK_OP_NEXT, BFK_OP_LABEL } },
	[BFK_OP_LABEL] = { true },
	[BFK_OP_MOVE] = { true },
	[BFK_OP_ADD] = { true },
	[BFK_OP_SET] = { true },
	[BFK_OP_MULADD] = { true },
	[BFK_OP_MUL] = { true },
};

bool is_form_wrong(const struct bfk_op *ops, u32 n_ops, u32 ix)
{
	const struct bfk_op *op = &ops[ix];
	bool is_last = ix + 1 == n_ops;

	if (op->kind >= BFK_OP_KINDS)
		return true;
	if (is_last && op->kind != BFK_OP_END)
		return true;
	if (!is_last && op->kind == BFK_OP_END)
		return true;
	if (op->reg != 0 && !rules[op->kind].takes_register)
		return true;
	return op->reg > 7 || op->src_reg > 7;
}

bool is_jump_wrong(const struct bfk_op *ops, u32 n_ops, u32 ix)
{
	const struct rule *rule = &rules[ops[ix].kind];
	u32 match = ops[ix].match;

	switch (rule->jumps) {
	case STAYS:
		return false;
	case FORWARD:
		if (match <= ix || match >= n_ops)
			return true;
		break;
	case BACK:
		if (match >= ix)
			return true;
		break;
	}
	return ops[match].kind != rule->targets[0] && ops[match].kind != rule->targets[1];
}

static bool is_letter_of(u8 letter, u32 mask)
{
	for (int i = 0; i < 26; i++)
		if (letter == "abcdefghijklmnopqrstuvwxyz"[i])
			return mask >> i & 1;
	return false;
}

struct verdict judge(const struct bfk_op *ops, u32 n_ops, u32 known, u32 allowed)
{
	if (!n_ops)
		return (struct verdict){ -EINVAL, BFK_ERROR_BAD_OP, 0 };
	for (u32 i = 0; i < n_ops; i++) {
		if (is_form_wrong(ops, n_ops, i))
			return (struct verdict){ -EINVAL, BFK_ERROR_BAD_OP, i };
		if (is_jump_wrong(ops, n_ops, i))
			return (struct verdict){ -ENOEXEC, BFK_ERROR_BAD_MATCH, i };
		if (ops[i].kind == BFK_OP_SYS && !is_letter_of(ops[i].val, known))
			return (struct verdict){ -ENOSYS, BFK_ERROR_UNKNOWN_OP, i };
		if (ops[i].kind == BFK_OP_SYS && !is_letter_of(ops[i].val, allowed))
			return (struct verdict){ -EACCES, BFK_ERROR_DENIED_OP, i };
	}
	return (struct verdict){};
}
