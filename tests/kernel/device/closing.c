// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a process that closes the instance before, while or after its RUN starts leave a run behind?
 * In every case another process has the instance open too, so its release does not end the run.
 * The other end of a pipe that only the run holds shows whether there is a run.
 */
#include "holder.h"
#include "slow_page.h"
#include "uring.h"

/* --- RUN in a thread -------------------------------------------------------------------------- */

/* The two ways to call RUN: ioctl(2), and a request to io_uring. */
enum way { BY_IOCTL, BY_URING, WAYS };

struct late_run {
	pthread_t thread;
	int fd, said;
	struct bfk_run_args args;
	enum way way;
	struct uring ring;
};

static void *late_main(void *arg)
{
	struct late_run *late = arg;

	late->said = dev_call(late->fd, BFK_RUN, &late->args);
	return NULL;
}

static void late_start(struct late_run *late)
{
	note = late->way == BY_URING ? "by io_uring" : "by ioctl";
	if (late->way == BY_IOCTL) {
		EQUAL(pthread_create(&late->thread, NULL, late_main, late), 0);
		return;
	}
	late->ring = uring_open(0);
	uring_submit(&late->ring, uring_call(late->fd, BFK_RUN, &late->args));
}

static int late_finish(struct late_run *late)
{
	if (late->way == BY_IOCTL) {
		EQUAL(pthread_join(late->thread, NULL), 0);
		return late->said;
	}
	late->said = uring_result(&late->ring);
	close(late->ring.fd);
	return late->said;
}

/* A page with the slots of a run. */
static const void *fds_page(const struct holder *holder)
{
	static int page[1024] __attribute__((aligned(4096)));

	page[0] = holder->in[0];
	page[1] = holder->held[1];
	return page;
}

/* Returns when the program waits for its input. */
static void await_wait(const struct holder *holder)
{
	int left = 1;

	EQUAL(write(holder->in[1], "x", 1), 1);
	while (!ioctl(holder->in[0], FIONREAD, &left) && left)
		nap(2);
}

/* --- cases ------------------------------------------------------------------------------------ */

/* RUN has been entered and waits for a page when the last descriptor is closed. */
static void closed_before(void)
{
	enum way way;

	for (way = 0; way < WAYS; way++) {
		struct holder holder = holder_make("+[]");
		struct slow_page slow = slow_page();
		struct late_run late = { .fd = holder.dev.fd,
					 .way = way,
					 .args = run_args(slow.page, 2, 3) };

		late_start(&late);
		slow_page_await(&slow);
		close(holder.dev.fd);
		slow_page_give(&slow, fds_page(&holder));
		late_finish(&late);
		close(holder.held[1]);
		CHECK(is_run_over(&holder));
		holder_drop(&holder);
	}
}

/* The program waits for input, and fuel stops it after that; @n_more descriptors stay open. */
static void closed_while(int n_more)
{
	enum way way;

	for (way = 0; way < WAYS; way++) {
		struct holder holder = holder_make(",,>+[]");
		int more = n_more ? dup(holder.dev.fd) : -1;
		struct late_run late = { .fd = holder.dev.fd,
					 .way = way,
					 .args = run_args(fds_page(&holder), 2, 3) };

		late_start(&late);
		await_wait(&holder);
		close(holder.held[1]);
		close(holder.dev.fd);
		EQUAL(write(holder.in[1], "x", 1), 1);
		EQUAL(late_finish(&late), 0);
		EQUAL(late.args.status, BFK_STATUS_FUEL);
		CHECK(is_run_over(&holder));
		close(more);
		holder_drop(&holder);
	}
}

static void last_closed_while(void)
{
	closed_while(0);
}

static void other_kept_while(void)
{
	closed_while(1);
}

/* The run is left stopped, by a thread or by io_uring, and then the descriptor is closed. */
static void closed_after(void)
{
	enum way way;

	for (way = 0; way < WAYS; way++) {
		struct holder holder = holder_make("+[]");
		struct late_run late = { .fd = holder.dev.fd,
					 .way = way,
					 .args = run_args(fds_page(&holder), 2, 3) };

		late_start(&late);
		EQUAL(late_finish(&late), 0);
		close(holder.held[1]);
		CHECK(is_run_kept(&holder));
		close(holder.dev.fd);
		CHECK(is_run_over(&holder));
		holder_drop(&holder);
	}
}

/* A copy is closed while RUN waits for a page: the run may stay until the last one is closed. */
static void copy_closed_before(void)
{
	struct holder holder = holder_make("+[]");
	struct slow_page slow = slow_page();
	int more = dup(holder.dev.fd);
	struct late_run late = { .fd = holder.dev.fd, .args = run_args(slow.page, 2, 3) };

	late_start(&late);
	slow_page_await(&slow);
	close(more);
	slow_page_give(&slow, fds_page(&holder));
	late_finish(&late);
	close(holder.held[1]);
	close(holder.dev.fd);
	CHECK(is_run_over(&holder));
	holder_drop(&holder);
}

