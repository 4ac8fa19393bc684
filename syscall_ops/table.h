/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations, the frames they work on, and the one under way.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked, and written back once (run.c). Another
 *    thread may rewrite the tape at any time, and only its own data can change by that.
 * 2. An operation uses no more of data than room or, if the table says that it takes data, len
 *    bytes. Neither is above BFK_DATA_MAX_LEN, len by the check in run.c: so data cannot come
 *    round to its frame, nor leave the mapping.
 */
#ifndef BFK_TABLE_H
#define BFK_TABLE_H

#include <linux/fs.h>
#include <linux/sched/signal.h>
#include "bfk/uapi.h"

struct bfk_run;

/**
 * struct bfk_call - one operation under way
 * @run: on whose behalf
 * @data: after the frame on the tape, or a buffer of ',' or '.'
 * @room: bytes the program has room for there
 * @file: what is in the slot the frame names, not NULL if the operation needs one
 * @sysop: its row of the table
 * @frame: the copy that counts
 * @progress: what a %-operation keeps while the run is stopped at it; else all of it is zero
 * @moved: bytes the operation has moved
 * @wait_end: when its wait is over (CLOCK_MONOTONIC), if it is a %e or %n that has begun
 * @announced: RUN has returned BFK_STATUS_OP for it
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *data;
	u32 room;
	struct file *file;
	const struct bfk_sysop_entry *sysop;
	struct bfk_frame frame;

	struct_group(progress, u64 moved; ktime_t wait_end; bool announced;);
};

#define BFK_CALL_END 1 /* what an operation returns if there is no more input */

/**
 * struct bfk_sysop_entry - one operation
 * @fn: does it. Returns 0, BFK_CALL_END or -errno. After an errno that stands for a signal the
 *	operation is done again when the run continues, with call->progress as it left it
 * @no_file: it can do without a file in the slot
 * @data: the program lays out len bytes of data for it
 * @pos: it works at the file's position, which is locked meanwhile as read(2) does it
 * @counts: len becomes what it moved, whatever it returns
 * @now: it moves what can be moved without waiting; EAGAIN, EOPNOTSUPP
 * @mode: FMODE_* the file needs, and it is no directory; EBADF, EISDIR
 * @at: it works at off, and this is the FMODE_* the file needs for that; ESPIPE
 */
struct bfk_sysop_entry {
	int (*fn)(struct bfk_call *call);
	bool no_file, data, pos, counts, now;
	fmode_t mode, at;
};

extern const struct bfk_sysop_entry bfk_sysop_table[26]; /* by letter */

u32 bfk_sysop_known(void);

/* Does this errno mean "a signal came first, do it again"? */
static inline bool bfk_call_interrupted(int err)
{
	if (err == -EINTR)
		return signal_pending(current);
	return err == -ERESTARTSYS || err == -ERESTARTNOINTR || err == -ERESTARTNOHAND ||
	       err == -ERESTART_RESTARTBLOCK;
}

/* file.c */
int bfk_op_close(struct bfk_call *call);
int bfk_op_move(struct bfk_call *call);
int bfk_op_open(struct bfk_call *call);
int bfk_op_read(struct bfk_call *call);
int bfk_op_seek(struct bfk_call *call);
int bfk_op_size(struct bfk_call *call);
int bfk_op_sync(struct bfk_call *call);
int bfk_op_truncate(struct bfk_call *call);
int bfk_op_write(struct bfk_call *call);

/* socket.c */
int bfk_op_accept(struct bfk_call *call);
int bfk_op_shutdown(struct bfk_call *call);

/* tape.c */
int bfk_op_copy(struct bfk_call *call);
int bfk_op_find(struct bfk_call *call);

/* wait.c */
int bfk_op_poll(struct bfk_call *call);
int bfk_op_sleep(struct bfk_call *call);

/* time.c, process.c */
int bfk_op_clock(struct bfk_call *call);
int bfk_op_ids(struct bfk_call *call);
int bfk_op_quit(struct bfk_call *call);
int bfk_op_random(struct bfk_call *call);

#endif
