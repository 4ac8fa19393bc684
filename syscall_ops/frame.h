/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame of an operation, and the one place where a span of the tape is made and checked.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked; another thread may rewrite the
 *    tape at any time, and only its own data can change by that.
 * 2. bfk_call_room() and bfk_call_data() alone make tape addresses of data. They never reach
 *    past BFK_DATA_MAX_LEN, so data cannot come round to its frame, nor leave the mapping.
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
 * @tape: where the frame lies: a cell of the aligned copy of the ring
 * @file: what is in the slot the frame names, not NULL if the operation needs one
 * @pos: where to transfer; NULL: at the file's own position
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *tape;
	struct file *file;
	loff_t *pos;
	struct bfk_frame frame;
};

static inline void bfk_call_load(struct bfk_call *call)
{
	memcpy(&call->frame, call->tape, sizeof(call->frame));
	barrier();	/* the compiler may not look at the tape again */
}

/* Writes the outcome back; slot and cap are as they were copied in. */
static inline void bfk_call_store(struct bfk_call *call, int err)
{
	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(call->tape, &call->frame, sizeof(call->frame));
}

/* Room for data, as much as cap asks for; *len bytes of it. */
static inline u8 *bfk_call_room(struct bfk_call *call, size_t *len)
{
	*len = min_t(size_t, call->frame.cap ?: BFK_CAP_DEFAULT, BFK_DATA_MAX_LEN);
	return call->tape + BFK_FRAME_LEN;
}

/* The data the program laid out, len bytes, or NULL if so much cannot lie there. */
static inline u8 *bfk_call_data(struct bfk_call *call)
{
	return call->frame.len <= BFK_DATA_MAX_LEN ? call->tape + BFK_FRAME_LEN : NULL;
}
