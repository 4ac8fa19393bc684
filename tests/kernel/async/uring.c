// SPDX-License-Identifier: GPL-2.0-only
/* Calls through io_uring, using only liburing and bfk/uapi.h. */
#include <liburing.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include "clean.h"

#define N_MANY 256

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

/* --- rings ----------------------------------------------------------------------------------- */

static struct io_uring ring_make(unsigned int n, unsigned int flags)
{
	struct io_uring ring;

	EQUAL(io_uring_queue_init(n, &ring, flags), 0);
	return ring;
}

/* Prepares a call; its user data is the address of its struct. */
static struct io_uring_sqe *prep(struct io_uring *ring, int fd, uint32_t cmd, void *args)
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

static void submit(struct io_uring *ring)
{
	CHECK(io_uring_submit(ring) > 0);
}

struct end {
	void *data;
	int res;
};

/* Fetches the next completion, which must come soon. */
static struct end fetch(struct io_uring *ring)
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
static int result_of(struct io_uring *ring, int n, const void *data)
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

static bool is_quiet_ring(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;

	nap(20 * slow());
	return io_uring_peek_cqe(ring, &cqe) == -EAGAIN;
}

/* Makes one call and returns its result. */
static int call(struct io_uring *ring, int fd, uint32_t cmd, void *args)
{
	struct end end;

	prep(ring, fd, cmd, args);
	submit(ring);
	end = fetch(ring);
	CHECK(end.data == args);
	return end.res;
}

/* Starts a run on a worker and waits until it has begun: before that, a cancel gives ECANCELED. */
static void start(struct io_uring *ring, struct dev *dev, struct bfk_run_args *args)
{
	prep(ring, dev->fd, BFK_RUN, args);
	submit(ring);
	await_busy(dev->fd);
}

static void cancel(struct io_uring *ring, void *data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_cancel(sqe, data, 0);
	io_uring_sqe_set_data(sqe, NULL);
	submit(ring);
}

/* --- calls and results ----------------------------------------------------------------------- */

static void every_call(void)
{
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_info_args info = {}, info_ioctl = dev_info(dev.fd);
	struct bfk_load_args load = load_args("++[", 0), good = load_args("++[>++<-]", 0);
	struct bfk_run_args run = run_args(NULL, 0, 100), again = run;
	struct bfk_reset_args reset = {};
	struct bfk_dump_args dump = {};

	EQUAL(call(&ring, dev.fd, BFK_INFO, &info), 0);
	CHECK(!memcmp(&info, &info_ioctl, sizeof(info)));
	CHECK(info.features & BFK_FEATURE_URING);
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), -ENOEXEC);
	EQUAL(call(&ring, dev.fd, BFK_LOAD, &load), -ENOEXEC);
	EQUAL(load.error, BFK_ERROR_UNCLOSED);
	EQUAL(load.error_off, 2);
	EQUAL(call(&ring, dev.fd, BFK_LOAD, &good), 0);
	CHECK(good.n_ops && !good.text_len == !IS_X86);
	EQUAL(call(&ring, dev.fd, BFK_DUMP, &dump), IS_X86 ? 0 : -ENODATA);
	EQUAL(dump.text_len, good.text_len);
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(dev.tape[1], 4);
	EQUAL(call(&ring, dev.fd, BFK_RUN, &again), -EBADFD);
	EQUAL(call(&ring, dev.fd, BFK_RESET, &reset), 0);
	EQUAL(dev.tape[1], 0);
	EQUAL(dev_call(dev.fd, BFK_RUN, &again), 0);
	CHECK(!memcmp(&run, &again, sizeof(run)));
}

static void stopped_at(const struct bfk_run_args *run, uint32_t source_off, uint32_t head)
{
	EQUAL(run->status, BFK_STATUS_OP);
	EQUAL(run->flags, BFK_RUN_STOP_OPS);
	EQUAL(run->source_off, source_off);
	EQUAL(run->head, head);
}

static void every_status(void)
{
	static const struct {
		const char *source;
		uint32_t status, exit_code, fail_errno;
	} ends[] = {
		{ "+", BFK_STATUS_END, 0, 0 },	     { "+>>>+++<<<%q", BFK_STATUS_QUIT, 3, 0 },
		{ "+%r", BFK_STATUS_END, 0, EBADF }, { ",", BFK_STATUS_FAILED, 0, EBADF },
		{ "+[]", BFK_STATUS_FUEL, 0, 0 },
	};
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		note = ends[i].source;
		dev_load(&dev, ends[i].source);
		run = run_args(NULL, 0, 1000);
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		EQUAL(run.status, ends[i].status);
		EQUAL(run.exit_code, ends[i].exit_code);
		EQUAL(run.fail_errno, ends[i].fail_errno);
	}
}

