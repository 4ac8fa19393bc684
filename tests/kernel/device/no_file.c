// SPDX-License-Identifier: GPL-2.0-only
/* Do the operations that need no file (%i %m %q %u) return what they should? */
#include "file_ops.h"

static void clocks(void)
{
	static const int ids[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME };
	int fds[1] = { -1 }, i;

	dev = dev_open(0);
	for (i = 0; i < 3; i++) {
		struct timespec before, after;
		struct frame frame;

		clock_gettime(ids[i], &before);
		frame = OP('m', fds, .arg = ids[i]);
		clock_gettime(ids[i], &after);
		WORKS(frame);
		CHECK(frame.off + 4000000 >= before.tv_sec * 1000000000ull + before.tv_nsec);
		CHECK(frame.off <= after.tv_sec * 1000000000ull + after.tv_nsec);
	}
	for (i = 2; i < 256; i++)
		if (i != CLOCK_BOOTTIME)
			FAILS(OP('m', fds, .arg = i), EINVAL);
}

static void random_bytes(void)
{
	static const struct {
		int cap, len;
	} caps[] = { { 100, 100 }, { 0, 32768 }, { 65535, 65520 } };
	int fds[1] = { -1 }, i, j, zeros;
	uint8_t first[100];

	dev = dev_open(0);
	for (i = 0; i < 3; i++) {
		struct frame frame = OP('u', fds, .cap = caps[i].cap);

		WORKS(frame);
		EQUAL(frame.len, caps[i].len);
		EQUAL(frame.cap, caps[i].cap);
		for (j = zeros = 0; j < frame.len; j++)
			zeros += !dev.tape[16 + j];
		CHECK(zeros < frame.len / 16);
		for (; j < 65520; j++)
			EQUAL(dev.tape[16 + j], 0);
		if (i)
			CHECK(memcmp(first, dev.tape + 16, 100));
		memcpy(first, dev.tape + 16, 100);
	}
}

static void quit_status(void)
{
	struct bfk_run_args args;
	int i;

	dev = dev_open(0);
	for (i = 0; i < 256; i += 51) {
		dev_load(&dev, "%q");
		lay(&dev, 0, (struct frame){ .arg = i }, NULL, 0);
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_QUIT);
		EQUAL(args.exit_code, i);
	}
}

static uint64_t id(int arg)
{
	struct frame frame =
		op(&dev, 'i', (struct frame){ .arg = arg, .slot = 99 }, NULL, 0, NULL, 0);

	WORKS(frame);
	return frame.off;
}

static void ids_here(void)
{
	EQUAL(id(0), getpid());
	EQUAL(id(1), getppid());
	EQUAL(id(2), getuid());
	EQUAL(id(3), getgid());
}

static void ids(void)
{
	int arg, status;

	dev = dev_open(0);
	ids_here();
	for (arg = 4; arg < 256; arg++)
		FAILS(op(&dev, 'i', (struct frame){ .arg = arg }, NULL, 0, NULL, 0), EINVAL);
	if (!fork()) { /* the real IDs, not the effective ones */
		CHECK(!setresgid(101, 102, 103) && !setresuid(104, 105, 106));
		ids_here();
		EQUAL(id(2), 104);
		EQUAL(id(3), 101);
		_exit(0);
	}
	wait(&status);
	EQUAL(status, 0);
	EQUAL(unshare(CLONE_NEWUSER | CLONE_NEWPID), 0); /* without mapped IDs */
	if (!fork()) {
		ids_here();
		EQUAL(id(0), 1);
		EQUAL(id(1), 0);
		EQUAL(id(2), 65534);
		_exit(0);
	}
	wait(&status);
	EQUAL(status, 0);
}

static const struct test tests[] = {
	{ "%m reads three clocks; others are EINVAL", clocks },
	{ "%u fills cap bytes with random data, and nothing after them", random_bytes },
	{ "%q ends with any status", quit_status },
	{ "%i returns process, parent, real user and group as seen in their namespaces", ids },
};

CASES(tests)
