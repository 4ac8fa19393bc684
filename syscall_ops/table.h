/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations, to the rest of the module. */
#ifndef BFK_TABLE_H
#define BFK_TABLE_H

#include "frame.h"

#define BFK_SYSOPS_MAX 26	/* one letter each */

/**
 * struct bfk_sysop - one operation
 * @info: letter, name and family, as users see them
 * @fn: does it. Returns 0, BFK_CALL_END or -errno; an errno that stands for a signal leaves
 *	run->done at what was moved, and the call is made again when the run continues
 * @no_file: it can do without a file in the slot
 */
struct bfk_sysop {
	struct bfk_sysop_info info;
	int (*fn)(struct bfk_call *call);
	bool no_file;
};

#define BFK_CALL_END 1	/* there is no more input */

extern const struct bfk_sysop bfk_sysops[BFK_SYSOPS_MAX];
u32 bfk_sysop_known(void);
int bfk_sysop_do(struct bfk_call *call, u8 letter);
bool bfk_call_interrupted(int err);

/* file.c; the first two are for ',' and '.' too */
ssize_t bfk_file_read(struct bfk_run *run, struct file *file, void *to, size_t len, loff_t *pos);
int bfk_file_write(struct bfk_run *run, struct file *file, void *from, size_t len, u64 *done,
		   loff_t *pos);
int bfk_op_close(struct bfk_call *call);
int bfk_op_get(struct bfk_call *call);
int bfk_op_move(struct bfk_call *call);
int bfk_op_open(struct bfk_call *call);
int bfk_op_put(struct bfk_call *call);
int bfk_op_read(struct bfk_call *call);
int bfk_op_seek(struct bfk_call *call);
int bfk_op_size(struct bfk_call *call);
int bfk_op_sync(struct bfk_call *call);
int bfk_op_truncate(struct bfk_call *call);
int bfk_op_write(struct bfk_call *call);
/* time.c */
int bfk_op_clock(struct bfk_call *call);
/* process.c */
int bfk_op_quit(struct bfk_call *call);
int bfk_op_random(struct bfk_call *call);

#endif
