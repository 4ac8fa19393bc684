/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that load ops: kinds by their bare names, as in op.h and the manual. */
#ifndef BFK_TESTS_OPS_H
#define BFK_TESTS_OPS_H

#include "dev.h"

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

/* clang-format off */
enum {
	END = BFK_OP_END, IN = BFK_OP_IN, OUT = BFK_OP_OUT, SYS = BFK_OP_SYS, NEXT = BFK_OP_NEXT,
	IF = BFK_OP_IF, IF8 = BFK_OP_IF8, LABEL = BFK_OP_LABEL, MOVE = BFK_OP_MOVE,
	ADD = BFK_OP_ADD, SET = BFK_OP_SET, MULADD = BFK_OP_MULADD, MUL = BFK_OP_MUL,
	KINDS = BFK_OP_KINDS
};
/* clang-format on */

#endif
