// SPDX-License-Identifier: GPL-2.0
/* Ops as the lines of a table: number, byte of the source, and meaning. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "tables.h"

void put(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->len += vsnprintf(text->bytes + text->len, TEXT_MAX - text->len, format, args);
	va_end(args);
	if (text->len >= TEXT_MAX)
		abort();
}

static void put_place(struct text *text, uint8_t reg, int16_t off)
{
	if (reg)
		put(text, "r%u", reg);
	else
		put(text, off ? "cell[%+d]" : "cell[%d]", off);
}

static void put_jump(struct text *text, const struct bfk_op *op)
{
	put(text, "%s ", bfk_op_name(op->kind));
	put_place(text, op->reg, op->off);
	if (op->kind == BFK_OP_IF8)
		put(text, " & %02x", op->val);
	put(text, ", %s %" PRIu32,
	    op->kind == BFK_OP_NEXT  ? "back after" :
	    op->kind == BFK_OP_LABEL ? "names" :
				       "else after",
	    op->match);
}

static void put_change(struct text *text, const struct bfk_op *op)
{
	bool is_add = op->kind == BFK_OP_ADD || op->kind == BFK_OP_MULADD;
	int val = op->kind == BFK_OP_SET ? op->val : (int8_t)op->val;

	put_place(text, op->reg, op->off);
	put(text, " %s= ", !is_add ? "" : val < 0 ? "-" : "+");
	put(text, "%d", is_add ? abs(val) : val);
	if (op->kind == BFK_OP_MUL || op->kind == BFK_OP_MULADD) {
		put(text, " * ");
		put_place(text, op->src_reg, op->src_off);
	}
}

static void put_words(struct text *text, const struct bfk_op *op)
{
	switch (op->kind) {
	case BFK_OP_END:
	case BFK_OP_IN:
	case BFK_OP_OUT:
		put(text, "%s ", bfk_op_name(op->kind));
		put_place(text, 0, op->off);
		break;
	case BFK_OP_SYS:
		put(text, "%%%c ", op->val);
		put_place(text, 0, op->off);
		break;
	case BFK_OP_NEXT:
	case BFK_OP_IF:
	case BFK_OP_IF8:
	case BFK_OP_LABEL:
		put_jump(text, op);
		break;
	case BFK_OP_MOVE:
		put(text, "head %s= %d", op->off < 0 ? "-" : "+", abs(op->off));
		break;
	default:
		put_change(text, op);
	}
}

/* Does the op open, or close, a pair of brackets? These have each other as match. */
static bool is_bracket(const struct bfk_op *ops, size_t ix, bool opens)
{
	const struct bfk_op *op = &ops[ix];
	bool has_kind = op->kind == BFK_OP_LABEL || op->kind == (opens ? BFK_OP_IF : BFK_OP_NEXT);

	return has_kind && opens == (op->match > ix) && op->match != ix &&
	       ops[op->match].match == ix;
}

void put_ops(struct text *text, const struct bfk_op *ops, size_t n_ops)
{
	int depth = 0;

	for (size_t i = 0; i < n_ops; i++) {
		depth -= is_bracket(ops, i, false);
		put(text, "%4zu @%-3" PRIu32 " %*s", i, ops[i].source_off, 2 * depth, "");
		put_words(text, &ops[i]);
		put(text, "\n");
		depth += is_bracket(ops, i, true);
	}
}
