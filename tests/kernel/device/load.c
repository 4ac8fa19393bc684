// SPDX-License-Identifier: GPL-2.0-only
/* Which flags, pointers and lengths does LOAD refuse, and does a refused LOAD change nothing? */
#include "dev.h"

static int load(struct bfk_load_args args)
{
	int fd = dev_fd(), ret = dev_call(fd, BFK_LOAD, &args);

	close(fd);
	return ret;
}

static void load_flags(void)
{
	int bit;

	for (bit = 6; bit < 32; bit++)
		EQUAL(load(load_args("+", 1u << bit)), -EINVAL);
	EQUAL(load(load_args("+", ~0u)), -EINVAL);
}

static void load_eof_flags(void)
{
	EQUAL(load(load_args("+", BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP)), -EINVAL);
	EQUAL(load(load_args("+", BFK_LOAD_EOF_255)), 0);
	EQUAL(load(load_args("+", BFK_LOAD_EOF_KEEP)), 0);
}

static void load_ops_version(void)
{
	struct bfk_load_args args = load_args("+", 0);

	args.ops_version = BFK_OPS_VERSION;
	EQUAL(load(args), -EINVAL);
	args.ops_version = 0x80000000;
	EQUAL(load(args), -EINVAL);
	args.ops_version = 0;
	EQUAL(load(args), 0);
}

static void load_allowed(void)
{
	struct bfk_load_args args = load_args("+", 0);
	int bit;

	for (bit = 26; bit < 32; bit++) {
		args.allowed = 1u << bit;
		EQUAL(load(args), -EINVAL);
	}
	args.allowed = 0;
	EQUAL(load(args), 0);
}

static void load_source_pointer(void)
{
	struct bfk_load_args args = load_args("+", 0);
	char *edge = page_end(4);

	memcpy(edge, "++++", 4);
	args.source = 0;
	EQUAL(load(args), -EFAULT);
	args.source = KERNEL_ADDR;
	EQUAL(load(args), -EFAULT);
	args.source = ~0ull;
	EQUAL(load(args), -EFAULT);
	args.source = (uintptr_t)edge;
	args.source_len = 5;
	EQUAL(load(args), -EFAULT);
	args.source_len = 4;
	EQUAL(load(args), 0);
	args.source = 0;
	args.source_len = 0;
	EQUAL(load(args), 0);
}

static void load_tape_pointer(void)
{
	struct bfk_load_args args = load_args("+", 0);

	args.tape_len = 5;
	EQUAL(load(args), -EFAULT);
	args.tape = KERNEL_ADDR;
	EQUAL(load(args), -EFAULT);
	args.tape = (uintptr_t)page_end(4);
	EQUAL(load(args), -EFAULT);
	args.tape_len = 4;
	EQUAL(load(args), 0);
}

static void load_source_len(void)
{
	uint32_t max = 4u << 20;
	char *source = malloc(max + 1);
	struct bfk_load_args args = load_args("", 0);
	int fd = dev_fd();

	memset(source, 'x', max + 1);
	args.source = (uintptr_t)source;
	args.source_len = max + 1;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -E2BIG);
	EQUAL(args.error, BFK_ERROR_TOO_LONG);
	EQUAL(args.error_off, max);
	args.source_len = ~0u;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -E2BIG);
	args.source_len = max;
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.error, BFK_ERROR_NONE);
	EQUAL(args.n_ops, 1);
	EQUAL(dev_info(fd).source_max_len, max);
}

static void load_tape_len(void)
{
	struct bfk_load_args args = load_args("+", 0);
	static char tape[TAPE_CELLS + 1];

	args.tape = (uintptr_t)tape;
	args.tape_len = TAPE_CELLS + 1;
	EQUAL(load(args), -EINVAL);
	args.tape_len = ~0u;
	EQUAL(load(args), -EINVAL);
	args.tape_len = TAPE_CELLS;
	EQUAL(load(args), 0);
}

static void failed_load_keeps(void)
{
	struct dev dev = dev_open(0);
	uint32_t free_len;

	dev_load(&dev, "+++[>+++[-]<-]");
	dev.tape[77] = 5;
	free_len = dev_info(dev.fd).text_free_len;
	EQUAL(fd_load(dev.fd, "]", 0), -ENOEXEC);
	EQUAL(fd_load(dev.fd, "+", 1u << 31), -EINVAL);
	EQUAL(fd_load(dev.fd, "%K", 0), -ENOSYS);
	EQUAL(dev.tape[77], 5);
	EQUAL(dev_info(dev.fd).text_free_len, free_len);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL);
	EQUAL(fd_load(dev.fd, "[", 0), -ENOEXEC);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL); /* continues */
	EQUAL(dev.tape[0], 2 - 1);
}

static void sealed(void)
{
	struct dev dev = dev_open(0);

	EQUAL(fd_load(dev.fd, "]", BFK_LOAD_SEAL), -ENOEXEC);
	EQUAL(fd_load(dev.fd, "++", BFK_LOAD_SEAL), 0);
	EQUAL(fd_load(dev.fd, "+++", 0), -EPERM);
	EQUAL(fd_load(dev.fd, "+++", BFK_LOAD_SEAL), -EPERM);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
}

static const struct test tests[] = {
	{ "load (unknown flag) is EINVAL", load_flags },
	{ "load (both end-of-file flags) is EINVAL", load_eof_flags },
	{ "load (source with a version of ops) is EINVAL", load_ops_version },
	{ "load (allowed bits beyond z) is EINVAL", load_allowed },
	{ "load (bad source pointer) is EFAULT", load_source_pointer },
	{ "load (bad tape pointer) is EFAULT", load_tape_pointer },
	{ "load (source of 4 MiB and a byte) is E2BIG", load_source_len },
	{ "load (tape of more than 65,536 cells) is EINVAL", load_tape_len },
	{ "load (refused) leaves program, tape and run unchanged", failed_load_keeps },
	{ "load (sealed) is EPERM, and a refused load seals nothing", sealed },
};

CASES(tests)
