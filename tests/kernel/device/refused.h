/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that load ops: does LOAD accept them, or refuse them with which errno and place? */
#ifndef BFK_TESTS_REFUSED_H
#define BFK_TESTS_REFUSED_H

#include "ops.h"

/* One valid op of each kind. */
static const struct bfk_op every[] = {
	{ LABEL },
	{ IF, .match = 3 },
	{ IF8, .val = 3, .match = 3 },
	{ NEXT, .match = 0 },
	{ MOVE, .off = 1 },
	{ ADD, .val = 1 },
	{ SET, .val = 2, .off = 1 },
	{ MULADD, .val = 3, .src_off = 1 },
	{ MUL, .val = 4, .off = 2, .src_off = 1 },
	{ IN, .off = 3 },
	{ OUT, .off = 3 },
	{ SYS, .val = 'm', .off = 8 },
	{ END },
};
#define N_EVERY 13u

_Static_assert(sizeof(every) == N_EVERY * sizeof(*every) && N_EVERY == KINDS, "one of each");

/* LOAD must return this errno, error and place, on both engines; reuses one instance for each. */
static inline void says(struct bfk_load_args args, int err, uint32_t error, uint32_t error_off)
{
	static int fds[2] = { -1, -1 };
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args copy = args;

		if (fds[i] < 0)
			fds[i] = dev_fd();
		copy.flags |= engines[i];
		copy.error = copy.error_off = 0xeeeeeeee;
		EQUAL(dev_call(fds[i], BFK_LOAD, &copy), -err);
		EQUAL(copy.error, error);
		EQUAL(copy.error_off, error_off);
	}
}

static inline void refused(const struct bfk_op *ops, size_t n, int err, uint32_t error,
			   uint32_t error_off)
{
	says(ops_args(ops, n, 0), err, error, error_off);
}

static inline void accepted(const struct bfk_op *ops, size_t n)
{
	says(ops_args(ops, n, 0), 0, BFK_ERROR_NONE, 0);
}

#endif
