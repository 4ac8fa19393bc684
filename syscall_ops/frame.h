/* SPDX-License-Identifier: GPL-2.0-only */
/* The frame an operation works on, and one operation under way. */
#ifndef BFK_FRAME_H
#define BFK_FRAME_H

#include <linux/build_bug.h>
#include <linux/fs.h>
#include "bfk/limits.h"

struct bfk_run;

/* As it lies on the tape, little-endian; bfk(7) describes the fields. */
struct bfk_frame {
	u8 go, err, slot, arg;
	u16 cap, len;
	u64 off;
};

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN);

/**
 * struct bfk_call - one operation under way
 * @run: on whose behalf
 * @data: after the frame on the tape, or a buffer of ',' or '.'
 * @room: bytes the program has room for there
 * @file: what is in the slot the frame names, not NULL if the operation needs one
 * @at: transfer at off, and not at the file's own position
 * @moved: bytes the operation has moved
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *data;
	u32 room;
	struct file *file;
	bool at;
	u64 moved;
	struct bfk_frame frame;
};

#endif
