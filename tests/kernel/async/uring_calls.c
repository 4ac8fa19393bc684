// SPDX-License-Identifier: GPL-2.0-only
/* Does each call through io_uring have the result of the ioctl, and are malformed requests refused? */
#include "ring.h"

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

const struct test uring_calls[] = {
	{ "every call has the result of the ioctl", every_call },
	{ "a run completes with 0 and its status, whatever ended it", every_status },
	{ "a run (stopping at operations) completes with 0 before each, and either call continues it",
	  stops },
	{ "submitting does not wait, even without IOSQE_ASYNC", not_forced },
	{ "a malformed request completes with its errno", malformed },
	{},
};
