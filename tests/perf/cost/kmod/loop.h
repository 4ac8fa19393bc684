/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The ioctls of bfk_cost.ko, /dev/bfk-cost: what %-programs do, written by hand in C. */
#ifndef BFK_COST_LOOP_H
#define BFK_COST_LOOP_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct cost_copy_args - COST_COPY: read a block, write what was read, until the end of input
 * @in: descriptor to read from
 * @out: descriptor to write to
 * @block: bytes to read at a time, at most 65,536
 * @is_short: call the files' ->read_iter and ->write_iter directly, instead of vfs_iter_read() and
 *	vfs_iter_write(), which take longer
 * @turns: in: maximum number of reads; 0: no maximum
 * @len: out: bytes copied
 */
struct cost_copy_args {
	__s32 in, out;
	__u32 block, is_short;
	__u64 turns, len;
};

/**
 * struct cost_files_args - COST_FILES: open, read and close the files named 000 to 999
 * @dir: descriptor of their directory
 * @block: most bytes to read of each
 * @read_len: out: bytes read
 */
struct cost_files_args {
	__s32 dir;
	__u32 block;
	__u64 read_len;
};

#define COST_COPY _IOWR('%', 64, struct cost_copy_args)
#define COST_FILES _IOWR('%', 65, struct cost_files_args)

#endif
