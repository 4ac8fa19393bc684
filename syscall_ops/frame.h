/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame of an operation, and the one place where a span of the tape is made and checked.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked; another thread may rewrite the
 *    tape at any time, and only its own data can change by that.
 * 2. bfk_call_room() and bfk_call_data() alone make tape addresses of data. They never reach past
 *    BFK_DATA_MAX_LEN, so data cannot come round to its frame.
 */
#ifndef BFK_FRAME_H
#define BFK_FRAME_H

#include "../bfk/bfk.h"

/* As it lies on the tape, little-endian; the fields are told in bfk(7). */
struct bfk_frame {
	u8 go;
	u8 err;
	u8 slot;
	u8 arg;
	u16 cap;
	u16 len;
	u64 off;
};

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN);

/**
 * struct bfk_call - one operation under way
 * @run: on whose behalf
 * @tape: where the frame lies
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *tape;
	struct bfk_frame frame;
};

/* What an operation returns when there is no more input; also 0 and -errno. */
#define BFK_CALL_END 1

/* Copies the frame at head + off. Returns whether the operation is to be done at all. */
static inline bool bfk_call_load(struct bfk_call *call, const struct bfk_machine *machine, s16 off)
{
	call->tape = machine->tape + (u16)(machine->head + off);
	memcpy(&call->frame, call->tape, sizeof(call->frame));
	barrier();	/* the compiler may not look at the tape again */
	return call->frame.go;
}

/* Writes the outcome back: all fields but slot and cap, which only the program changes. */
static inline void bfk_call_store(struct bfk_call *call, int err)
{
	const u8 *from = (const u8 *)&call->frame;

	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(call->tape, from, offsetof(struct bfk_frame, slot));
	call->tape[offsetof(struct bfk_frame, arg)] = call->frame.arg;
	memcpy(call->tape + offsetof(struct bfk_frame, len),
	       from + offsetof(struct bfk_frame, len), sizeof(call->frame.len) + sizeof(u64));
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

#endif
