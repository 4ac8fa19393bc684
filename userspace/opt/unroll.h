/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Straight loops that move the head. */
#ifndef BFK_OPT_UNROLL_H
#define BFK_OPT_UNROLL_H

#include "walk.h"

bool bfk_unroll(struct bfk_walk *walk, s16 move, u32 source_off);

#endif
