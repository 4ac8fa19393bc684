/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations, to the rest of the module, and the frame they work on.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked, and written back once (run.c). Another
 *    thread may rewrite the tape at any time, and only its own data can change by that.
 * 2. An operation uses no more of data than room or, if the table says that it takes data, len
 *    bytes. Neither is above BFK_DATA_MAX_LEN, len by the check in table.c: so data cannot come
 *    round to its frame, nor leave the mapping.
 */
#pragma once

#include "bfk/bfk.h"

/* As it lies on the tape, little-endian; the fields are told in bfk(7). */
struct bfk_frame {
	u8 go, err, slot, arg;
	u16 cap, len;
	u64 off;
};

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN);

/**
 * struct bfk_call - one operation under way
 * @run: on whose behalf
 * @data: behind the frame on the tape, or a buffer of ',' or '.'
 * @room: bytes the program has room for there
 * @done: bytes moved before a signal came, the rest is moved when the run continues; else 0
 * @file: what is in the slot the frame names, not NULL if the operation needs one
 * @at: transfer at off, and not at the file's own position
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *data;
	u32 room;
	u64 *done;
	struct file *file;
	bool at;
	struct bfk_frame frame;
};

/* Returns 0, BFK_CALL_* or -errno. An errno that stands for a signal leaves *done at what was
 * moved, and the call is made again when the run continues. */
typedef int bfk_sysop_fn(struct bfk_call *call);

#define BFK_CALL_END 1	 /* there is no more input */
#define BFK_CALL_AGAIN 2 /* *done has grown, and there is more to do: call again */

u32 bfk_sysop_known(void);
int bfk_sysop_do(struct bfk_call *call, u8 letter);
bool bfk_call_interrupted(int err);

/* file.c */
bfk_sysop_fn bfk_op_close, bfk_op_move, bfk_op_open, bfk_op_read, bfk_op_seek, bfk_op_size,
	bfk_op_sync, bfk_op_truncate, bfk_op_write;
/* socket.c, wait.c, time.c, process.c */
bfk_sysop_fn bfk_op_accept, bfk_op_shutdown, bfk_op_poll, bfk_op_sleep, bfk_op_clock, bfk_op_ids,
	bfk_op_quit, bfk_op_random;
