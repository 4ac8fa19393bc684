// SPDX-License-Identifier: GPL-2.0-only
/* Does a run work on each kind of ring and file, and report its end to eventfd and poll? */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include "ring.h"

static void fixed_files(void)
{
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, 0, 10);

	dev_load(&dev, "+[>+<]");
	EQUAL(io_uring_register_files(&ring, &dev.fd, 1), 0);
	prep(&ring, 0, BFK_RUN, &run)->flags |= IOSQE_FIXED_FILE;
	submit(&ring);
	EQUAL(fetch(&ring).res, 0);
	EQUAL(run.status, BFK_STATUS_FUEL);
	run.fuel = 10;
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
	EQUAL(run.status, BFK_STATUS_FUEL);
	/* Closing the descriptor ends the run, and the ring can start another one only after RESET. */
	close(dev.fd);
	run.fuel = 10;
	prep(&ring, 0, BFK_RUN, &run)->flags |= IOSQE_FIXED_FILE;
	submit(&ring);
	EQUAL(fetch(&ring).res, -EBADFD);
	prep(&ring, 0, BFK_RESET, &(struct bfk_reset_args){})->flags |= IOSQE_FIXED_FILE;
	submit(&ring);
	EQUAL(fetch(&ring).res, 0);
	run = run_args(NULL, 0, 10);
	prep(&ring, 0, BFK_RUN, &run)->flags |= IOSQE_FIXED_FILE;
	submit(&ring);
	EQUAL(fetch(&ring).res, 0);
	EQUAL(run.status, BFK_STATUS_FUEL);
	EQUAL(io_uring_unregister_files(&ring), 0);
}

static void sqpoll(void)
{
	struct io_uring ring = ring_make(4, IORING_SETUP_SQPOLL);
	struct dev dev = dev_open(0);
	int in[2];
	struct bfk_run_args run = run_args(in, 1, UNLIMITED);

	pipe_make(in);
	dev_load(&dev, ",>+[]");
	start(&ring, &dev, &run);
	CHECK(is_quiet_ring(&ring));
	EQUAL(write(in[1], "a", 1), 1);
	await_cell(dev.tape + 1, 0);
	CHECK(is_quiet_ring(&ring));
	cancel(&ring, &run);
	EQUAL(result_of(&ring, 2, &run), -EINTR);
	EQUAL(run.status, BFK_STATUS_SIGNAL);
	dev.tape[1] = 0;
	EQUAL(dev_call(dev.fd, BFK_RUN, &run),
	      0); /* the run belongs to the process, not to the poller */
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 'a');
}

/* Entries of twice the size. */
static void large_entries(void)
{
	struct io_uring ring = ring_make(4, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, 0, UNLIMITED);

	dev_load(&dev, "+");
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
	EQUAL(run.status, BFK_STATUS_END);
}

static bool is_before(int major, int minor)
{
	int version[2] = { 0, 0 };
	struct utsname kernel;

	CHECK(uname(&kernel) == 0);
	CHECK(sscanf(kernel.release, "%d.%d", &version[0], &version[1]) == 2);
	return version[0] < major || (version[0] == major && version[1] < minor);
}

/*
 * Fetches the next completion of a polled ring, on which nobody can wait: only asking makes it
 * come.
 */
static int fetch_polled(struct io_uring *ring)
{
	double end = now() + SOON;
	struct io_uring_cqe *cqe;
	int res;

	while (io_uring_peek_cqe(ring, &cqe)) {
		CHECK(now() < end);
		nap(1);
	}
	res = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return res;
}

/* A ring that is polled for completions: before 7.2, Linux refuses calls to bfk on it. */
static void polled_ring(void)
{
	struct io_uring ring = ring_make(4, IORING_SETUP_IOPOLL);
	struct dev dev = dev_open(0);
	struct io_uring_sync_cancel_reg all = {
		.flags = IORING_ASYNC_CANCEL_ANY,
		.timeout = { -1, -1 },
	};
	int in[2], res;
	struct bfk_run_args run = run_args(in, 1, UNLIMITED);

	pipe_make(in);
	dev_load(&dev, "+>,");
	prep(&ring, dev.fd, BFK_RESET, &(struct bfk_reset_args){})->flags = 0;
	submit(&ring);
	res = fetch_polled(&ring);
	if (is_before(7, 2)) {
		EQUAL(res, -EOPNOTSUPP);
		return;
	}
	EQUAL(res, 0);
	start(&ring, &dev, &run);
	CHECK(is_quiet_ring(&ring));
	EQUAL(write(in[1], "a", 1), 1);
	EQUAL(fetch_polled(&ring), 0);
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(dev.tape[1], 'a');
	EQUAL(dev_reset(dev.fd, 0), 0);
	run = run_args(in, 1, UNLIMITED);
	start(&ring, &dev, &run);
	cancel(&ring, &run); /* such rings refuse requests other than I/O: */
	EQUAL(fetch_polled(&ring), -EINVAL);
	EQUAL(io_uring_register_sync_cancel(&ring, &all), 0);
	EQUAL(fetch_polled(&ring), -EINTR);
	EQUAL(run.status, BFK_STATUS_SIGNAL);
	/* A run also ends with its ring. */
	start(&ring, &dev, &run);
	io_uring_queue_exit(&ring);
	while (dev_reset(dev.fd, 0) == -EBUSY)
		nap(1);
}

static void events(void)
{
	struct io_uring ring = ring_make(4, 0);
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), in[2];
	struct pollfd files[2] = { { .fd = fd, .events = POLLIN },
				   { .fd = ring.ring_fd, .events = POLLIN } };
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(in, 1, UNLIMITED);
	struct io_uring_cqe *cqe;
	eventfd_t count;

	EQUAL(io_uring_register_eventfd(&ring, fd), 0);
	pipe_make(in);
	dev_load(&dev, ",");
	start(&ring, &dev, &run);
	while (poll(files + 1, 1,
		    20)) /* it may be readable for a while, until the run has its worker */
		CHECK(io_uring_peek_cqe(&ring, &cqe) == -EAGAIN);
	EQUAL(poll(files, 1, 20), 0);
	EQUAL(write(in[1], "a", 1), 1);
	EQUAL(poll(files, 1, 1000 * SOON), 1);
	EQUAL(poll(files, 2, 1000 * SOON), 2);
	EQUAL(eventfd_read(fd, &count), 0);
	EQUAL(count, 1);
	EQUAL(fetch(&ring).res, 0);
	EQUAL(poll(files, 2, 0), 0);
}

static void in_seccomp(void)
{
	struct sock_filter filter[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, filter };
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, 0, UNLIMITED);

	dev_load(&dev, "+");
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0); /* creates the worker before the filter */
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	EQUAL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	run = run_args(NULL, 0, UNLIMITED);
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), -EACCES);
	EQUAL(dev.tape[0], 0);
}

const struct test uring_kinds[] = {
	{ "a registered file works like a descriptor, even one the process has closed",
	  fixed_files },
	{ "a ring with a polling kernel thread (SQPOLL) works", sqpoll },
	{ "large entries work", large_entries },
	{ "a ring polled for completions works, or is EOPNOTSUPP before Linux 7.2", polled_ring },
	{ "an eventfd and poll report the end of a run", events },
	{ "a task under seccomp gets EACCES, even if its worker is older than the filter",
	  in_seccomp },
	{},
};
