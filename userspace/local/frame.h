/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An operation under way, and its frame; the twin of syscall_ops/table.h.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked.
 * 2. Data is at most BFK_DATA_MAX_LEN bytes by local_call_room() and local_call_data(), or 2 *
 *    BFK_SLOTS by %e, so it never wraps round to its frame.
 */
#ifndef BFK_LOCAL_FRAME_H
#define BFK_LOCAL_FRAME_H

#include "local.h"

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN, "bfk(7)");

/**
 * struct local_call - one operation under way
 * @local: the instance
 * @tape: start of the frame, in the aligned copy of the ring
 * @fd: descriptor in the frame's slot; -1: none, if the operation needs none
 * @pos: offset of the transfer, which advances it; NULL: the file's own position
 * @now: transfer what is possible without waiting
 * @frame: the copy; nothing reads the original again
 */
struct local_call {
	struct local_instance *local;
	u8 *tape;
	int fd;
	off_t *pos;
	bool now;
	struct bfk_frame frame;
};

/*
 * What an operation returns at the end of input; otherwise 0 or -errno. An operation that returns
 * -EINTR leaves the bytes moved in local->moved_len and the end of its wait in local->wait_end. It
 * is called again when the run continues, with the frame as it is by then.
 */
#define LOCAL_CALL_END 1

void local_call_load(struct local_call *call);
void local_call_store(struct local_call *call, int err);
u8 *local_call_room(struct local_call *call, size_t *len);
u8 *local_call_data(struct local_call *call);
bool local_call_interrupted(int err);

#endif
