/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the uring driver share: their tables of cases, and calls through a ring of liburing. */
#ifndef BFK_TESTS_RING_H
#define BFK_TESTS_RING_H

#include <liburing.h>
#include "clean.h"

/* The cases of each file; the last entry has no name. */
extern const struct test uring_calls[];
extern const struct test uring_cancels[];
extern const struct test uring_links[];
extern const struct test uring_kinds[];
extern const struct test uring_many[];
extern const struct test uring_processes[];

static const uint32_t engines[] __attribute__((unused)) = { 0, BFK_LOAD_INTERP };

static inline struct io_uring ring_make(unsigned int n, unsigned int flags)
{
	struct io_uring ring;

	EQUAL(io_uring_queue_init(n, &ring, flags), 0);
	return ring;
}

/* Prepares a call; its user data is the address of its struct. */
static inline struct io_uring_sqe *prep(struct io_uring *ring, int fd, uint32_t cmd, void *args)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	CHECK(sqe);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->flags = IOSQE_ASYNC;
	sqe->cmd_op = cmd;
	*(uint64_t *)sqe->cmd = (uintptr_t)args;
	io_uring_sqe_set_data(sqe, args);
	return sqe;
}

static inline void submit(struct io_uring *ring)
{
	CHECK(io_uring_submit(ring) > 0);
}

struct end {
	void *data;
	int res;
};

/* Fetches the next completion, which must come soon. */
static inline struct end fetch(struct io_uring *ring)
{
	struct __kernel_timespec soon = { .tv_sec = SOON };
	struct io_uring_cqe *cqe;
	struct end end;

	EQUAL(io_uring_wait_cqe_timeout(ring, &cqe, &soon), 0);
	end = (struct end){ io_uring_cqe_get_data(cqe), cqe->res };
	io_uring_cqe_seen(ring, cqe);
	return end;
}

/* Fetches @n completions and returns the result of the one with @data; 9999: none had it. */
static inline int result_of(struct io_uring *ring, int n, const void *data)
{
	int res = 9999;
	struct end end;

	while (n--) {
		end = fetch(ring);
		if (end.data == data)
			res = end.res;
	}
	return res;
}

static inline bool is_quiet_ring(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;

	nap(20 * slow());
	return io_uring_peek_cqe(ring, &cqe) == -EAGAIN;
}

/* Makes one call and returns its result. */
static inline int call(struct io_uring *ring, int fd, uint32_t cmd, void *args)
{
	struct end end;

	prep(ring, fd, cmd, args);
	submit(ring);
	end = fetch(ring);
	CHECK(end.data == args);
	return end.res;
}

/* Starts a run on a worker and waits until it has begun: before that, a cancel gives ECANCELED. */
static inline void start(struct io_uring *ring, struct dev *dev, struct bfk_run_args *args)
{
	prep(ring, dev->fd, BFK_RUN, args);
	submit(ring);
	await_busy(dev->fd);
}

static inline void cancel(struct io_uring *ring, void *data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_cancel(sqe, data, 0);
	io_uring_sqe_set_data(sqe, NULL);
	submit(ring);
}

#endif
