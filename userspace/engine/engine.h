/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* An engine as libbfk.c sees it: one table of functions for /dev/bfk, one for this process. */
#ifndef BFK_ENGINE_ENGINE_H
#define BFK_ENGINE_ENGINE_H

/* Only what libbfk.h declares is exported; everything else is built with hidden visibility. */
#pragma GCC visibility push(default)
#include "userspace/include/libbfk.h"
#pragma GCC visibility pop
#include <stdatomic.h>

struct bfk_job;

/*
 * struct bfk - the first member of each engine's own struct
 * @ops: the engine
 * @where: which engine
 * @job: the queue's job for it while it is in flight, else NULL
 * @abandon: removes it from that queue; a pointer, so that programs without a queue need no
 *	liburing
 * @interrupted: the run under way, or else the next one, is to return. The engines of this process
 *	look at it while they run; those of the kernel look at signals
 * @last: the results of its last load and its last run
 */
struct bfk {
	const struct bfk_engine_ops *ops;
	enum bfk_where where;
	struct bfk_job *job;
	void (*abandon)(struct bfk *bfk);
	atomic_bool interrupted;
	struct bfk_result last;
};

/*
 * struct bfk_engine_ops - how one engine does what libbfk.h promises
 * @create: allocates a struct bfk, which @destroy frees
 *
 * The others are called as the functions of libbfk.h of the same name. @load, @run and @info take
 * the structs of the ioctls, so that all engines have one interface and only libbfk.c knows which
 * fields are public. If the ops argument of @load is not NULL, it is what source points to, and
 * @load owns and frees it. @info gets a zeroed struct.
 */
struct bfk_engine_ops {
	int (*create)(struct bfk **bfk, enum bfk_where where);
	void (*destroy)(struct bfk *bfk);
	int (*load)(struct bfk *bfk, struct bfk_load_args *args, struct bfk_op *ops);
	int (*run)(struct bfk *bfk, struct bfk_run_args *args);
	int (*reset)(struct bfk *bfk, uint32_t flags);
	int (*tape)(struct bfk *bfk, uint8_t **tape);
	int (*fd)(const struct bfk *bfk);
	int (*dump)(struct bfk *bfk, struct bfk_listing *listing);
	int (*info)(struct bfk_info_args *info);
};

/* Allocates the arrays of a listing, which bfk_listing_free() frees. */
int bfk_listing_alloc(struct bfk_listing *listing, size_t text_len, size_t n_ops);

/* The result of the last load, with the fields of a run zero. */
struct bfk_result bfk_result_loaded(const struct bfk *bfk);

/* Calls the engine's run, which bfk_interrupt() can end before it begins. Returns what that returns. */
int bfk_engine_run(struct bfk *bfk, struct bfk_run_args *args);

/* Copies the fields of a run one by one: the kernel's struct may grow, the public one must not. */
void bfk_result_set_run(struct bfk_result *result, const struct bfk_run_args *args);

#endif
