/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers of bfk_run_to_end(). */
#ifndef BFK_TESTS_TO_END_H
#define BFK_TESTS_TO_END_H

#include "four.h"

#define HOUR_NS 3600000000000ull
#define SHORT_NS 20000000 /* limit for runs that never end by themselves */
#define NO_LIMIT (-1)
#define UNKNOWN (1u << 31) /* not a flag of RUN */

static inline struct bfk_result to_end(struct four *four, const int *fds, unsigned int n_fds,
				       uint64_t fuel, int64_t timeout_ns, int err)
{
	struct bfk_result result;

	memset(&result, 0xaa, sizeof(result));
	EQUAL(bfk_run_to_end(four->bfk, fds, n_fds, fuel, 0, timeout_ns, &result), err);
	return result;
}

#endif
