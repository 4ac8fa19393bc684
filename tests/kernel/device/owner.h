/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that ask who owns a run. */
#ifndef BFK_TESTS_OWNER_H
#define BFK_TESTS_OWNER_H

#include "dev.h"

static inline int run(int fd, const int *fds, uint32_t n_fds, uint64_t fuel)
{
	struct bfk_run_args args = run_args(fds, n_fds, fuel);

	return dev_call(fd, BFK_RUN, &args);
}

/*
 * Leaves a run of "+[]" stopped by fuel that holds the writing end of a pipe; returns the other
 * end.
 */
static inline int stopped_run(struct dev *dev)
{
	int ends[2];

	pipe_make(ends);
	dev_load(dev, "+[]");
	EQUAL(dev_run(dev, &ends[1], 1, 3).status, BFK_STATUS_FUEL);
	close(ends[1]);
	return ends[0];
}

#endif
