/* SPDX-License-Identifier: GPL-2.0-only */
/* A part of the model (model.h): its state, input, output and operations. */
#ifndef BFK_TESTS_MODEL_SYSOPS_H
#define BFK_TESTS_MODEL_SYSOPS_H

#include "ops.h"

/* The model's state after a run; it does not predict the rest of struct bfk_run_args. */
struct model {
	const struct bfk_op *ops;
	uint32_t flags, op_ix;
	bool outside;			     /* it has reached an operation that it does not know */
	uint64_t done[KINDS], passed[KINDS]; /* how often each kind was done, and not jumped */
	uint8_t cells[TAPE_CELLS], regs[BFK_OP_REGS];
	uint16_t head;
	const uint8_t *in;
	uint32_t in_len, in_at, ahead_len; /* ahead_len: bytes before in_at that are read ahead */
	uint8_t *out;
	size_t out_len, out_room;
	struct bfk_run_args run;
};

static inline void model_put(struct model *model, uint8_t byte)
{
	if (model->out_len == model->out_room) {
		model->out_room = model->out_room * 2 + 4096;
		model->out = realloc(model->out, model->out_room);
		CHECK(model->out);
	}
	model->out[model->out_len++] = byte;
	model->run.write_len = model->out_len;
}

/* Reads from the file as much as there is, and no more than requested. */
static inline uint32_t model_read(struct model *model, uint32_t len)
{
	if (len > model->in_len - model->in_at)
		len = model->in_len - model->in_at;
	model->in_at += len;
	model->run.read_len += len;
	return len;
}

static inline uint8_t model_get(struct model *model, uint8_t cell)
{
	if (!model->ahead_len)
		model->ahead_len = model_read(model, 4096);
	if (model->ahead_len)
		return model->in[model->in_at - model->ahead_len--];
	return model->flags & BFK_LOAD_EOF_KEEP ? cell : model->flags & BFK_LOAD_EOF_255 ? 255 : 0;
}

/* Returns 0, 1 at the end of input, or an errno. */
static inline int model_sys_read(struct model *model, uint16_t at, struct frame *frame)
{
	uint32_t len = frame->cap ? frame->cap : 32768, i;

	frame->len = 0;
	if (frame->slot)
		return EBADF;
	if (len > TAPE_CELLS - 16)
		len = TAPE_CELLS - 16;
	if (!model->ahead_len)
		model->ahead_len = len = model_read(model, len);
	else if (len > model->ahead_len)
		len = model->ahead_len;
	for (i = 0; i < len; i++)
		model->cells[(uint16_t)(at + 16 + i)] =
			model->in[model->in_at - model->ahead_len--];
	frame->len = len;
	return !len;
}

static inline int model_sys_write(struct model *model, uint16_t at, struct frame *frame)
{
	uint32_t len = frame->len, i;
	int err = frame->slot > 1	? EBADF :
		  len > TAPE_CELLS - 16 ? EINVAL :
		  frame->slot		? 0 :
					  EBADF;

	if (err)
		frame->len = 0;
	else
		for (i = 0; i < len; i++)
			model_put(model, model->cells[(uint16_t)(at + 16 + i)]);
	return err;
}

static inline int model_sys_copy(struct model *model, uint16_t at, const struct frame *frame)
{
	uint16_t data = at + 16, other = frame->off;
	uint32_t i;

	if (frame->arg > 1 || frame->len > TAPE_CELLS - 16)
		return EINVAL;
	for (i = 0; i < frame->len; i++, data++, other++) {
		if (frame->arg)
			model->cells[other] = model->cells[data];
		else
			model->cells[data] = model->cells[other];
	}
	return 0;
}

static inline int model_sys_find(const struct model *model, struct frame *frame)
{
	uint32_t i;

	for (i = 1; i <= frame->len; i++)
		if (model->cells[(uint16_t)(frame->off + i - 1)] == frame->arg) {
			frame->off = (uint16_t)(frame->off + i);
			frame->len -= i;
			return 0;
		}
	return 1;
}

/* Does an operation; true if the run is over. */
static inline bool model_sys(struct model *model, const struct bfk_op *op, uint16_t at)
{
	struct frame frame = frame_get(model->cells, at);
	int err = 0;

	if (!frame.go)
		return false;
	switch (op->val) {
	case 'q':
		model->run.exit_code = frame.arg;
		break;
	case 'r':
		err = model_sys_read(model, at, &frame);
		break;
	case 'w':
		err = model_sys_write(model, at, &frame);
		break;
	case 'k':
		err = model_sys_copy(model, at, &frame);
		break;
	case 'f':
		err = model_sys_find(model, &frame);
		break;
	default:
		return model->outside = true;
	}
	frame.go = !err;
	frame.err = err > 1 ? err : 0;
	tape_put(model->cells, at, &frame, 16);
	model->run.sysops++;
	model->run.fail_errno = frame.err;
	model->run.fail_letter = frame.err ? op->val : 0;
	model->run.fail_off = frame.err ? op->source_off : 0;
	if (op->val == 'q')
		model->run.status = BFK_STATUS_QUIT;
	return op->val == 'q';
}

#endif