/* Through io_uring a stop at an operation is no error, and either call continues the run. */
static void stops(void)
{
	struct io_uring ring = ring_make(4, 0);
	int i, in[2];

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run = run_args(in, 1, UNLIMITED);

		pipe_make(in);
		dev_load(&dev, "+%i>+%i>+%i>>>+%r");
		run.flags = BFK_RUN_STOP_OPS;
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		stopped_at(&run, 1, 0);
		EQUAL(dev_call(dev.fd, BFK_RUN, &run), 0);
		stopped_at(&run, 5, 1);
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		stopped_at(&run, 9, 2);
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		stopped_at(&run, 15, 5);
		start(&ring, &dev, &run);
		CHECK(is_quiet_ring(&ring));
		cancel(&ring, &run);
		EQUAL(result_of(&ring, 2, &run), -EINTR);
		EQUAL(run.status, BFK_STATUS_SIGNAL);
		EQUAL(run.source_off, 15);
		EQUAL(write(in[1], "a", 1), 1);
		EQUAL(call(&ring, dev.fd, BFK_RUN, &run), 0);
		EQUAL(run.status, BFK_STATUS_END);
		EQUAL(run.sysops, 4);
		EQUAL(dev.tape[21], 'a');
		dev_close(&dev);
	}
}

/* Without IOSQE_ASYNC the first attempt is on the caller's own task, which must not sleep. */
static void not_forced(void)
{
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	int in[2];
	struct bfk_run_args run = run_args(in, 1, UNLIMITED);

	pipe_make(in);
	dev_load(&dev, ",");
	prep(&ring, dev.fd, BFK_RUN, &run)->flags = 0;
	submit(&ring); /* must return, or nothing would ever be written */
	CHECK(is_quiet_ring(&ring));
	EQUAL(write(in[1], "a", 1), 1);
	EQUAL(fetch(&ring).res, 0);
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 'a');
}

static void malformed(void)
{
	static const struct {
		uint32_t cmd;
		int err;
	} cmds[] = {
		{ 0, -ENOTTY },
		{ 0xffffffff, -ENOTTY },
		{ _IOWR('%', 5, struct bfk_run_args), -ENOTTY },
		{ _IOWR('&', 2, struct bfk_run_args), -ENOTTY },
		{ _IOW('%', 2, struct bfk_run_args), -ENOTTY },
	};
	struct {
		struct bfk_run_args run;
		uint64_t more;
	} longer = { .more = 1 };
	const uint64_t addresses[] = { 0, 4096, KERNEL_ADDR, ~0ull };
	struct io_uring ring = ring_make(4, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, 0, 100);
	uint32_t long_cmd = _IOWR('%', 2, longer);
	size_t i;

	dev_load(&dev, "+");
	for (i = 0; i < sizeof(cmds) / sizeof(*cmds); i++)
		EQUAL(call(&ring, dev.fd, cmds[i].cmd, &run), cmds[i].err);
	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		EQUAL(call(&ring, dev.fd, BFK_RUN, (void *)addresses[i]), -EFAULT);
	EQUAL(call(&ring, dev.fd, BFK_RUN, (char *)page_end(8)), -EFAULT);
	run.flags = BFK_RUN_STOP_OPS + 1;
	EQUAL(call(&ring, dev.fd, BFK_RUN, &run), -EINVAL);
	run.flags = 0;
	EQUAL(call(&ring, dev.fd, BFK_RESET, &(struct bfk_reset_args){ .reserved = 1 }), -EINVAL);
	longer.run = run_args(NULL, 0, 100);
	EQUAL(call(&ring, dev.fd, long_cmd, &longer), -E2BIG);
	prep(&ring, dev.fd, BFK_RUN, &run)->off |= 1ull << 32; /* reserved, above cmd_op */
	submit(&ring);
	EQUAL(fetch(&ring).res, -EINVAL);
	longer.more = 0;
	EQUAL(call(&ring, dev.fd, long_cmd, &longer), 0);
	EQUAL(longer.run.status, BFK_STATUS_END);
}

/* --- stopping --------------------------------------------------------------------------- */

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

/* --- links ----------------------------------------------------------------------------------- */

/* read(2) -> program -> write(2), each of which must wait for the one before. */
static void links(void)
{
	struct io_uring ring = ring_make(8, 0);
	int source = file_make("abcdef", 6), middle[2], result = file_make("", 0), i;
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(middle, 1, UNLIMITED);
	struct io_uring_sqe *sqe;
	struct end end;
	char text[6], copy[6];

	pipe_make(middle);
	dev_load(&dev, ",+>,+>,+>,+>,+>,+");
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, source, text, 6, 0);
	io_uring_sqe_set_data(sqe, (void *)1);
	sqe->flags |= IOSQE_IO_LINK;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, middle[1], text, 6, -1);
	io_uring_sqe_set_data(sqe, (void *)2);
	sqe->flags |= IOSQE_IO_LINK;
	prep(&ring, dev.fd, BFK_RUN, &run)->flags |= IOSQE_IO_LINK;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, result, dev.tape, 6, 0);
	io_uring_sqe_set_data(sqe, (void *)4);
	submit(&ring);
	for (i = 1; i <= 4; i++) {
		end = fetch(&ring);
		CHECK(end.data == (i == 3 ? &run : (void *)(uintptr_t)i));
		EQUAL(end.res, i == 3 ? 0 : 6);
	}
	EQUAL(pread(result, copy, 6, 0), 6);
	CHECK(!memcmp(copy, "bcdefg", 6));
}

