// SPDX-License-Identifier: GPL-2.0-only
/* Do tape, head, comments and end of input follow bfk(7), on both engines? */
#include "two.h"

static void initial_tape(void)
{
	static const char laid[] = "abc";
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args("+", dev.flags);

		memset(dev.tape, 0xee, TAPE_CELLS);
		args.tape = (uintptr_t)laid;
		args.tape_len = 3;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, engines[engine].engine);
		CHECK(!memcmp(dev.tape, "abc\0\0", 5));
		EQUAL(dev.tape[65535], 0);
		EQUAL(dev_run(&dev, NULL, 0, 1).engine, engines[engine].engine);
		CHECK(!memcmp(dev.tape, "bbc\0\0", 5));
		dev_close(&dev);
	}
}

static void reset_tape(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "+>++<");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev_reset(dev.fd, BFK_RESET_KEEP_TAPE), 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
	EQUAL(dev.tape[1], 4);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(dev.tape[0] + dev.tape[1], 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[1], 2);
}

static void reset_run(void)
{
	int ends[2];
	struct dev dev = dev_open(0);

	pipe_make(ends);
	dev_load(&dev, ">+[]");
	EQUAL(dev_run(&dev, &ends[1], 1, 5).status, BFK_STATUS_FUEL);
	close(ends[1]);
	EQUAL(dev_reset(dev.fd, BFK_RESET_KEEP_TAPE), 0);
	CHECK(is_hung_up(ends[0]));
	EQUAL(dev_run(&dev, NULL, 0, 1).head, 1); /* not 2: from the first op */
	EQUAL(dev.tape[1], 2);
}

static void end_of_input(void)
{
	static const uint32_t flags[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	static const int want[] = { 0, 255, 7 };
	int engine, i;

	for (engine = 0; engine < 2; engine++) {
		for (i = 0; i < 3; i++) {
			struct dev dev = dev_for(engine, flags[i]);
			int in = file_make("x", 1);

			dev_load(&dev, "+++++++>+++++++<,>,>,");
			EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[0], 'x');
			EQUAL(dev.tape[1], want[i]);
			EQUAL(dev.tape[2], i == 2 ? 0 : want[i]);
			dev_close(&dev);
		}
	}
}

static void ring(void)
{
	static char far[65537];
	int engine;

	memset(far, '>', 65536);
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		dev_load(&dev, ">>>");
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 3);
		dev_load(&dev, "<+");
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65535);
		EQUAL(dev.tape[65535], 1);
		dev_load(&dev, far);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 0);
		dev_load(&dev, far + 1);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65535);
		dev_load(&dev, "-[>-]"); /* once around: every cell except the first becomes 255 */
		memset(dev.tape, 1, TAPE_CELLS);
		dev.tape[0] = 2;
		EQUAL(dev_run(&dev, NULL, 0, 70000).status, BFK_STATUS_END);
		dev_load(&dev, "+[<+]"); /* every cell becomes 1, cell 0 wraps to 1 + 1 ... to 0 */
		memset(dev.tape, 254, TAPE_CELLS);
		EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).head, 0);
		EQUAL(dev.tape[0], 0);
		EQUAL(dev.tape[1], 255);
		EQUAL(dev.tape[65535], 255);
		dev_close(&dev);
	}
}

static void plain(void)
{
	struct dev dev = dev_open(BFK_LOAD_PLAIN);

	dev_load(&dev, "%r+%%k+%");
	EQUAL(dev_run(&dev, NULL, 0, 1).sysops, 0);
	EQUAL(dev.tape[0], 2);
}

static void shebang(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "#!/usr/bin/bfk + [ %\n++");
	EQUAL(dev_run(&dev, NULL, 0, 1).source_off, 23);
	EQUAL(dev.tape[0], 2);
	dev_load(&dev, "#!+++");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 0);
	dev_load(&dev, "+\n#!+\n+");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 3);
}

static void empty_program(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "");
		args = dev_run(&dev, NULL, 0, 77);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.fuel, 77);
		EQUAL(args.source_off, 0);
	}
}

static void tape_between_calls(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		dev_load(&dev, "+[>+<]>>+");
		EQUAL(dev_run(&dev, NULL, 0, 9).status, BFK_STATUS_FUEL);
		EQUAL(dev.tape[1], 9);
		dev.tape[0] = 0;
		dev.tape[1] = 100;
		EQUAL(dev_run(&dev, NULL, 0, 9).status, BFK_STATUS_END);
		EQUAL(dev.tape[1], 101); /* the run was at the start of the body */
		EQUAL(dev.tape[2], 1);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "load fills the tape with the given cells and then zeros", initial_tape },
	{ "reset zeroes the tape unless BFK_RESET_KEEP_TAPE is set", reset_tape },
	{ "reset (stopped run) starts over and releases the files", reset_run },
	{ "',' (end of input) stores 0, 255 or nothing by load flag", end_of_input },
	{ "the tape is a ring for the head and for cells", ring },
	{ "load (plain) treats '%' as a comment", plain },
	{ "load (first line starts with #!) skips only that line", shebang },
	{ "an empty program ends at once", empty_program },
	{ "the caller may change the tape between two RUNs", tape_between_calls },
};

CASES(tests)
