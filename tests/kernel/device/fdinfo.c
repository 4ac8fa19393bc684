// SPDX-License-Identifier: GPL-2.0-only
/* Does fdinfo report the state, the numbers and the program of an instance, also during a run? */
#include "large_source.h"
#include "fdinfo.h"

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

static void tells(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = load_args("%m%m++++[-]+[]", engines[i] | BFK_LOAD_SEAL);
		struct dev dev = dev_open(engines[i]);
		struct told is = told(dev.fd);

		EQUAL(strcmp(is.state, "empty"), 0);
		EQUAL(is.sealed + is.ops + is.text + is.runs + is.sysops + is.fuel, 0);
		EQUAL(is.tape, 65536);
		EQUAL(is.refs, 2); /* the descriptor and the mapping */
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "ready"), 0);
		EQUAL(is.sealed, 1);
		EQUAL(is.ops, args.n_ops);
		EQUAL(is.text, args.text_len);
		EQUAL(!is.text, i || !IS_X86);

		dev.tape[0] =
			1; /* the first %m fails, with no such clock, and the second is skipped */
		dev.tape[3] = 99;
		EQUAL(dev_run(&dev, NULL, 0, 13).status, BFK_STATUS_FUEL);
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "stopped"), 0);
		EQUAL(is.runs, 1);
		EQUAL(is.sysops, 1);
		EQUAL(is.fuel, 13);
		EQUAL(is.fuel_left, 0);
		EQUAL(dev_run(&dev, NULL, 0, 7).status, BFK_STATUS_FUEL);
		EQUAL(told(dev.fd).runs, 1); /* still the same run */
		EQUAL(told(dev.fd).fuel, 20);

		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(strcmp(told(dev.fd).state, "ready"), 0);
		EQUAL(told(dev.fd).fuel, 20); /* the total of all runs */
		EQUAL(dev_run(&dev, (int[]){ 0 }, 1, 5).status, BFK_STATUS_FUEL);
		EQUAL(told(dev.fd).runs, 2);
		EQUAL(told(dev.fd).fuel, 25);
		dev.tape[0] = 0;
		EQUAL(dev_run(&dev, NULL, 0, 5).status, BFK_STATUS_END);
		EQUAL(strcmp(told(dev.fd).state, "over"), 0);
		EQUAL(dup(dev.fd) >= 0, 1);
		EQUAL(told(dev.fd).refs, 3);
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(dev_call(dev.fd, BFK_RUN, &(struct bfk_run_args){ .fds = 1, .n_fds = 1 }),
		      -EFAULT);
		EQUAL(told(dev.fd).runs, 2); /* refused, so not started */
	}
}

/* During one run, numbers grow and the state is right. */
static void tells_while_running(void)
{
	struct dev dev = dev_open(0);
	struct told before, is;
	double end = now() + SOON;
	pid_t pid;
	int i;

	dev_load(&dev, "+[>%m<]");
	dev.tape[1] = 1;
	pid = fork();
	if (!pid)
		_exit(dev_run(&dev, NULL, 0, UNLIMITED).status);
	do
		before = told(dev.fd);
	while (!before.sysops && now() < end);
	for (i = 0; i < 300; i++) {
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "running"), 0);
		EQUAL(is.runs, 1);
		CHECK(is.sysops >= before.sysops && is.fuel >= before.fuel);
		before = is;
	}
	while (told(dev.fd).fuel == before.fuel && now() < end)
		nap(1);
	CHECK(told(dev.fd).fuel > before.fuel);
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
	EQUAL(strcmp(told(dev.fd).state, "over"), 0); /* its process has exited */
}

/* CRC-32 as gzip computes it. */
static uint32_t crc_of(const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *byte++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* What is loaded: the same ops have the same CRC-32 on both engines, others have another. */
static void tells_the_program(void)
{
	struct bfk_op ops[] = { { .kind = BFK_OP_ADD, .val = 3 },
				{ .kind = BFK_OP_SYS, .val = 'm', .source_off = 3 },
				{ .kind = BFK_OP_END, .source_off = 5 } };
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = load_args("+++%m", engines[i]);
		struct dev dev = dev_open(0);

		EQUAL(told(dev.fd).program, 0);
		EQUAL(told(dev.fd).allowed, 0);
		args.allowed = 1u << ('m' - 'a') | 1;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		EQUAL(told(dev.fd).allowed, 1u << ('m' - 'a') | 1);
		ops[0].val++;
		args = load_args((void *)ops, engines[i] | BFK_LOAD_OPS);
		args.source_len = sizeof(ops);
		args.ops_version = BFK_OPS_VERSION;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		EQUAL(told(dev.fd).allowed, BFK_ALLOW_ALL);
		args.allowed = 0;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EACCES);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		ops[0].val--;
		close(dev.fd);
	}
}

