/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The meaning of ops, written a second time: from the manual, not from jit/interp.c, so that the
 * interpreter and the compiler cannot both be wrong in the same way. It knows two files, input in
 * slot 0 and output in slot 1, and the operations %q, %r, %w, %k and %f; any other operation leaves
 * the model.
 */
#ifndef BFK_TESTS_MODEL_H
#define BFK_TESTS_MODEL_H

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

/* --- results of LOAD -------------------------------------------------------------------------- */

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

/* --- input and output -------------------------------------------------------------------------- */

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

/* --- ops --------------------------------------------------------------------------------------- */

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
