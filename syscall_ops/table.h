/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations, to the rest of the module. */
#pragma once

#include "frame.h"

#define BFK_SYSOPS_MAX 26	/* one letter each */

/* Returns 0, BFK_CALL_END or -errno. An errno that stands for a signal leaves run->done at what
 * was moved, and the call is made again when the run continues. */
typedef int bfk_sysop_fn(struct bfk_call *call);

#define BFK_CALL_END 1	/* there is no more input */

/**
 * struct bfk_sysop - one operation
 * @info: letter, name and family, as users see them
 * @fn: does it
 * @no_file: it can do without a file in the slot
 * @at: it works at off, and this is the FMODE_* the file needs for that
 */
struct bfk_sysop {
	struct bfk_sysop_info info;
	bfk_sysop_fn *fn;
	bool no_file;
	fmode_t at;
};

extern const struct bfk_sysop bfk_sysops[BFK_SYSOPS_MAX];
u32 bfk_sysop_known(void);
int bfk_sysop_do(struct bfk_call *call, u8 letter);
bool bfk_call_interrupted(int err);

/* file.c; the first two are for ',' and '.' too */
ssize_t bfk_file_read(struct bfk_run *run, struct file *file, void *to, size_t len, loff_t *pos);
int bfk_file_write(struct bfk_run *run, struct file *file, void *from, size_t len, loff_t *pos,
		   u64 *done);
bfk_sysop_fn bfk_op_close, bfk_op_move, bfk_op_open, bfk_op_read, bfk_op_seek, bfk_op_size,
	bfk_op_sync, bfk_op_truncate, bfk_op_write;
/* time.c, process.c */
bfk_sysop_fn bfk_op_clock, bfk_op_quit, bfk_op_random;
