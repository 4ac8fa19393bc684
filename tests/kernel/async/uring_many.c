// SPDX-License-Identifier: GPL-2.0-only
/* Can many runs be in flight on one ring, and be cancelled together? */
#include <sys/resource.h>
#include "ring.h"

#define N_MANY 256

/* A byte passes through all of them: the last one first, so none can end unless all run. */
static void many(void)
{
	struct io_uring ring = ring_make(N_MANY, 0);
	static struct bfk_run_args runs[N_MANY];
	struct rlimit limit = { 4096, 4096 };
	static struct dev devs[N_MANY];
	static int fds[N_MANY + 1][2], handed[N_MANY][2];
	unsigned int workers[2] = { N_MANY, 0 };
	uint8_t byte = 3;
	int i;

	EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	EQUAL(io_uring_register_iowq_max_workers(&ring, workers), 0);
	pipe_make(fds[0]);
	for (i = 0; i < N_MANY; i++) {
		devs[i] = (struct dev){ .fd = dev_fd() };
		dev_load(&devs[i], ",++.");
		pipe_make(fds[i + 1]);
		handed[i][0] = fds[i + 1][0];
		handed[i][1] = fds[i][1];
		runs[i] = run_args(handed[i], 2, UNLIMITED);
		prep(&ring, devs[i].fd, BFK_RUN, &runs[i]);
	}
	EQUAL(io_uring_submit(&ring), N_MANY);
	CHECK(is_quiet_ring(&ring));
	EQUAL(write(fds[N_MANY][1], &byte, 1), 1);
	for (i = 0; i < N_MANY; i++)
		EQUAL(fetch(&ring).res, 0);
	for (i = 0; i < N_MANY; i++)
		EQUAL(runs[i].status, BFK_STATUS_END);
	EQUAL(read(fds[0][0], &byte, 1), 1);
	EQUAL(byte, (uint8_t)(3 + 2 * N_MANY));
}

/* Loops, and one request that cancels all. */
static void many_cancelled(void)
{
	enum { N = 16 };
	struct io_uring ring = ring_make(2 * N, 0);
	unsigned int workers[2] = { N, 0 };
	struct bfk_run_args runs[N];
	struct io_uring_sqe *sqe;
	int n_begun, n_ended = 0, i;
	struct dev devs[N];
	struct end end;

	EQUAL(io_uring_register_iowq_max_workers(&ring, workers), 0);
	for (i = 0; i < N; i++) {
		devs[i] = dev_open(0);
		dev_load(&devs[i], "+[]");
		runs[i] = run_args(NULL, 0, UNLIMITED);
		prep(&ring, devs[i].fd, BFK_RUN, &runs[i]);
	}
	submit(&ring);
	/* Those still waiting for a worker, as most do from 6.12 on, get ECANCELED. */
	for (n_begun = 0; !n_begun; nap(1))
		for (i = 0; i < N; i++)
			n_begun += devs[i].tape[0];
	CHECK(is_quiet_ring(&ring));
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_cancel(sqe, NULL, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
	io_uring_sqe_set_data(sqe, NULL);
	submit(&ring);
	for (i = 0; i < N + 1; i++) {
		end = fetch(&ring);
		CHECK(!end.data || end.res == -EINTR || end.res == -ECANCELED);
		n_ended += end.data && end.res == -EINTR;
	}
	CHECK(n_ended >= 1);
}

const struct test uring_many[] = {
	{ "256 runs that wait for each other are in flight at once", many, 60 },
	{ "one request cancels 16 loops", many_cancelled },
	{},
};
