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
static u8 *cell(const struct bfk_machine *machine, s16 off)
{
	return &machine->tape[(u16)(machine->head + off)];
}

void bfk_interp(struct bfk_machine *machine, const struct bfk_op *ops)
{
	u32 op_ix = machine->op_ix;

	for (;; op_ix++) {
		const struct bfk_op *op = &ops[op_ix];
		u8 *at = cell(machine, op->off);

		machine->op_ix = op_ix;
		switch (op->kind) {
		case BFK_OP_NEXT:
			if (!machine->fuel)
				return;
			machine->fuel--;
			if (*at)
				op_ix = op->match;
			break;
		case BFK_OP_LOOP:
			if (!*at)
				op_ix = op->match;
			break;
		case BFK_OP_ADD: *at += op->val; break;
		case BFK_OP_SET: *at = op->val; break;
		case BFK_OP_MOVE: machine->head += op->off; break;
		case BFK_OP_MULADD: *at += *cell(machine, op->src) * op->val; break;
		default:
			if (bfk_host(machine, op_ix))
				return;
		}
	}
}