/* A new ring with @fd among its fixed files. */
static struct uring ring_with(int fd)
{
	struct uring ring = uring_open(0);

	EQUAL(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &fd, 1), 0);
	return ring;
}

static int run_fixed(struct uring *ring, struct bfk_run_args *args)
{
	struct io_uring_sqe sqe = uring_call(0, BFK_RUN, args);

	sqe.flags |= IOSQE_FIXED_FILE;
	uring_submit(ring, sqe);
	return uring_result(ring);
}

/* The process has no descriptor, but its ring has the file; then the process exits. */
static void fixed_only(void)
{
	struct holder holder = holder_make("+[]");
	pid_t pid = fork();

	if (!pid) {
		struct uring ring = ring_with(holder.dev.fd);
		struct bfk_run_args args = run_args(fds_page(&holder), 2, 3);

		close(holder.dev.fd);
		_exit(run_fixed(&ring, &args) || args.status != BFK_STATUS_FUEL);
	}
	close(holder.held[1]);
	EQUAL(child_wait(pid, PATIENCE / 1000), 0);
	CHECK(is_run_over(&holder));
	holder_drop(&holder);
}

/*
 * A process that never had a descriptor of the instance inherits a ring, whose owner later adds the
 * instance to the fixed files: the process closes no descriptor at exit.
 */
static void fixed_inherited(void)
{
	struct uring ring = ring_with(-1);
	int held[2], order[2], fd;
	struct io_uring_files_update update = { .fds = (uintptr_t)&fd };
	pid_t pid;
	char byte;

	pipe_make(held);
	pipe_make(order);
	pid = fork();
	if (!pid) {
		int fds[2] = { -1, held[1] };
		struct bfk_run_args args = run_args(fds, 2, 3);

		EQUAL(read(order[0], &byte, 1), 1);
		_exit(run_fixed(&ring, &args) || args.status != BFK_STATUS_FUEL);
	}
	close(held[1]);
	fd = dev_fd();
	EQUAL(fd_load(fd, "+[]", 0), 0);
	EQUAL(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES_UPDATE, &update, 1), 1);
	EQUAL(write(order[1], "", 1), 1);
	EQUAL(child_wait(pid, PATIENCE / 1000), 0);
	CHECK(hangs_up(held[0]));
}

/* A fixed file started the run; then it was stopped, and then the descriptor is closed. */
static void fixed_and_closed(void)
{
	struct holder holder = holder_make("+[]");
	struct uring ring = ring_with(holder.dev.fd);
	struct bfk_run_args args = run_args(fds_page(&holder), 2, 3);

	EQUAL(run_fixed(&ring, &args), 0);
	EQUAL(args.status, BFK_STATUS_FUEL);
	close(holder.held[1]);
	CHECK(is_run_kept(&holder));
	close(holder.dev.fd);
	CHECK(is_run_over(&holder));
	holder_drop(&holder);
}

/* Repeatedly, at no particular moment: one thread runs, one closes, a third process holds. */
static void at_any_moment(void)
{
	int i;

	for (i = 0; i < 300; i++) {
		struct holder holder = holder_make("+[]");
		struct late_run late = { .fd = holder.dev.fd,
					 .args = run_args(fds_page(&holder), 2, 3) };
		volatile int spin = i * 37;

		late_start(&late);
		while (spin)
			spin--;
		close(holder.dev.fd);
		late_finish(&late);
		close(holder.held[1]);
		CHECK(is_run_over(&holder));
		holder_drop(&holder);
	}
}

static const struct test tests[] = {
	{ "close (last descriptor, RUN entered and not started) leaves no run", closed_before, 60 },
	{ "close (last descriptor, during RUN) ends the run when it stops", last_closed_while, 60 },
	{ "close (one of two, during RUN) ends the run when it stops", other_kept_while, 60 },
	{ "close (last descriptor, run stopped) ends it", closed_after, 60 },
	{ "close (a copy while RUN starts, then the last descriptor) leaves no run",
	  copy_closed_before, 60 },
	{ "exit (instance only among a ring's fixed files) leaves no run", fixed_only, 60 },
	{ "exit (instance never more than a fixed file of an inherited ring) leaves no run",
	  fixed_inherited, 60 },
	{ "close (last descriptor, run started by a fixed file) ends it", fixed_and_closed, 60 },
	{ "close (at any moment of a RUN in another thread) leaves no run", at_any_moment, 200 },
};

CASES(tests)
