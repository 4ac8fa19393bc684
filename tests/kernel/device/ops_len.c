// SPDX-License-Identifier: GPL-2.0-only
/* How many ops does LOAD take, and from which memory? */
#include "refused.h"

static void lengths(void)
{
	struct bfk_load_args args = ops_args(every, N_EVERY, 0);
	uint32_t len;

	for (len = 0; len <= sizeof(every); len++) {
		uint32_t n = len / sizeof(*every);

		args.source_len = len;
		if (len % sizeof(*every))
			says(args, EINVAL, BFK_ERROR_BAD_OP, n);
		else if (n == 3) /* the IF is not the last op, and its NEXT is missing */
			says(args, ENOEXEC, BFK_ERROR_BAD_MATCH, 1);
		else if (n < N_EVERY) /* END is missing */
			says(args, EINVAL, BFK_ERROR_BAD_OP, n ? n - 1 : 0);
		else
			says(args, 0, BFK_ERROR_NONE, 0);
	}
	args.source = 0; /* checked before anything is read */
	args.source_len = 21;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 1);
	args.source_len = 7;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 0);
	args.source_len = 0;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 0);
}

static void too_many(void)
{
	uint32_t max = dev_info(dev_fd()).ops_max;
	struct bfk_load_args args = ops_args(NULL, 0, 0);

	EQUAL(max, (4 << 20) + 1);
	args.source_len = 20 * max + 20;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len += 7; /* "too many" is checked before "cut off" */
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = ~0u;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = 0x80000000;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = 20 * max + 7;
	says(args, EINVAL, BFK_ERROR_BAD_OP, max);
	args.source_len = 20 * max;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
}

/* As many ops as possible: labels have no code, so that they even compile; then one bad op. */
static void as_many(void)
{
	uint32_t max = (4 << 20) + 1, i;
	struct bfk_op *ops =
		mmap(NULL, 20 * max, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct dev dev;

	CHECK(ops != MAP_FAILED);
	for (i = 0; i < max; i++)
		ops[i].kind = LABEL;
	ops[0] = (struct bfk_op){ IF, .match = max - 2 };
	ops[max - 3] = (struct bfk_op){ ADD, .val = 1 };
	ops[max - 1] = (struct bfk_op){ END };
	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = ops_args(ops, max, engines[i]);

		dev = dev_open(0);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.n_ops, max);
		EQUAL(args.engine, i ? BFK_ENGINE_INTERP : ENGINE);
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[0], 0);
		EQUAL(dev_reset(dev.fd, 0), 0);
		dev.tape[0] = 1;
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[0], 2);
		dev_close(&dev);
	}
	ops[max - 2].src_reg = 8;
	refused(ops, max, EINVAL, BFK_ERROR_BAD_OP, max - 2);
}

static void pointers(void)
{
	struct bfk_load_args args = ops_args(NULL, N_EVERY, 0);
	char *edge = page_end(sizeof(every)), *pages;
	size_t page = page_len(), at;

	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = KERNEL_ADDR;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = ~0ull - 30;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = 0x7fffffffe000; /* from the last user page beyond user space */
	args.source_len = 20 * 1000;
	says(args, EFAULT, BFK_ERROR_NONE, 0);

	memcpy(edge, every, sizeof(every));
	args = ops_args((void *)edge, N_EVERY, 0);
	says(args, 0, BFK_ERROR_NONE, 0);
	for (at = 1; at < 40;
	     at++) { /* the end is in an unmapped page, inside an op or between two */
		args.source = (uintptr_t)edge + at;
		says(args, EFAULT, BFK_ERROR_NONE, 0);
	}
	args = ops_args((void *)edge, 1000000, 0); /* much more than is mapped */
	says(args, EFAULT, BFK_ERROR_NONE, 0);

	/* Across two pages, at every offset; then with the first, then the second unmapped. */
	pages = page_end(2 * page);
	for (at = page - sizeof(every); at <= page; at += 3) {
		memcpy(pages + at, every, sizeof(every));
		accepted((void *)(pages + at), N_EVERY);
	}
	at = page - 96;
	memcpy(pages + at, every, sizeof(every));
	mprotect(pages, page, PROT_NONE);
	says(ops_args((void *)(pages + at), N_EVERY, 0), EFAULT, BFK_ERROR_NONE, 0);
	mprotect(pages, page, PROT_READ);
	accepted((void *)(pages + at), N_EVERY);
	munmap(pages + page, page);
	says(ops_args((void *)(pages + at), N_EVERY, 0), EFAULT, BFK_ERROR_NONE, 0);
}

static const struct test tests[] = {
	{ "load (ops cut off at any byte) is EINVAL and reports the place", lengths },
	{ "load (too many ops) is E2BIG, whatever the pointer points to", too_many },
	{ "load (the maximum number of ops) runs, compiled and interpreted", as_many, 60 },
	{ "load (ops that are not mapped, or only in part) is EFAULT", pointers },
};

CASES(tests)
