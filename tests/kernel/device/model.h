/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The meaning of ops, written a second time: from the manual, not from jit/interp.c, so that the
 * interpreter and the compiler cannot both be wrong in the same way. It knows two files, input in
 * slot 0 and output in slot 1, and the operations %q, %r, %w, %k and %f; any other operation leaves
 * the model.
 */
#ifndef BFK_TESTS_MODEL_H
#define BFK_TESTS_MODEL_H

#include "model_load.h"
#include "model_sysops.h"

static inline bool model_eight(const struct model *model, const struct bfk_op *op)
{
	uint16_t cell = model->head + op->off;
	uint8_t mask;

	for (mask = op->val; mask; mask >>= 1, cell++)
		if (mask & 1 && model->cells[cell] == 0)
			return true;
	return false;
}

/* Does ops until the run ends, or stops because its fuel is used up. */
static inline void model_go(struct model *model, uint64_t *fuel)
{
	for (; *fuel; model->op_ix++) {
		const struct bfk_op *op = &model->ops[model->op_ix];
		uint16_t cell = model->head + op->off, src_cell = model->head + op->src_off;
		uint8_t *to = op->reg ? model->regs + op->reg : model->cells + cell;
		uint8_t src = op->src_reg ? model->regs[op->src_reg] : model->cells[src_cell];
		bool jump = false;

		switch (op->kind) {
		case END:
			model->run.status = BFK_STATUS_END;
			break;
		case IN:
			*to = model_get(model, *to);
			break;
		case OUT:
			model_put(model, *to);
			break;
		case SYS:
			if (model_sys(model, op, cell))
				return;
			break;
		case NEXT:
			jump = *to != 0;
			*fuel -= jump;
			break;
		case IF:
			jump = *to == 0;
			break;
		case IF8:
			jump = model_eight(model, op);
			break;
		case LABEL:
			break;
		case MOVE:
			model->head = cell;
			break;
		case ADD:
			*to = *to + op->val;
			break;
		case SET:
			*to = op->val;
			break;
		case MULADD:
			*to = *to + src * op->val;
			break;
		case MUL:
			*to = src * op->val;
			break;
		}
		if (op->kind < NEXT || op->kind > IF8 || jump)
			model->done[op->kind]++;
		else
			model->passed[op->kind]++;
		if (op->kind == END)
			return;
		if (jump)
			model->op_ix = op->match;
	}
}

/* Models RUN. */
static inline void model_run(struct model *model, uint64_t fuel)
{
	const struct bfk_op *op;
	int16_t shift = 0;

	model->run.status = BFK_STATUS_FUEL;
	model_go(model, &fuel);
	model->run.fuel = fuel;
	op = &model->ops[model->op_ix];
	if (op->kind == END || op->kind == IN || op->kind == OUT || op->kind == SYS)
		shift = op->off;
	else if (model->op_ix)
		shift = op[-1].off;
	model->run.source_off = op->source_off;
	model->run.head = (uint16_t)(model->head + shift);
}

/* Models LOAD and the files of a run: input @in, which the caller owns. */
static inline void model_start(struct model *model, const struct bfk_op *ops, uint32_t flags,
			       const uint8_t *in, uint32_t in_len)
{
	uint8_t *out = model->out;
	size_t out_room = model->out_room;

	memset(model, 0, sizeof(*model));
	model->ops = ops;
	model->flags = flags;
	model->in = in;
	model->in_len = in_len;
	model->out = out;
	model->out_room = out_room;
}

#endif
