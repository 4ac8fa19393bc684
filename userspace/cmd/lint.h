/* SPDX-License-Identifier: GPL-2.0-only */
/* Warnings about a program that loads. */
#ifndef BFK_CMD_LINT_H
#define BFK_CMD_LINT_H

#include "source.h"
#include "userspace/include/libbfk.h"

/* Warns about a program. @ops: unoptimised. Returns how many warnings there were. */
size_t cli_lint(struct cli_source *source, const struct bfk_op *ops, size_t n_ops);

#endif
