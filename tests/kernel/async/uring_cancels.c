// SPDX-License-Identifier: GPL-2.0-only
/* Does a cancel, a link timeout or the end of the ring stop a run, so that it can be continued? */
#include "ring.h"

static void cancel_loop(void)
{
	struct io_uring ring = ring_make(4, 0);
	int i, k;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run = run_args(NULL, 0, UNLIMITED);

		dev_load(&dev, "+[]>+");
		for (k = 0; k < 2; k++) {
			start(&ring, &dev, &run);
			await_cell(dev.tape, 0);
			CHECK(is_quiet_ring(&ring));
			EQUAL(fd_load(dev.fd, "", 0), -EBUSY);
			cancel(&ring, &run);
			EQUAL(result_of(&ring, 2, &run), -EINTR);
			EQUAL(run.status, BFK_STATUS_SIGNAL);
			EQUAL(run.source_off, 2);
			CHECK(run.fuel < UNLIMITED - 100 * k);
		}
		dev.tape[0] = 0;
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		EQUAL(run.status, BFK_STATUS_END);
		EQUAL(dev.tape[1], 1);
		dev_close(&dev);
	}
}

static void cancel_read(void)
{
	static const char *const sources[] = { ",>,>,", "+%r>>>>>>>>>>>>>>>>>>>>>+%r" };
	struct io_uring ring = ring_make(4, 0);
	int i, in[2];

	for (i = 0; i < 4; i++) {
		struct dev dev = dev_open(engines[i % 2]);
		struct bfk_run_args run = run_args(in, 1, UNLIMITED);

		note = sources[i / 2];
		pipe_make(in);
		dev_load(&dev, sources[i / 2]);
		start(&ring, &dev, &run);
		CHECK(is_quiet_ring(&ring));
		cancel(&ring, &run);
		EQUAL(result_of(&ring, 2, &run), -EINTR);
		EQUAL(run.status, BFK_STATUS_SIGNAL);
		EQUAL(run.read_len, 0);
		EQUAL(write(in[1], "abc", 3), 3);
		close(in[1]);
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		EQUAL(run.status, BFK_STATUS_END);
		EQUAL(run.read_len, 3);
		EQUAL(dev.tape[i < 2 ? 2 : 18], 'c');
		dev_close(&dev);
	}
}

/*
 * Without IOSQE_ASYNC: with it io_uring never arms the timeout of a request that waits on a worker,
 * whatever the request does.
 */
static void link_timeout(void)
{
	static const char *const sources[] = { "+[]", ",", "+%n", "++" };
	struct __kernel_timespec timeout;
	struct io_uring ring = ring_make(8, 0);
	struct io_uring_sqe *sqe;
	int in[2], i, res;

	pipe_make(in);
	for (i = 0; i < 4; i++) {
		struct dev dev = dev_open(0);
		struct bfk_run_args run = run_args(in, 1, UNLIMITED);

		note = sources[i];
		dev_load(&dev, sources[i]);
		if (i == 2)
			tape_put(dev.tape, 8, &(uint64_t){ 3600000000000ull }, 8);
		timeout = (struct __kernel_timespec){ .tv_sec = i < 3 ? 0 : 3600,
						      .tv_nsec = 25000000 };
		do { /* again, with a longer timeout, if it expired before a worker began */
			timeout.tv_nsec *= 2;
			CHECK(timeout.tv_nsec < 1000000000);
			prep(&ring, dev.fd, BFK_RUN, &run)->flags = IOSQE_IO_LINK;
			sqe = io_uring_get_sqe(&ring);
			io_uring_prep_link_timeout(sqe, &timeout, 0);
			io_uring_sqe_set_data(sqe, NULL);
			submit(&ring);
			res = result_of(&ring, 2, &run);
		} while (res == -ECANCELED);
		EQUAL(res, i < 3 ? -EINTR : 0);
		EQUAL(run.status, i < 3 ? BFK_STATUS_SIGNAL : BFK_STATUS_END);
		dev_close(&dev);
	}
}

/* The run is stopped, and can still be continued: its files are held. */
static void ring_is_closed(void)
{
	static const char *const sources[] = { "+[]", "+>,", "+>+%e" };
	int in[2], i;

	pipe_make(in);
	for (i = 0; i < 3; i++) {
		struct io_uring ring = ring_make(4, 0);
		struct dev dev = dev_open(0);
		struct bfk_run_args run = run_args(in, 1, UNLIMITED), none = run_args(NULL, 0, 0);
		double end = now() + SOON;
		int ret;

		note = sources[i];
		dev_load(&dev, sources[i]);
		if (i == 2)
			tape_put(dev.tape, 1 + 8, &(uint64_t){ 3600000000000ull }, 8);
		start(&ring, &dev, &run);
		await_cell(dev.tape, 0);
		CHECK(is_quiet_ring(&ring));
		io_uring_queue_exit(&ring);
		while ((ret = dev_call(dev.fd, BFK_RUN, &none)) == -EBUSY && now() < end)
			nap(2);
		EQUAL(ret, 0);
		EQUAL(none.status, BFK_STATUS_FUEL);
		EQUAL(run.status, BFK_STATUS_SIGNAL);
		dev_close(&dev);
	}
}

const struct test uring_cancels[] = {
	{ "a cancelled loop is EINTR, its struct is filled, and it can be continued", cancel_loop },
	{ "a waiting read is cancelled, and continued with nothing lost", cancel_read },
	{ "a link timeout stops a run that takes too long, and nothing else", link_timeout },
	{ "closing the ring stops a run in flight, and it can be continued", ring_is_closed },
	{},
};
