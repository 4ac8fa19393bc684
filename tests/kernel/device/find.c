// SPDX-License-Identifier: GPL-2.0-only
/* Does %f find as bfk(7) says, on each engine? */
#include "tape_case.h"

static const struct tape_case finds[] = {
	{ 'f', 0, 1, { .arg = 3, .off = 5000, .len = 1000 } },
	{ 'f', 0, 2, { .arg = 3, .off = 5000, .len = 0 } },
	{ 'f', 0, 3, { .arg = 77, .off = 1024, .len = 512 } }, /* there is none */
	{ 'f', 0, 3, { .arg = 77, .off = 1024, .len = 65535 } },
	{ 'f', 100, 4, { .arg = 99, .off = 100, .len = 16 } },	    /* its own err */
	{ 'f', 100, 5, { .arg = 3, .off = 103, .len = 1 } },	    /* its own arg */
	{ 'f', 65530, 6, { .arg = 9, .off = 65000, .len = 2000 } }, /* across the seam */
	{ 'f', 300, 7, { .arg = 200, .off = 65535, .len = 65535 } },
	{ 'f', 300, 8, { .arg = 200, .off = 0, .len = 65535 } },
	{ 'f', 300, 9, { .arg = 2, .off = -1, .len = 600 } },
	{ 'f', 300, 10, { .arg = 2, .off = 0x8000000000000000, .len = 600 } },
	{ 'f', 300, 11, { .arg = 77, .off = 0x1234567800000400, .len = 500 } }, /* none: off stays */
};

static void find_each(enum bfk_where where)
{
	try_on(where, finds, sizeof(finds) / sizeof(*finds));
}

static void find(void)
{
	four_each(find_each);
}

/*
 * A byte that occurs once, in each cell of a piece across the seam, and in the cells before and
 * after it.
 */
static void find_places_on(enum bfk_where where)
{
	enum { LEN = 40, OFF = TAPE_CELLS - 20 };
	struct four four = four_make(where, chain_at("f", 100, 0));
	int i;

	for (i = -1; i <= LEN; i++) {
		struct frame frame = { .go = 1, .arg = 250, .off = OFF, .len = LEN };

		EQUAL(bfk_reset(four.bfk, 0), 0);
		memset(four.dev.tape, 0, TAPE_CELLS);
		four.dev.tape[(OFF + i) % TAPE_CELLS] = 250;
		tape_put(four.dev.tape, 100, &frame, sizeof(frame));
		EQUAL(four_run(&four, NULL, 0, 1).status, BFK_STATUS_END);
		frame = frame_get(four.dev.tape, 100);
		EQUAL(frame.err, 0);
		EQUAL(frame.go, i >= 0 && i < LEN);
		EQUAL(frame.off, frame.go ? (OFF + i + 1) % TAPE_CELLS : OFF);
		EQUAL(frame.len, frame.go ? LEN - i - 1 : LEN);
	}
	bfk_destroy(four.bfk);
}

static void find_places(void)
{
	four_each(find_places_on);
}

/*
 * A loop counts the matches, in the cell before its frame, which needs no repair. The text is
 * across the seam.
 */
static void find_loop_on(enum bfk_where where)
{
	static const char text[] = "one\ntwo\n\nfour, unfinished";
	static const char source[] = ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>%f[<+>%f]";
	struct frame frame = { .go = 1, .arg = '\n', .off = 65530, .len = sizeof(text) - 1 };
	struct four four = four_make(where, source);

	tape_put(four.dev.tape, 65530, text, sizeof(text) - 1);
	tape_put(four.dev.tape, 30, &frame, sizeof(frame));
	EQUAL(four_run(&four, NULL, 0, 10).status, BFK_STATUS_END);
	EQUAL(four.dev.tape[29], 3);
	frame = frame_get(four.dev.tape, 30);
	EQUAL(frame.go + frame.err, 0);
	EQUAL(frame.off, 3); /* the tail */
	EQUAL(frame.len, sizeof(text) - 1 - 9);
	bfk_destroy(four.bfk);
}

static void find_loop(void)
{
	four_each(find_loop_on);
}

static const struct test tests[] = {
	{ "%f (found or not, any off, len up to 65,535) moves off to the place, or leaves it",
	  find },
	{ "%f (the byte in each cell of a piece across the seam) moves off past it", find_places },
	{ "%f (in a loop) finds each match, and leaves the tail", find_loop },
};

FOUR_CASES(tests)
