// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does LOAD keep ops and source apart, leave everything unchanged when it refuses ops, and check
 * its own copy?
 */
#include "refused.h"

static void flags(void)
{
	struct bfk_load_args args = ops_args(every, N_EVERY, 0);
	struct bfk_load_args args_with;
	static const uint32_t versions[] = { 0, 2, 3, 255, 256, 0x101, 0x10001, 0x80000001, ~0u };
	unsigned int i;

	for (i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		args_with = args;
		args_with.ops_version = versions[i];
		EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	}
	args_with = args;
	args_with.flags |= BFK_LOAD_PLAIN;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with.ops_version = 0;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = load_args("+", BFK_LOAD_OPS); /* as a caller that forgot the version */
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = load_args("+", 0);
	args_with.ops_version = BFK_OPS_VERSION;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.flags |= BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.allowed = 1u << 26;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.flags |= 1u << 6;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
}

/* Source is not valid as ops, nor ops as source. */
static void taken_for_each_other(void)
{
	const char *source = "++++++++++++++++++++"; /* an op of kind '+' */

	refused((void *)source, 1, EINVAL, BFK_ERROR_BAD_OP, 0);
}

static void failed_load_keeps(void)
{
	static const struct bfk_op count[] = { { SET, .val = 3, .reg = 5 },
					       { LABEL },
					       { ADD, .val = 1 },
					       { ADD, .val = 255, .reg = 5 },
					       { NEXT, .reg = 5, .match = 1 },
					       { END } };
	struct bfk_op bad[N_EVERY];
	unsigned int i;

	memcpy(bad, every, sizeof(bad));
	bad[11].src_reg = 200;
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_load_args args;
		uint32_t free_len;

		dev_load_ops(&dev, count, 6);
		free_len = dev_info(dev.fd).text_free_len;
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL);
		EQUAL(dev.tape[0], 1);
		args = ops_args(bad, N_EVERY, dev.flags | BFK_LOAD_SEAL);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EINVAL);
		args = ops_args(every, N_EVERY, dev.flags | BFK_LOAD_SEAL);
		args.source = KERNEL_ADDR;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EFAULT);
		EQUAL(dev_info(dev.fd).text_free_len, free_len);
		EQUAL(dev_run(&dev, NULL, 0, 9).status,
		      BFK_STATUS_END); /* continues, registers too */
		EQUAL(dev.tape[0], 3);
		dev_load_ops(&dev, every, N_EVERY); /* not sealed */
		dev_close(&dev);
	}
}

static void sealed(void)
{
	struct dev dev = dev_open(0);
	struct bfk_load_args args = ops_args(every, N_EVERY, BFK_LOAD_SEAL);

	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
	args = ops_args(every, N_EVERY, 0);
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
	args.source = 0;
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
	EQUAL(fd_load(dev.fd, "+", 0), -EPERM);
	dev_close(&dev);
	dev = dev_open(0); /* sealed by source, then ops */
	EQUAL(fd_load(dev.fd, "+", BFK_LOAD_SEAL), 0);
	args = ops_args(every, N_EVERY, 0);
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
}

static volatile bool flip_over;

/*
 * Makes one field after another wrong for a moment; an emulated CPU switches between blocks of
 * code.
 */
static void *flip(void *arg)
{
	volatile struct bfk_op *ops = arg;
	uint32_t i;

	for (i = 0; !flip_over; i++) {
		uint32_t wrong = i >> 8 & 7;

		ops[2].match = wrong == 1 ? 0xffffffff : 3;
		ops[2].kind = wrong == 2 ? 200 : IF8;
		ops[3].match = wrong == 3 ? 0x7fffffff : 0;
		ops[7].reg = wrong == 4 ? 255 : 0;
		ops[12].kind = wrong == 5 ? ADD : END;
	}
	return NULL;
}

/* The ops that run are those that were checked: a bad mix is refused, a good one ends. */
static void changed_meanwhile(void)
{
	struct bfk_op *ops = page_end(sizeof(every));
	int fds[2] = { file_make("", 0), file_make("", 0) };
	uint32_t n_loaded = 0, n_refused = 0, i;
	double end = now() + 3;
	pthread_t thread;

	memcpy(ops, every, sizeof(every));
	EQUAL(pthread_create(&thread, NULL, flip, ops), 0);
	for (i = 0; now() < end || n_loaded < 5 || n_refused < 5; i++) {
		struct dev dev = dev_open(0);
		struct bfk_load_args args = ops_args(ops, N_EVERY, engines[i % 2]);
		int err = dev_call(dev.fd, BFK_LOAD, &args);

		if (err) {
			CHECK(err == -EINVAL || err == -ENOEXEC);
			CHECK(args.error_off == 2 || args.error_off == 3 || args.error_off == 7 ||
			      args.error_off == 12);
			n_refused++;
		} else {
			EQUAL(dev_run(&dev, fds, 2, 1000).status, BFK_STATUS_END);
			n_loaded++;
		}
		dev_close(&dev);
	}
	flip_over = true;
	pthread_join(thread, NULL);
}

static const struct test tests[] = {
	{ "load (ops with flags of source, and vice versa) is EINVAL", flags },
	{ "load (source as ops) is EINVAL", taken_for_each_other },
	{ "load (ops refused) leaves program, run and registers unchanged", failed_load_keeps },
	{ "load (sealed) is EPERM for ops too", sealed },
	{ "load (ops that another thread changes) takes one copy and checks that",
	  changed_meanwhile },
};

CASES(tests)
