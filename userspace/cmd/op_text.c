// SPDX-License-Identifier: GPL-2.0-only
/* Ops in words, as bfk-ops(5) has them. Interface: op_text.h */
#include "op_text.h"
#include "cli.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void put_place(uint8_t reg, int16_t off)
{
	if (reg)
		printf("r%u", reg);
	else
		printf(off ? "cell[%+d]" : "cell[%d]", off);
}

/* The cells an IF8 looks at. */
static void put_mask(const struct bfk_op *op)
{
	const char *separator = "";
	int i;

	for (i = 0; i < 8; i++) {
		if (!(op->val >> i & 1))
			continue;
		fputs(separator, stdout);
		put_place(0, op->off + i);
		separator = ", ";
	}
}

static void put_jump(const struct bfk_op *op)
{
	printf("%s ", bfk_op_name(op->kind));
	if (op->kind == BFK_OP_IF8)
		put_mask(op);
	else
		put_place(op->reg, op->off);
	printf(", %s after op %" PRIu32, op->kind == BFK_OP_NEXT ? "back" : "else", op->match);
}

/* What comes behind the place an op changes. */
static void put_change(const struct bfk_op *op)
{
	int val = (int8_t)op->val;

	switch (op->kind) {
	case BFK_OP_IN:
		fputs(" = next byte of slot 0", stdout);
		return;
	case BFK_OP_SET:
		printf(" = %u", op->val);
		return;
	case BFK_OP_ADD:
		printf(" %s %d", val < 0 ? "-=" : "+=", abs(val));
		return;
	}
	printf(" %s ", op->kind == BFK_OP_MUL ? "=" : val < 0 ? "-=" : "+=");
	if (op->kind == BFK_OP_MULADD)
		val = abs(val);
	if (val != 1)
		printf("%d * ", val);
	put_place(op->src_reg, op->src_off);
}

void cli_put_op(const struct bfk_op *op)
{
	switch (op->kind) {
	case BFK_OP_END:
	case BFK_OP_LABEL:
		fputs(bfk_op_name(op->kind), stdout);
		break;
	case BFK_OP_OUT:
		put_place(0, op->off);
		fputs(" to slot 1", stdout);
		break;
	case BFK_OP_SYS:
		printf("%%%c (%s) on the frame at ", op->val, cli_op_name(op->val));
		put_place(0, op->off);
		break;
	case BFK_OP_NEXT:
	case BFK_OP_IF:
	case BFK_OP_IF8:
		put_jump(op);
		break;
	case BFK_OP_MOVE:
		printf("head %s %d", op->off < 0 ? "-=" : "+=", abs(op->off));
		break;
	default:
		put_place(op->reg, op->off);
		put_change(op);
	}
}
