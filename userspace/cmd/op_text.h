/* SPDX-License-Identifier: GPL-2.0-only */
/* Ops in words. */
#ifndef BFK_CMD_OP_TEXT_H
#define BFK_CMD_OP_TEXT_H

#include "jit/op.h"

/* Prints an op as people read it on standard output. */
void cli_put_op(const struct bfk_op *op);

#endif
