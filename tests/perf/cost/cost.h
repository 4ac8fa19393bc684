/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files of cost: the tasks, and the methods to do them. prepare() does what a method
 * needs once, whatever the amount of work, and is not measured. Nothing else is kept from one
 * measurement to the next.
 */
#ifndef BFK_TESTS_COST_H
#define BFK_TESTS_COST_H

#include <stdbool.h>
#include <stdint.h>

#define COST_BLOCK_MAX 65520u /* bytes: the room on the tape after a frame */
#define COST_FILES_N 1000     /* files of the task with small files */

/**
 * struct work - what to do
 * @in: descriptor to read from; for small files, their directory
 * @out: descriptor to write to
 * @block: bytes to move at a time
 * @turns: maximum number of blocks; 0: until the end of input
 */
struct work {
	int in, out;
	uint32_t block;
	uint64_t turns;
};

typedef int prepare_fn(const struct work *work); /* returns 0 or -errno */
/* Returns the bytes moved, or the turns made in a task without blocks; or -errno. */
typedef int64_t run_fn(const struct work *work);

/**
 * struct method - a way to do a task
 * @name: the title of its column
 * @prepare: not measured; or NULL
 * @run: measured
 */
struct method {
	const char *name;
	prepare_fn *prepare;
	run_fn *run;
};

#define COST_METHODS_MAX 10

/**
 * struct task - something to do
 * @name: its name
 * @open: opens files, pipes or sockets for one measurement; 0 or -errno
 * @close: called before they are closed; or NULL
 * @has_blocks: it is done in blocks, of several sizes
 * @methods: the ways to do it, with NULL at the end
 */
struct task {
	const char *name;
	int (*open)(struct work *work);
	int (*close)(void);
	bool has_blocks;
	const struct method *methods[COST_METHODS_MAX];
};

/* bfk.c */
prepare_fn bfk_prepare_copy, bfk_prepare_move, bfk_prepare_files;
run_fn bfk_copy, bfk_files, bfk_hello;
/* plain.c */
prepare_fn kmod_prepare;
run_fn kmod_copy, kmod_copy_short, kmod_files, calls_copy, calls_files, sendfile_copy, range_copy,
	splice_copy;
run_fn fork_true, vfork_true, spawn_true, count_loop;
/* uring.c */
prepare_fn uring_prepare;
run_fn uring_copy, uring_copy_chain, uring_files, uring_files_chain;
/* tasks.c */
extern const struct task cost_tasks[];
int cost_open(const struct task *task, struct work *work);
int cost_close(const struct task *task, struct work *work);

#endif
