/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An operation under way, and its frame; the twin of syscall_ops/table.h.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked.
 * 2. local_call_room() and local_call_data() alone make tape addresses of data. They never reach past
 *    BFK_DATA_MAX_LEN, so data cannot come round to its frame.
 */
#ifndef BFK_LOCAL_FRAME_H
#define BFK_LOCAL_FRAME_H

#include "local.h"

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN, "bfk(7)");

/**
 * struct local_call - one operation under way
 * @local: on whose behalf
 * @tape: where the frame lies: a cell of the aligned copy of the ring
 * @fd: what is in the slot the frame names, -1 if the operation needs none
 * @pos: where to transfer: at off, which moves on; NULL: at the file's own position
 * @now: transfer what can be without waiting
 * @frame: the copy that counts
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
 * What an operation returns when there is no more input; also 0 and -errno. -EINTR leaves what was
 * moved in local->moved_len, and when to wake in local->wait_end. The operation is called again, with
 * the frame as it then is, when the run continues.
 */
#define LOCAL_CALL_END 1

void local_call_load(struct local_call *call);
void local_call_store(struct local_call *call, int err);
u8 *local_call_room(struct local_call *call, size_t *len);
u8 *local_call_data(struct local_call *call);
bool local_call_interrupted(int err);

#endif
