/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that stop runs at operations (BFK_RUN_STOP_OPS), on each engine. */
#ifndef BFK_TESTS_STOPS_H
#define BFK_TESTS_STOPS_H

#include "four.h"

#define STOP BFK_RUN_STOP_OPS
#define STOPS_MAX 16
#define INPUT "hello"

static inline struct bfk_result run_flags(struct four *four, const int *fds, unsigned int n_fds,
					  uint64_t fuel, uint32_t flags)
{
	struct bfk_result result;

	EQUAL(bfk_run(four->bfk, fds, n_fds, fuel, flags, &result), 0);
	return result;
}

/*
 * Starts or continues the run, which must stop at the operation at @source_off, with the head at
 * @head.
 */
static inline struct bfk_result stops_at(struct four *four, const int *fds, unsigned int n_fds,
					 uint32_t source_off, uint32_t head)
{
	struct bfk_result result = run_flags(four, fds, n_fds, UNLIMITED, STOP);

	EQUAL(result.status, BFK_STATUS_OP);
	EQUAL(result.source_off, source_off);
	EQUAL(result.head, head);
	return result;
}

/* Starts or continues the run, until a signal stops it while it sleeps. */
static inline struct bfk_result signalled(struct four *four, const int *fds, unsigned int n_fds,
					  uint32_t flags)
{
	struct bfk_result result;
	struct waker waker;

	waker_start(&waker);
	result = run_flags(four, fds, n_fds, UNLIMITED, flags);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	return result;
}

static inline void ends(struct four *four, uint64_t sysops)
{
	struct bfk_result result = run_flags(four, NULL, 0, UNLIMITED, STOP);

	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.sysops, sysops);
	bfk_destroy(four->bfk);
}

#endif
