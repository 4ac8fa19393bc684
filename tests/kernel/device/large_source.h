/* SPDX-License-Identifier: GPL-2.0-only */
/* A large program, and the text that a program has. */
#ifndef BFK_TESTS_LARGE_SOURCE_H
#define BFK_TESTS_LARGE_SOURCE_H

#include "leaks.h"
#include "bfk/limits.h"

#define LARGE 20000 /* ops: about a fifth of a user's share */

/* Counts to LARGE / 2 mod 256 in the last cell, which shows whether it ran. Static storage. */
static inline const char *large_source(void)
{
	static char source[LARGE + 1];
	int i;

	for (i = 0; i < LARGE; i += 2)
		memcpy(source + i, i ? ">+" : "+>", 2);
	return source;
}

/* Loads @source; returns the length of its text, 0: it is interpreted. */
static inline uint32_t text_of(int fd, const char *source)
{
	struct bfk_load_args args = load_args(source, 0);

	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.engine, args.text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP);
	return (args.text_len + BFK_TEXT_GRANULE - 1) / BFK_TEXT_GRANULE * BFK_TEXT_GRANULE;
}

static inline void runs(int fd)
{
	struct bfk_run_args args = run_args(NULL, 0, UNLIMITED);

	EQUAL(dev_call(fd, BFK_RUN, &args), 0);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.head, LARGE / 2);
}

#endif
