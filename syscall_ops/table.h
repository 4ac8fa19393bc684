/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations, to the rest of the module. The frame they work on is in bfk.h.
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

#include "bfk/bfk.h"

/* Returns 0, BFK_CALL_* or -errno. An errno that stands for a signal leaves run->done at what was
 * moved, and the call is made again when the run continues. */
typedef int bfk_sysop_fn(struct bfk_call *call);

#define BFK_CALL_END 1	 /* there is no more input */
#define BFK_CALL_AGAIN 2 /* run->done has grown, and there is more to do: call again */

/**
 * struct bfk_sysop_entry - one operation
 * @fn: does it
 * @no_file: it can do without a file in the slot
 * @data: the program lays out len bytes of data for it
 * @mode: FMODE_* the file needs, and it is no directory; EBADF, EISDIR
 * @pos: it works at the file's position, which is locked meanwhile as read(2) does it
 * @at: it works at off, and this is the FMODE_* the file needs for that; ESPIPE
 */
struct bfk_sysop_entry {
	bfk_sysop_fn *fn;
	bool no_file, data, pos;
	fmode_t mode, at;
};

extern const struct bfk_sysop_entry bfk_sysop_table[26]; /* by letter */

u32 bfk_sysop_known(void);
bool bfk_call_interrupted(int err);

/* file.c */
bfk_sysop_fn bfk_op_close, bfk_op_move, bfk_op_open, bfk_op_read, bfk_op_seek, bfk_op_size,
	bfk_op_sync, bfk_op_truncate, bfk_op_write;
/* socket.c, wait.c, time.c, process.c */
bfk_sysop_fn bfk_op_accept, bfk_op_shutdown, bfk_op_poll, bfk_op_sleep, bfk_op_clock, bfk_op_ids,
	bfk_op_quit, bfk_op_random;

#endif
