// SPDX-License-Identifier: GPL-2.0-only
/* Do the largest and the deepest programs run correctly? */
#include "two.h"

static void large_program(void)
{
	static const char unit[] = "+>+<[-]>[-]<";
	size_t n = (4u << 20) / 12, i;
	char *source = malloc(n * 12 + 9);
	int engine;

	for (i = 0; i < n; i++)
		memcpy(source + 12 * i, unit, 12);
	memcpy(source + 12 * n, "+++", 4);
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args(source, dev.flags);

		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, BFK_ENGINE_INTERP); /* it does not fit into the arena */
		EQUAL(args.text_len, 0);
		CHECK(args.n_ops > n * 3);
		EQUAL(dev_run(&dev, NULL, 0, 1).engine, BFK_ENGINE_INTERP);
		EQUAL(dev.tape[0], 3);
		EQUAL(dev.tape[1], 0);
		dev_close(&dev);
	}
}

/* As deep as a source can be: only the arena is too small for it. */
static void million_deep(void)
{
	static const uint32_t depths[] = { 1000000, 2097149 };
	unsigned int engine, i;

	for (engine = 0; engine < 2; engine++) {
		for (i = 0; i < 2; i++) {
			size_t depth = depths[i], len = 2 * depth + 6;
			char *source = calloc(1, len + 1);
			struct dev dev = dev_for(engine, 0);
			struct bfk_load_args args;
			struct bfk_run_args run;

			memset(source, '[', len / 2);
			memcpy(source, "++", 2);
			memcpy(source + 2 + depth, ">+<-", 4);
			memset(source + 6 + depth, ']', depth);
			args = load_args(source, dev.flags);
			EQUAL(args.source_len, len);
			EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
			EQUAL(args.engine, BFK_ENGINE_INTERP);
			EQUAL(args.n_ops, 2 * depth + 4);
			run = dev_run(&dev, NULL, 0, 9);
			EQUAL(run.status, BFK_STATUS_END);
			EQUAL(run.fuel, 8);
			EQUAL(run.source_off, len);
			EQUAL(dev.tape[0], 0);
			EQUAL(dev.tape[1], 2);
			EQUAL(dev_reset(dev.fd, 0), 0);
			dev.tape[0] = 254; /* with the "++" it is 0: one jump over all of it */
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[1], 0);
			dev_close(&dev);
			free(source);
		}
	}
}

/* As deep as the arena has room for; each loop is on its own cell, and jumps back once. */
static void deep(void)
{
	enum { DEEP = 12000 };
	static char source[DEEP * 5 + 1];
	int engine, i;

	for (i = 0; i < DEEP; i++) {
		memcpy(source + 2 * i, "[>", 2);
		memcpy(source + 2 * DEEP + 3 * i, "<-]", 3);
	}
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args(source, dev.flags);
		struct bfk_run_args run;

		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, engines[engine].engine);
		EQUAL(args.n_ops, 3 * (DEEP - 1) + 1 + 1); /* the innermost is a SET */
		memset(dev.tape, 2, TAPE_CELLS);
		run = dev_run(&dev, NULL, 0, DEEP + 7);
		EQUAL(run.status, BFK_STATUS_END);
		EQUAL(run.fuel, 8);
		EQUAL(run.head, 0);
		for (i = 0; i < (int)TAPE_CELLS; i++)
			if (dev.tape[i] != (i < DEEP ? 0 : 2))
				fail(__FILE__, __LINE__, "cell %d is %d", i, dev.tape[i]);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "load (program larger than the arena) is interpreted correctly", large_program },
	{ "load (one and two million brackets deep) runs correctly", million_deep, 60 },
	{ "load (as deep as the arena has room for) runs, compiled and interpreted", deep },
};

CASES(tests)
