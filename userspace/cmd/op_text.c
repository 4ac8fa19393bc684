// SPDX-License-Identifier: GPL-2.0-only
/* Ops in words, as in bfk-ops(5). Interface: op_text.h */
#include "op_text.h"
#include "cli.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void put_place(FILE *file, uint8_t reg, int16_t off)
{
	if (reg)
		fprintf(file, "r%u", reg);
	else
		fprintf(file, off ? "cell[%+d]" : "cell[%d]", off);
}

/* Prints the cells that an IF8 tests. */
static void put_mask(FILE *file, const struct bfk_op *op)
{
	const char *separator = "";
	int i;

	for (i = 0; i < 8; i++) {
		if (!(op->val >> i & 1))
			continue;
		fputs(separator, file);
		put_place(file, 0, op->off + i);
		separator = ", ";
	}
}

static void put_jump(FILE *file, const struct bfk_op *op)
{
	fprintf(file, "%s ", bfk_op_name(op->kind));
	if (op->kind == BFK_OP_IF8)
		put_mask(file, op);
	else
		put_place(file, op->reg, op->off);
	fprintf(file, ", %s after op %" PRIu32, op->kind == BFK_OP_NEXT ? "back" : "else",
		op->match);
}

/* Prints what follows the cell or register that an op changes. */
static void put_change(FILE *file, const struct bfk_op *op)
{
	int val = (int8_t)op->val;

	switch (op->kind) {
	case BFK_OP_IN:
		fputs(" = next byte of slot 0", file);
		return;
	case BFK_OP_SET:
		fprintf(file, " = %u", op->val);
		return;
	case BFK_OP_ADD:
		fprintf(file, " %s %d", val < 0 ? "-=" : "+=", abs(val));
		return;
	}
	fprintf(file, " %s ", op->kind == BFK_OP_MUL ? "=" : val < 0 ? "-=" : "+=");
	if (op->kind == BFK_OP_MULADD)
		val = abs(val);
	if (val != 1)
		fprintf(file, "%d * ", val);
	put_place(file, op->src_reg, op->src_off);
}

void cli_put_op(FILE *file, const struct bfk_op *op)
{
	switch (op->kind) {
	case BFK_OP_END:
	case BFK_OP_LABEL:
		fputs(bfk_op_name(op->kind), file);
		break;
	case BFK_OP_OUT:
		put_place(file, 0, op->off);
		fputs(" to slot 1", file);
		break;
	case BFK_OP_SYS:
		fprintf(file, "%%%c (%s) on the frame at ", op->val, cli_op_name(op->val));
		put_place(file, 0, op->off);
		break;
	case BFK_OP_NEXT:
	case BFK_OP_IF:
	case BFK_OP_IF8:
		put_jump(file, op);
		break;
	case BFK_OP_MOVE:
		fprintf(file, "head %s %d", op->off < 0 ? "-=" : "+=", abs(op->off));
		break;
	default:
		put_place(file, op->reg, op->off);
		put_change(file, op);
	}
}
