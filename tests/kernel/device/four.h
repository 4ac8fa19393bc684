/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For drivers that try a case on each engine, through libbfk: on all four, or, if the driver's
 * name ends in "-local", on the two of this process, which need no device.
 */
#ifndef BFK_TESTS_FOUR_H
#define BFK_TESTS_FOUR_H

#include "asleep.h"
#include "userspace/include/libbfk.h"

static enum bfk_where four_first = BFK_WHERE_KERNEL;

/* An instance; its tape is in @dev, for lay() and laid(). */
struct four {
	struct bfk *bfk;
	struct dev dev;
};

static inline struct four four_make(enum bfk_where where, const char *source)
{
	struct four four = { .dev.fd = -1 };
	struct bfk_result result;

	note = bfk_where_name(where);
	EQUAL(bfk_create(&four.bfk, where), 0);
	EQUAL(bfk_load(four.bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result), 0);
	EQUAL(bfk_tape(four.bfk, &four.dev.tape), 0);
	return four;
}

static inline struct bfk_result four_run(struct four *four, const int *fds, unsigned int n_fds,
					 uint64_t fuel)
{
	struct bfk_result result;

	EQUAL(bfk_run(four->bfk, fds, n_fds, fuel, 0, &result), 0);
	return result;
}

/* Starts or continues it, and stops it by a signal while it sleeps. */
static inline struct bfk_result four_stop(struct four *four, const int *fds, unsigned int n_fds)
{
	struct waker waker;
	struct bfk_result result;

	waker_start(&waker);
	result = four_run(four, fds, n_fds, UNLIMITED);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	return result;
}

/* Continues it to the end of the program. */
static inline struct bfk_result four_end(struct four *four)
{
	struct bfk_result result = four_run(four, NULL, 0, UNLIMITED);

	EQUAL(result.status, BFK_STATUS_END);
	return result;
}

/* A thread that reads everything from a descriptor, until all writers have closed. */
struct taker {
	pthread_t thread;
	int fd;
	uint8_t *bytes;
	size_t len, room;
};

static inline void *taker_main(void *arg)
{
	struct taker *taker = arg;
	ssize_t got;

	do {
		got = read(taker->fd, taker->bytes + taker->len, taker->room - taker->len);
		taker->len += got > 0 ? got : 0;
	} while (got > 0);
	return NULL;
}

static inline void taker_start(struct taker *taker, int fd, size_t room)
{
	*taker = (struct taker){ .fd = fd, .bytes = malloc(room), .room = room };
	EQUAL(pthread_create(&taker->thread, NULL, taker_main, taker), 0);
}

/* Waits for the end of input; bytes then holds everything. */
static inline void taker_finish(struct taker *taker)
{
	EQUAL(pthread_join(taker->thread, NULL), 0);
	close(taker->fd);
}

/* Calls @fn for each engine. */
static inline void four_each(void (*fn)(enum bfk_where where))
{
	enum bfk_where where;

	for (where = four_first; where <= BFK_WHERE_INTERP; where++)
		if (where != BFK_WHERE_JIT || IS_X86)
			fn(where);
}

static inline int four_main(const struct test *tests, int n, int argc, char **argv)
{
	if (strstr(argv[0], "-local"))
		four_first = BFK_WHERE_JIT;
	return run_cases(tests, n, argc, argv);
}

#define FOUR_CASES(tests)                                                              \
	int main(int argc, char **argv)                                                \
	{                                                                              \
		return four_main(tests, sizeof(tests) / sizeof(*(tests)), argc, argv); \
	}

#endif
