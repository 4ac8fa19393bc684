// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The reference interpreter: obviously right, never fast.
 *
 * Interface: machine.h
 * Invariants:
 * 1. The tape is reached through cell() only, and cell() cannot name anything else.
 * 2. A stop leaves op_ix at the op that stopped.
 */
#include "machine.h"

/* The index is taken modulo 65,536 by its type, which is the size of the ring. */
static u8 *cell(const struct bfk_machine *machine, s32 off)
{
	return &machine->tape[(u16)(machine->head + off)];
}

static u8 *place(struct bfk_machine *machine, u8 reg, s16 off)
{
	return reg ? &machine->regs[reg % BFK_OP_REGS] : cell(machine, off);
}

static bool is_any_zero(const struct bfk_machine *machine, const struct bfk_op *op)
{
	int i;

	for (i = 0; i < 8; i++)
		if (op->val & 1 << i && !*cell(machine, op->off + i))
			return true;
	return false;
}

void bfk_interp(struct bfk_machine *machine, const struct bfk_op *ops)
{
	for (;; machine->op_ix++) {
		const struct bfk_op *op = &ops[machine->op_ix];
		u8 *to = place(machine, op->reg, op->off);
		u8 from = *place(machine, op->src_reg, op->src_off);

		switch (op->kind) {
		case BFK_OP_NEXT:
			if (!*to)
				break;
			machine->op_ix = op->match;
			if (--machine->fuel)
				break;
			machine->op_ix++;
			return;
		case BFK_OP_IF:
			if (!*to)
				machine->op_ix = op->match;
			break;
		case BFK_OP_IF8:
			if (is_any_zero(machine, op))
				machine->op_ix = op->match;
			break;
		case BFK_OP_LABEL: break;
		case BFK_OP_MOVE: machine->head += op->off; break;
		case BFK_OP_ADD: *to += op->val; break;
		case BFK_OP_SET: *to = op->val; break;
		case BFK_OP_MULADD: *to += from * op->val; break;
		case BFK_OP_MUL: *to = from * op->val; break;
		default:
			if (bfk_host(machine, machine->op_ix))
				return;
		}
	}
}
