/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the driver of libbfk's queue share: their tables of cases, and how a case submits and fetches. */
#ifndef BFK_TESTS_QUEUE_H
#define BFK_TESTS_QUEUE_H

#include "clean.h"
#include "userspace/include/libbfk.h"

#define HOUR_NS 3600000000000ull
#define SOON_NS ((int64_t)(SOON * 1e9))

/* The way to run programs: queue.c sets it before the first case. */
extern enum bfk_where where;
extern uint32_t queue_flags;
extern enum bfk_via via;

/* The cases of each file; the last entry has no name. */
extern const struct test queue_results[];
extern const struct test queue_calls[];
extern const struct test queue_cancels[];
extern const struct test queue_signals[];
extern const struct test queue_many[];
extern const struct test queue_processes[];

static inline struct bfk_queue *queue_make(unsigned int n_max)
{
	struct bfk_queue *queue;

	EQUAL(bfk_queue_create(&queue, n_max, queue_flags), 0);
	return queue;
}

static inline void load(struct bfk *bfk, const char *source)
{
	struct bfk_result result;

	EQUAL(bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result), 0);
}

static inline struct bfk *make(const char *source)
{
	struct bfk *bfk;

	EQUAL(bfk_create(&bfk, where), 0);
	load(bfk, source);
	return bfk;
}

static inline uint8_t *tape_of(struct bfk *bfk)
{
	uint8_t *tape;

	EQUAL(bfk_tape(bfk, &tape), 0);
	return tape;
}

static inline void submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds,
			  unsigned int n_fds)
{
	EQUAL(bfk_submit(queue, bfk, fds, n_fds, UNLIMITED, 0, bfk), 0);
}

/* Fetches the next completion, which must come soon and not be a refusal. */
static inline struct bfk_completion fetch(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, 0);
	EQUAL(completion.via, via);
	CHECK(completion.user_data == completion.bfk);
	return completion;
}

static inline struct bfk_result ended(struct bfk_queue *queue, uint32_t status)
{
	struct bfk_result result = fetch(queue).result;

	EQUAL(result.status, status);
	return result;
}

/* Waits until a program has begun, one that first sets cell 0 to non-zero. */
static inline void await_begun(struct bfk *bfk)
{
	await_cell(tape_of(bfk), 0);
}

static inline bool is_in_flight(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	return bfk_wait(queue, 20000000, &completion) == -ETIME;
}

static inline void put_frame(struct bfk *bfk, struct frame frame)
{
	frame.go = 1;
	tape_put(tape_of(bfk), 0, &frame, sizeof(frame));
}

static inline bool is_readable(int fd, int timeout_ms)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, timeout_ms) == 1;
}

#endif
