/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What an engine is to libbfk.c: one table of functions for /dev/bfk, one for this process. */
#ifndef BFK_ENGINE_H
#define BFK_ENGINE_H

/* Only what libbfk.h declares is seen from outside; the rest is built with hidden visibility. */
#pragma GCC visibility push(default)
#include "userspace/include/libbfk.h"
#pragma GCC visibility pop
#include <stdatomic.h>

struct bfk_job;

/*
 * struct bfk - the first member of each engine's own struct
 * @ops: the engine
 * @where: which it is
 * @job: of the queue it is in flight in, else NULL
 * @abandon: takes it out of there; a pointer, so that programs without a queue do without liburing
 * @interrupted: the run under way, or else the next one, is to return. The engines of this process look
 *	at it while they run; those of the kernel look at signals
 * @last: what its last load and its last run gave
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
 * struct bfk_engine_ops - what libbfk.h promises, as an engine does it
 * @create: allocates a struct bfk, which @destroy frees
 *
 * The others are called as the functions of libbfk.h of the same name. @load, @run and @info get and
 * give what the ioctls do, so that all engines have one interface and libbfk.c alone knows what of it
 * is public. If @ops is not NULL it is what source names, and is taken over and freed. @info gets
 * zeroed information.
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

/* Room in a listing, which bfk_listing_free() frees. */
int bfk_listing_alloc(struct bfk_listing *listing, size_t text_len, size_t n_ops);

/* What the last load gave, as before the first run. */
struct bfk_result bfk_result_loaded(const struct bfk *bfk);

/* Calls the engine's run, which bfk_interrupt() can end before it begins. Returns what that returns. */
int bfk_engine_run(struct bfk *bfk, struct bfk_run_args *args);

/* Sets the fields of a run. They are copied one by one: the kernel's struct may grow, and the public not. */
void bfk_result_set_run(struct bfk_result *result, const struct bfk_run_args *args);

extern const struct bfk_engine_ops bfk_engine_kernel;
extern const struct bfk_engine_ops bfk_engine_local;

#endif
