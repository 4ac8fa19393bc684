/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Scans, the loops that only move the head. */
#ifndef BFK_OPT_SCAN_H
#define BFK_OPT_SCAN_H

#include "list.h"

u32 bfk_scan_rewrite(const struct bfk_op *ops, u32 ix, struct bfk_list *out, bool scans,
		     bool unroll);

#endif
