/* SPDX-License-Identifier: GPL-2.0-only */
/* Ops in words. */
#ifndef BFK_CMD_OP_TEXT_H
#define BFK_CMD_OP_TEXT_H

#include <stdio.h>
#include "jit/op.h"

/* Prints an op in words. */
void cli_put_op(FILE *file, const struct bfk_op *op);

#endif