/* A run and a request linked to it; if @is_before, the request comes first. */
static void broken_link(const char *source, uint32_t n_fds, unsigned int link, bool is_before,
			int run_res, int other_res)
{
	struct io_uring ring = ring_make(8, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, n_fds, UNLIMITED);
	struct io_uring_sqe *sqe;
	bool is_stopped = run_res == -EINTR;
	struct end end;
	int i;

	dev_load(&dev, source);
	if (!is_before)
		prep(&ring, dev.fd, BFK_RUN, &run)->flags |= link;
	sqe = io_uring_get_sqe(&ring);
	if (is_before)
		io_uring_prep_close(sqe, 999);
	else
		io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, &ring);
	sqe->flags |= is_before ? link : 0;
	if (is_before)
		prep(&ring, dev.fd, BFK_RUN, &run);
	submit(&ring);
	if (is_stopped) {
		await_cell(dev.tape, 0);
		cancel(&ring, &run);
	}
	for (i = 0; i < 2 + is_stopped; i++) {
		end = fetch(&ring);
		if (end.data)
			EQUAL(end.res, end.data == &run ? run_res : other_res);
	}
	EQUAL(dev.tape[0], is_stopped);
	io_uring_queue_exit(&ring);
	dev_close(&dev);
}

static void broken_links(void)
{
	note = "refused";
	broken_link("+", 65, IOSQE_IO_LINK, false, -EINVAL, -ECANCELED);
	note = "cancelled";
	broken_link("+[]", 0, IOSQE_IO_LINK, false, -EINTR, -ECANCELED);
	note = "refused, with a hard link";
	broken_link("+", 65, IOSQE_IO_HARDLINK, false, -EINVAL, 0);
	note = "cancelled, with a hard link";
	broken_link("+[]", 0, IOSQE_IO_HARDLINK, false, -EINTR, 0);
	note = "the request before fails";
	broken_link("+", 0, IOSQE_IO_LINK, true, -ECANCELED, -EBADF);
}

/* --- kinds of rings and files ---------------------------------------------------------------- */

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

/* --- many ------------------------------------------------------------------------------------ */

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

/* --- the process ----------------------------------------------------------------------------- */

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

static const struct test tests[] = {
	{ "every call has the result of the ioctl", every_call },
	{ "a run completes with 0 and its status, whatever ended it", every_status },
	{ "a run (stopping at operations) completes with 0 before each, and either call continues it",
	  stops },
	{ "submitting does not wait, even without IOSQE_ASYNC", not_forced },
	{ "a malformed request completes with its errno", malformed },
	{ "a cancelled loop is EINTR, its struct is filled, and it can be continued", cancel_loop },
	{ "a waiting read is cancelled, and continued with nothing lost", cancel_read },
	{ "a link timeout stops a run that takes too long, and nothing else", link_timeout },
	{ "linked read -> write -> run -> write are done in this order", links },
	{ "a refused or cancelled run breaks its link, and a run after a broken link does not start",
	  broken_links },
	{ "a registered file works like a descriptor, even one the process has closed",
	  fixed_files },
	{ "a ring with a polling kernel thread (SQPOLL) works", sqpoll },
	{ "large entries work", large_entries },
	{ "a ring polled for completions works, or is EOPNOTSUPP before Linux 7.2", polled_ring },
	{ "an eventfd and poll report the end of a run", events },
	{ "a task under seccomp gets EACCES, even if its worker is older than the filter",
	  in_seccomp },
	{ "256 runs that wait for each other are in flight at once", many, 60 },
	{ "one request cancels 16 loops", many_cancelled },
	{ "exit ends a run in flight", ends_with_exit, 40 },
	{ "exec ends a run in flight", ends_with_exec, 40 },
	{ "kill -9 ends a run in flight", ends_with_kill, 40 },
	{ "closing the ring stops a run in flight, and it can be continued", ring_is_closed },
	{ "closing instance and ring ends a run in flight", ends_with_both, 40 },
	{ "after the instance is closed, a run in flight can still be cancelled",
	  ends_with_instance, 40 },
	{ "a fork does not disturb a run in flight", fork_goes_on },
};

int main(int argc, char **argv)
{
	return run_clean_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
