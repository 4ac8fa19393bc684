/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that send signals to a run in a child. */
#ifndef BFK_TESTS_SPAWN_H
#define BFK_TESTS_SPAWN_H

#include "dev.h"

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

#define COPY "%r[>>+<<%w>>-<<%r]"

/* Runs in the child until the run ends by itself; exits with its status. */
static inline void run_to_end(struct dev *dev, const int *fds, uint32_t n_fds)
{
	uint64_t stops = 0;

	_exit(dev_run_on(dev, fds, n_fds, &stops).status);
}

/* Starts a child whose run of @source has begun; it shares the tape. */
static inline pid_t spawn(struct dev *dev, const char *source, const int *fds, uint32_t n_fds)
{
	uint64_t n_before = runs_begun(dev->fd);
	pid_t pid;

	dev_load(dev, source);
	pid = fork();
	if (!pid)
		run_to_end(dev, fds, n_fds);
	CHECK(pid > 0);
	await_runs(dev->fd, n_before + 1);
	return pid;
}

#endif
