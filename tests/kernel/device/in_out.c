// SPDX-License-Identifier: GPL-2.0-only
/* Are the bytes of ',' and '.' in order and complete, also next to operations on the same slots? */
#include "two.h"

static void output_empty_slot(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "++>.>++");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, '.');
		EQUAL(args.fail_errno, EBADF);
		dev_load(&dev, "+>>,+");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, ',');
		EQUAL(args.fail_errno, EBADF);
		EQUAL(args.fail_off, 3);
		EQUAL(args.source_off, 3);
		EQUAL(args.head, 2);
		EQUAL(dev.tape[2], 0);
		dev_load(&dev, ".%m+%m"); /* the first %m is skipped, and writes nothing */
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, '.');
		EQUAL(args.fail_off, 4);
		dev_close(&dev);
	}
}

static void output_order(void)
{
	int engine, fds[2];
	char text[100] = {};

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		fds[0] = -1;
		fds[1] = file_make("", 0);
		dev_load(&dev, "[.>]<[<]>>>>>>>>>>>>>>>%w>>>>>>>>>>>>>>>>.>.");
		memset(dev.tape, 'A', 12);
		tape_put(dev.tape, 12, "\0\0", 2);
		tape_put(dev.tape, 14, &(struct frame){ .go = 1, .slot = 1, .len = 3 }, 16);
		tape_put(dev.tape, 30, "mid", 3);
		EQUAL(dev_run(&dev, fds, 2, UNLIMITED).status, BFK_STATUS_END);
		pread(fds[1], text, sizeof(text), 0);
		note = text;
		CHECK(!strcmp(text, "AAAAAAAAAAAAmidmi"));
		dev_close(&dev);
	}
}

static void output_long(void)
{
	int engine, fds[2] = { -1, -1 }, i;
	static uint8_t text[30000];

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		fds[1] = file_make("", 0);
		dev_load(&dev, "[.>]");
		for (i = 0; i < 20000; i++)
			dev.tape[i] = 1 + i % 255;
		EQUAL(dev_run(&dev, fds, 2, UNLIMITED).write_len, 20000);
		EQUAL(pread(fds[1], text, sizeof(text), 0), 20000);
		CHECK(!memcmp(text, dev.tape, 20000));
		dev_close(&dev);
	}
}

static void output_before_stop(void)
{
	int engine, ends[2], fds[2] = { -1, -1 };
	char byte = 0;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		EQUAL(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
		fds[1] = ends[1];
		dev_load(&dev, "+.>+[]");
		EQUAL(dev_run(&dev, fds, 2, 3).status, BFK_STATUS_FUEL);
		EQUAL(read(ends[0], &byte, 1), 1);
		EQUAL(byte, 1);
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		EQUAL(read(ends[0], &byte, 1), -1);
		dev_close(&dev);
	}
}

static void read_ahead_first(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		int in = file_make("Xabcdef", 7);

		dev_load(&dev,
			 ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>,<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<%r");
		tape_put(dev.tape, 0, &(struct frame){ .go = 1, .cap = 4 }, 16);
		EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[32], 'X');
		EQUAL(frame_get(dev.tape, 0).len, 4);
		CHECK(!memcmp(dev.tape + 16, "abcd", 4));
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "',' and '.' (empty slot) fail the run and report the place", output_empty_slot },
	{ "'.' and %w to one slot keep their order", output_order },
	{ "'.' (more than its buffer) loses nothing", output_long },
	{ "'.' is written before the RUN of a stopped run returns", output_before_stop },
	{ "%r (slot 0) first gets what ',' has read ahead", read_ahead_first },
};

CASES(tests)
