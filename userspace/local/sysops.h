/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Operations in this process: the frame, the table, and the file, socket and wait families; the twin of
 * syscall_ops/table.h.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked.
 * 2. bfk_call_room() and bfk_call_data() alone make tape addresses of data. They never reach past
 *    BFK_DATA_MAX_LEN, so data cannot come round to its frame.
 */
#ifndef BFK_SYSOPS_LOCAL_H
#define BFK_SYSOPS_LOCAL_H

#include "local.h"
#include "jit/parse.h"

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN, "bfk(7)");

/**
 * struct bfk_call - one operation under way
 * @local: on whose behalf
 * @tape: where the frame lies: a cell of the aligned copy of the ring
 * @fd: what is in the slot the frame names, -1 if the operation needs none
 * @pos: where to transfer: at off, which moves on; NULL: at the file's own position
 * @now: transfer what can be without waiting
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_local *local;
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
#define BFK_CALL_END 1

void bfk_call_load(struct bfk_call *call);
void bfk_call_store(struct bfk_call *call, int err);
u8 *bfk_call_room(struct bfk_call *call, size_t *len);
u8 *bfk_call_data(struct bfk_call *call);
bool bfk_call_interrupted(int err);

u32 bfk_sysop_known(void);
int bfk_sysop_do(struct bfk_call *call, u8 letter);

/* sysop_file.c, sysop_open.c; a descriptor may be -1, which is EBADF */
bool bfk_file_is_directory(int fd);
ssize_t bfk_file_read(struct bfk_local *local, int fd, void *to, size_t len, off_t *pos);
int bfk_file_write(struct bfk_local *local, int fd, const u8 *from, size_t len, off_t *pos,
		   u64 *written);
int bfk_op_read(struct bfk_call *call);
int bfk_op_write(struct bfk_call *call);
int bfk_op_seek(struct bfk_call *call);
int bfk_op_open(struct bfk_call *call);
int bfk_op_close(struct bfk_call *call);
int bfk_op_sync(struct bfk_call *call);
int bfk_op_size(struct bfk_call *call);
int bfk_op_truncate(struct bfk_call *call);
int bfk_op_move(struct bfk_call *call);

/* sysop_tape.c, sysop_socket.c, sysop_wait.c */
int bfk_op_copy(struct bfk_call *call);
int bfk_op_find(struct bfk_call *call);
int bfk_op_accept(struct bfk_call *call);
int bfk_op_shutdown(struct bfk_call *call);
int bfk_op_poll(struct bfk_call *call);
int bfk_op_sleep(struct bfk_call *call);

#endif
