// SPDX-License-Identifier: GPL-2.0-only
/* What does RUN report about operations: counts, the last failure, the status of %q? */
#include "two.h"

static void failure_reported(void)
{
	struct dev dev = dev_open(0);
	struct bfk_run_args args;

	dev_load(&dev, "x%r");
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.fail_errno, EBADF);
	EQUAL(args.fail_letter, 'r');
	EQUAL(args.fail_off, 1);
	EQUAL(args.sysops, 1);
	dev_load(&dev, "%r+%m"); /* a later success clears the failure */
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.fail_errno, 0);
	EQUAL(args.fail_letter, 0);
	EQUAL(args.sysops, 2);
	dev_load(&dev, "%r%w"); /* a skipped operation does not */
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.fail_errno, EBADF);
	EQUAL(args.fail_letter, 'r');
	EQUAL(args.sysops, 1);
}

static void skipped(void)
{
	const char *letters = known_letters("");
	char source[3] = "%";
	const char *letter;
	int engine, file = file_make("abc", 3), fds[2] = { file, file };

	for (engine = 0; engine < 2; engine++) {
		for (letter = letters; *letter; letter++) {
			struct dev dev = dev_for(engine, 0);
			struct frame frame = { .arg = 1, .cap = 9, .len = 3, .off = 1 }, after;
			struct bfk_run_args args;

			source[1] = *letter;
			note = source;
			dev_load(&dev, source);
			tape_put(dev.tape, 0, &frame, sizeof(frame));
			args = dev_run(&dev, fds, 2, 1);
			EQUAL(args.status, BFK_STATUS_END);
			EQUAL(args.sysops, 0);
			after = frame_get(dev.tape, 0);
			CHECK(!memcmp(&frame, &after, sizeof(frame)));
			EQUAL(dev.tape[16], 0);
			dev_close(&dev);
		}
	}
}

static void quit(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "+>>>+++++++<<<%q>+");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_QUIT);
		EQUAL(args.exit_code, 7);
		EQUAL(args.source_off, 14);
		EQUAL(dev.tape[1], 0);
		dev_close(&dev);
	}
}

static void quit_writes_output(void)
{
	struct dev dev = dev_open(0);
	int fds[2] = { -1, file_make("", 0) };
	char byte = 0;

	dev_load(&dev, "+.%q.");
	EQUAL(dev_run(&dev, fds, 2, 1).status, BFK_STATUS_QUIT);
	EQUAL(pread(fds[1], &byte, 1, 0), 1);
	EQUAL(byte, 1);
	EQUAL(pread(fds[1], &byte, 1, 1), 0);
}

static const struct test tests[] = {
	{ "run reports the last operation if it failed, and its place", failure_reported },
	{ "every operation (go is 0) does nothing and is not counted", skipped },
	{ "%q ends the run with its status", quit },
	{ "%q writes what '.' has buffered", quit_writes_output },
};

CASES(tests)
