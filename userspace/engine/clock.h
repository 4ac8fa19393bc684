/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The clock that deadlines, waits and measurements go by. */
#ifndef BFK_ENGINE_CLOCK_H
#define BFK_ENGINE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define BFK_NS_PER_S 1000000000ull

/* Nanoseconds of CLOCK_MONOTONIC. */
static inline uint64_t bfk_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * BFK_NS_PER_S + now.tv_nsec;
}

static inline struct timespec bfk_clock_timespec(uint64_t ns)
{
	return (struct timespec){ .tv_sec = ns / BFK_NS_PER_S, .tv_nsec = ns % BFK_NS_PER_S };
}

#endif
