// SPDX-License-Identifier: GPL-2.0-only
/* Does %k copy as bfk(7) says, on each engine? */
#include "tape_case.h"

#define SEAM (TAPE_CELLS - 10)

/* Each one is done from the tape to the data, and back. */
static const struct tape_case copies[] = {
	{ 'k', 0, 1, { .off = 5000, .len = 100 } },    /* far away */
	{ 'k', 0, 2, { .off = 16, .len = 100 } },      /* onto itself */
	{ 'k', 0, 3, { .off = 17, .len = 100 } },      /* overlap, one cell */
	{ 'k', 0, 4, { .off = 15, .len = 100 } },      /* the same, with a cell of the frame */
	{ 'k', 100, 5, { .off = 100, .len = 300 } },   /* all of its frame */
	{ 'k', 100, 6, { .off = 90, .len = 20 } },     /* half of it */
	{ 'k', 100, 7, { .off = 110, .len = 20 } },    /* the other half */
	{ 'k', 100, 8, { .off = SEAM, .len = 300 } },  /* across the seam, and its frame */
	{ 'k', SEAM, 9, { .off = 3000, .len = 300 } }, /* the frame is across the seam */
	{ 'k', TAPE_CELLS - 16, 10, { .off = 70, .len = 90 } },	    /* it ends there */
	{ 'k', TAPE_CELLS - 200, 11, { .off = 3000, .len = 300 } }, /* its data is across it */
	{ 'k', TAPE_CELLS - 200, 12, { .off = TAPE_CELLS - 100, .len = 400 } }, /* both do */
	{ 'k', 40, 13, { .off = 300, .len = 1 } },
	{ 'k', 40, 14, { .off = 300, .len = 0 } },
	{ 'k', 40, 15, { .off = 300, .len = 65520 } },
	{ 'k', 40, 16, { .off = 56, .len = 65520 } },
	{ 'k', 65535, 17, { .off = 65535, .len = 65520 } },
	{ 'k', 40, 18, { .off = 0x123456780000 + 300, .len = 10 } }, /* above 16 bits */
	{ 'k', 40, 19, { .off = -1, .len = 10 } },
};

#define N_COPIES (sizeof(copies) / sizeof(*copies))

static void copy_each(enum bfk_where where)
{
	struct tape_case cases[2 * N_COPIES];
	size_t i;

	for (i = 0; i < N_COPIES; i++) {
		cases[2 * i] = copies[i];
		cases[2 * i + 1] = copies[i];
		cases[2 * i + 1].frame.arg = 1;
	}
	try_on(where, cases, 2 * N_COPIES);
}

static void copy(void)
{
	four_each(copy_each);
}

/* What the cases above depend on: a copy one cell up repeats that cell, one cell down does not. */
static void overlap_on(enum bfk_where where)
{
	struct four four = four_make(where, "%k");

	lay(&four.dev, 0, (struct frame){ .arg = 1, .off = 17, .len = 5 }, "abcdefgh", 8);
	EQUAL(four_run(&four, NULL, 0, 1).status, BFK_STATUS_END);
	CHECK(!memcmp(four.dev.tape + 16, "aaaaaagh", 8));
	EQUAL(bfk_reset(four.bfk, BFK_RESET_KEEP_TAPE), 0);
	lay(&four.dev, 0, (struct frame){ .off = 17, .len = 5 }, "abcdefgh", 8);
	EQUAL(four_run(&four, NULL, 0, 1).status, BFK_STATUS_END);
	CHECK(!memcmp(four.dev.tape + 16, "bcdeffgh", 8));
	bfk_destroy(four.bfk);
}

static void overlap(void)
{
	four_each(overlap_on);
}

/*
 * The frame is written back last: it overwrites copied bytes, and a copy from it reads the old
 * frame.
 */
static void own_frame_on(enum bfk_where where)
{
	struct four four = four_make(where, "%k");
	struct frame frame = { .go = 7, .err = 9, .arg = 1, .len = 16 };

	lay(&four.dev, 0, frame, "0123456789abcdef", 16);
	EQUAL(four_run(&four, NULL, 0, 1).status, BFK_STATUS_END);
	WORKS(laid(&four.dev, 0));
	EQUAL(laid(&four.dev, 0).len, 16);
	EQUAL(laid(&four.dev, 0).arg, 1);
	EQUAL(bfk_reset(four.bfk, BFK_RESET_KEEP_TAPE), 0);
	frame.arg = 0;
	lay(&four.dev, 0, frame, "", 0);
	EQUAL(four_run(&four, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(four.dev.tape[16], 1); /* go */
	EQUAL(four.dev.tape[17], 9);
	EQUAL(four.dev.tape[22], 16);
	bfk_destroy(four.bfk);
}

static void own_frame(void)
{
	four_each(own_frame_on);
}

static void copy_refused_on(enum bfk_where where)
{
	static const uint16_t lens[] = { 65521, 65522, 65535 };
	struct tape_case c = { 'k', 100, 20, { .off = 3000, .len = 10 } };
	unsigned int i;

	for (i = 0; i < 256; i++) {
		c.frame.arg = i;
		try_on(where, &c, 1);
	}
	for (i = 0; i < 2 * sizeof(lens) / sizeof(*lens); i++) {
		c.frame.arg = i % 2;
		c.frame.len = lens[i / 2];
		try_on(where, &c, 1);
	}
}

static void copy_refused(void)
{
	four_each(copy_refused_on);
}

static const struct test tests[] = {
	{ "%k (both ways, overlapping, across the seam, across its own frame) copies byte by byte",
	  copy },
	{ "%k (one cell up, one cell down) repeats a cell, or moves them", overlap },
	{ "%k (from and onto its own frame) reads the old frame, and writes the frame back last",
	  own_frame },
	{ "%k (each arg; len above 65,520) is EINVAL and moves nothing unless arg is 0 or 1",
	  copy_refused, 60 },
};

FOUR_CASES(tests)
