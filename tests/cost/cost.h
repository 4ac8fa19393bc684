/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of cost know of each other: what is to be done, and the ways to do it.
 *
 * What a method needs only once, however much there is to do, it gets in prepare(), which is not
 * measured. Nothing else is kept from one measurement to the next.
 */
#ifndef BFK_TESTS_COST_H
#define BFK_TESTS_COST_H

#include <stdbool.h>
#include <stdint.h>

#define COST_BLOCK_MAX 65520u /* bytes: what the tape has room for behind a frame */
#define COST_FILES_N 1000     /* files that the task of small files has */

/**
 * struct work - what is to be done
 * @in: descriptor to read from; for files that of their directory
 * @out: descriptor to write to
 * @block: bytes to move at a time
 * @turns: how many times at most, 0: until the end of input
 */
struct work {
	int in, out;
	uint32_t block;
	uint64_t turns;
};

typedef int prepare_fn(const struct work *work); /* returns 0 or -errno */
/* Returns the bytes it moved, of a task without blocks how many turns it made; or -errno. */
typedef int64_t run_fn(const struct work *work);

/**
 * struct method - a way to do it
 * @name: what its column is called
 * @prepare: what is not measured; or NULL
 * @run: what is
 */
struct method {
	const char *name;
	prepare_fn *prepare;
	run_fn *run;
};

#define COST_METHODS_MAX 10

/**
 * struct task - something to be done
 * @name: what it is called
 * @open: makes files, pipes, sockets for one measurement; 0 or -errno
 * @close: what has to be done before they are closed; or NULL
 * @has_blocks: is it done in blocks, of several sizes?
 * @methods: the ways to do it, and NULL
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
