// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The reference interpreter: obviously right, never fast.
 *
 * Interface: machine.h
 * Invariants:
 * 1. The tape is reached only through place(), which cannot name anything but cells and registers.
 * 2. A stop leaves op_ix at the op to be done next: the host op that asked for the stop, or if
 *    fuel is used up, the op the last NEXT has jumped to.
 */
#include "machine.h"

/* The index of a cell is taken modulo 65,536 by its type, which is the size of the ring. */
static u8 *place(struct bfk_machine *machine, u8 reg, s32 off)
{
	return reg ? &machine->regs[reg % BFK_OP_REGS] : &machine->tape[(u16)(machine->head + off)];
}

void bfk_interp(struct bfk_machine *machine, const struct bfk_op *ops)
{
	for (;; machine->op_ix++) { /* so a jump sets op_ix to match, and continues after it */
		const struct bfk_op *op = &ops[machine->op_ix];
		u8 *to = place(machine, op->reg, op->off);
		u8 from = *place(machine, op->src_reg, op->src_off);
		int i;

		if (op->kind <= BFK_OP_HOST_MAX && bfk_host(machine, machine->op_ix))
			return;
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
			for (i = 0; i < 8; i++)
				if (op->val & 1 << i && !*place(machine, 0, op->off + i))
					machine->op_ix = op->match;
			break;
		case BFK_OP_MOVE:
			machine->head += op->off;
			break;
		case BFK_OP_ADD:
			*to += op->val;
			break;
		case BFK_OP_SET:
			*to = op->val;
			break;
		case BFK_OP_MULADD:
			*to += from * op->val;
			break;
		case BFK_OP_MUL:
			*to = from * op->val;
			break;
		}
	}
}
