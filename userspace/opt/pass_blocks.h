/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The pass "blocks": straight code, and the loops that are as good as it, become values. */
#ifndef BFK_OPT_PASS_BLOCKS_H
#define BFK_OPT_PASS_BLOCKS_H

#include "list.h"

/* Reads @n_ops of @ops and appends to @out. */
void bfk_pass_blocks(const struct bfk_op *ops, u32 n_ops, struct bfk_list *out, u32 passes);

#endif
