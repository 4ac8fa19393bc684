// SPDX-License-Identifier: GPL-2.0-only
/* Does a run in flight end with its process, ring and instance, and outlive a fork? */
#include "ring.h"

static void close_both(struct io_uring *ring, struct dev *dev)
{
	close(dev->fd);
	io_uring_queue_exit(ring);
	pause();
}

static void close_instance(struct io_uring *ring, struct dev *dev)
{
	close(dev->fd);
	cancel(ring, NULL);
	pause();
}

static void exit_now(struct io_uring *ring, struct dev *dev)
{
	(void)ring;
	_exit(dev->fd < 0);
}

static void exec_now(struct io_uring *ring, struct dev *dev)
{
	(void)ring;
	execl("/bin/sleep", "sleep", dev->fd < 0 ? "" : "60", NULL);
}

static void be_killed(struct io_uring *ring, struct dev *dev)
{
	(void)ring;
	(void)dev;
	pause();
}

/* In a child: starts a run of @source whose output is @out, writes to @begun, and calls @then. */
static pid_t child_with(const char *source, int out, int begun, unsigned int flags,
			void (*then)(struct io_uring *, struct dev *))
{
	pid_t pid = fork();

	if (!pid) {
		struct io_uring ring = ring_make(4, flags);
		struct dev dev = dev_open(0);
		int quiet[2], fds[2] = { 0, out };
		struct bfk_run_args run = run_args(fds, 2, UNLIMITED);

		pipe_make(quiet);
		fds[0] = quiet[0];
		dev_load(&dev, source);
		/* user data 0, for close_instance() */
		io_uring_sqe_set_data(prep(&ring, dev.fd, BFK_RUN, &run), NULL);
		submit(&ring);
		await_runs(dev.fd, 1);
		EQUAL(write(begun, "b", 1), 1);
		close(begun);
		close(out);
		then(&ring, &dev);
		_exit(1);
	}
	CHECK(pid > 0);
	close(out);
	close(begun);
	return pid;
}

static void ends_with(void (*then)(struct io_uring *, struct dev *))
{
	static const char *const sources[] = { "+[]", ",", "+%r", "+%r[]" };
	const unsigned int flags[] = { 0, IORING_SETUP_SQPOLL };
	int ends[2], begun[2], i;
	char byte;
	pid_t pid;

	for (i = 0; i < 5; i++) {
		note = sources[i % 4];
		pipe_make(ends);
		pipe_make(begun);
		pid = child_with(sources[i % 4], ends[1], begun[1], flags[i / 4], then);
		EQUAL(read(begun[0], &byte, 1), 1);
		close(begun[0]);
		if (then == be_killed)
			kill(pid, SIGKILL);
		CHECK(is_hung_up(ends[0]));
		close(ends[0]);
		kill(pid, SIGKILL);
		CHECK(child_wait(pid, SOON) != -1);
	}
}

static void ends_with_exit(void)
{
	ends_with(exit_now);
}

static void ends_with_exec(void)
{
	ends_with(exec_now);
}

static void ends_with_kill(void)
{
	ends_with(be_killed);
}

static void ends_with_both(void)
{
	ends_with(close_both);
}

static void ends_with_instance(void)
{
	ends_with(close_instance);
}

/* A run is not affected by what a child of fork(2) does with its copies of both descriptors. */
static void fork_goes_on(void)
{
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, 0, UNLIMITED), none = run_args(NULL, 0, 1);
	pid_t pid;

	dev_load(&dev, "+[]>+");
	start(&ring, &dev, &run);
	await_cell(dev.tape, 0);
	pid = fork();
	if (!pid) {
		EQUAL(dev_call(dev.fd, BFK_RUN, &none), -EBUSY);
		close(dev.fd);
		close(ring.ring_fd);
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_quiet_ring(&ring));
	dev.tape[0] = 0;
	EQUAL(fetch(&ring).res, 0);
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(dev.tape[1], 1);
}

const struct test uring_processes[] = {
	{ "exit ends a run in flight", ends_with_exit, 40 },
	{ "exec ends a run in flight", ends_with_exec, 40 },
	{ "kill -9 ends a run in flight", ends_with_kill, 40 },
	{ "closing instance and ring ends a run in flight", ends_with_both, 40 },
	{ "after the instance is closed, a run in flight can still be cancelled",
	  ends_with_instance, 40 },
	{ "a fork does not disturb a run in flight", fork_goes_on },
	{},
};
