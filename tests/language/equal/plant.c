// SPDX-License-Identifier: GPL-2.0
/* Mistakes for the harness to find: errors of an optimiser, applied to ops made by passes. */
#include "equal.h"

/* A multiplication by a wrong number. */
static void put_factor(struct program *program)
{
	for (size_t i = 0; i < program->n_ops; i++) {
		if (program->ops[i].kind != BFK_OP_MULADD)
			continue;
		program->ops[i].val++;
		return;
	}
}

/* A change of a cell after an output instead of before it; the final tape does not show it. */
static void put_late(struct program *program)
{
	for (size_t i = 0; i + 1 < program->n_ops; i++) {
		struct bfk_op op = program->ops[i], next = program->ops[i + 1];

		if (op.kind < BFK_OP_ADD || op.reg || next.kind != BFK_OP_OUT || op.off == next.off)
			continue;
		program->ops[i] = next;
		program->ops[i + 1] = op;
		return;
	}
}

/* A loop that does not jump back. */
static void put_once(struct program *program)
{
	for (size_t i = program->n_ops; i--;) {
		if (program->ops[i].kind != BFK_OP_NEXT)
			continue;
		program->ops[i].kind = BFK_OP_LABEL;
		return;
	}
}

/* A loop that steps over its end. */
static void put_step(struct program *program)
{
	size_t i = 0;

	while (i < program->n_ops && program->ops[i].kind != BFK_OP_IF)
		i++;
	for (; i < program->n_ops; i++) {
		if (program->ops[i].kind != BFK_OP_ADD)
			continue;
		program->ops[i].val *= 2;
		return;
	}
}

/* A register that is not loaded. */
static void put_load(struct program *program)
{
	for (size_t i = 0; i < program->n_ops; i++) {
		struct bfk_op *op = &program->ops[i];

		if (op->kind != BFK_OP_MUL || !op->reg || op->src_reg)
			continue;
		*op = (struct bfk_op){ .kind = BFK_OP_LABEL, .match = i };
		return;
	}
}

const struct plant plants[] = {
	{ "factor", put_factor }, { "late", put_late }, { "once", put_once },
	{ "step", put_step },	  { "load", put_load }, { NULL, NULL },
};
