/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A block's values become ops again. */
#ifndef BFK_OPT_BLOCK_FLUSH_H
#define BFK_OPT_BLOCK_FLUSH_H

#include "block.h"

/* Makes ops of the changes of the block at @depth, 0 outermost, that of @last at the end. */
void bfk_block_flush(struct bfk_blocks *blocks, u32 depth, u16 last);

#endif