/* The kernel computes the CRC-32 of many ops in pieces of 65,536. */
static void tells_a_long_program(void)
{
	static const int lengths[] = { 65535, 65536, 65537, 2 * 65536, 150000 };
	static struct bfk_op ops[150000];
	struct dev dev = dev_open(0);
	int i, ix;

	for (i = 0; i < (int)(sizeof(lengths) / sizeof(*lengths)); i++) {
		struct bfk_load_args args = load_args((void *)ops, BFK_LOAD_INTERP | BFK_LOAD_OPS);

		for (ix = 0; ix < lengths[i]; ix++)
			ops[ix] = (struct bfk_op){ .kind = BFK_OP_ADD,
						   .val = ix % 251,
						   .source_off = ix };
		ops[lengths[i] - 1].kind = BFK_OP_END;
		args.source_len = lengths[i] * sizeof(*ops);
		args.ops_version = BFK_OPS_VERSION;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(told(dev.fd).program, crc_of(ops, args.source_len));
	}
	close(dev.fd);
}

/* Fuel as it is at an operation that waits, in the middle of a slice. */
static void tells_in_a_slice(void)
{
	double end = now() + SOON;
	struct told is;
	pid_t pid;
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);

		dev_load(&dev, "+++++[>+<-]>>%m>>>>>>>>>>>>>>>>%n");
		dev.tape[2] = 1;
		dev.tape[2 + 3] = CLOCK_MONOTONIC;
		dev.tape[18] = 1;
		memset(dev.tape + 18 + 8, 255, 8);
		pid = fork();
		if (!pid)
			_exit(dev_run(&dev, NULL, 0, 1000).status);
		do
			is = told(dev.fd);
		while (is.fuel_left != 996 && now() < end);
		EQUAL(is.fuel_left, 996);
		while (!is.sysops && now() < end)
			is = told(dev.fd);
		is = told(dev.fd); /* the state before may be from before the run */
		EQUAL(is.sysops, 1);
		EQUAL(is.fuel, 0); /* the slice is not over */
		EQUAL(is.fuel_left, 996);
		EQUAL(strcmp(is.state, "running"), 0);
		kill(pid, SIGKILL);
		EQUAL(child_wait(pid, SOON), SIGKILL);
		close(dev.fd);
	}
}

struct changer {
	int fd;
	bool is_over;
};

static void *changes(void *arg)
{
	struct changer *changer = arg;
	struct bfk_run_args args;

	while (!__atomic_load_n(&changer->is_over, __ATOMIC_RELAXED)) {
		fd_load(changer->fd, "+", 0);
		args = run_args(NULL, 0, 1);
		dev_call(changer->fd, BFK_RUN, &args);
		fd_load(changer->fd, large_source(), BFK_LOAD_INTERP);
	}
	return NULL;
}

/* fdinfo takes no lock: values may be from different moments, but each is valid. */
static void tells_while_changing(void)
{
	struct changer changer = { .fd = dev_fd() };
	int i, n[2], fd = dev_fd();
	pthread_t thread;

	fd_load(fd, "+", 0);
	n[0] = told(fd).ops;
	fd_load(fd, large_source(), BFK_LOAD_INTERP);
	n[1] = told(fd).ops;
	pthread_create(&thread, NULL, changes, &changer);
	for (i = 0; i < 1000 || told(changer.fd).runs <= 3; i++) {
		struct told is = told(changer.fd);

		CHECK(!is.ops || (int)is.ops == n[0] || (int)is.ops == n[1]);
		CHECK(is.text < 4096 && is.tape == 65536 && !is.sealed);
		CHECK(!strcmp(is.state, "empty") || !strcmp(is.state, "ready") ||
		      !strcmp(is.state, "running") || !strcmp(is.state, "over") ||
		      !strcmp(is.state, "stopped"));
	}
	__atomic_store_n(&changer.is_over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static const struct test tests[] = {
	{ "fdinfo reports program, text, tape, runs, operations, fuel, state and references",
	  tells },
	{ "fdinfo (during a run) reports its progress", tells_while_running },
	{ "fdinfo (at an operation that waits) reports the fuel left there", tells_in_a_slice },
	{ "fdinfo reports the CRC-32 of the program's ops and the operations it may contain",
	  tells_the_program },
	{ "fdinfo (65,535 ops and more) reports the CRC-32 of all of them", tells_a_long_program },
	{ "fdinfo (programs loaded and run meanwhile) can be read", tells_while_changing },
};

CASES(tests)
