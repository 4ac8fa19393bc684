// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tape family: %k and %f on each engine; compares the whole tape with the manual's rules.
 */
#include "four.h"

/* An operation on a frame at @at, on a tape filled from @seed. */
struct tape_case {
	char letter;
	uint32_t at, seed;
	struct frame frame;
};

/* --- the manual's rules ------------------------------------------------------------------------ */

static uint8_t model_copy(uint8_t *cells, uint32_t at, const struct frame *frame)
{
	uint32_t i;

	if (frame->len > 65520 || frame->arg > 1)
		return EINVAL;
	for (i = 0; i < frame->len; i++) {
		uint8_t *data = &cells[(at + 16 + i) % TAPE_CELLS];
		uint8_t *other = &cells[(frame->off + i) % TAPE_CELLS];

		if (frame->arg == 0)
			*data = *other;
		else
			*other = *data;
	}
	return 0;
}

/* Is the byte there? If so, sets the frame to its place. */
static bool model_find(const uint8_t *cells, struct frame *frame)
{
	uint32_t i;

	for (i = 0; i < frame->len; i++) {
		if (cells[(frame->off + i) % TAPE_CELLS] != frame->arg)
			continue;
		frame->off = (frame->off + i + 1) % TAPE_CELLS;
		frame->len = frame->len - i - 1;
		return true;
	}
	return false;
}

static void model(const struct tape_case *c, uint8_t *cells)
{
	struct frame frame = c->frame;

	if (c->letter == 'k') {
		frame.err = model_copy(cells, c->at, &frame);
		frame.go = !frame.err;
	} else {
		frame.err = 0;
		frame.go = model_find(cells, &frame);
	}
	tape_put(cells, c->at, &frame, sizeof(frame));
}

/* --- one case on one engine -------------------------------------------------------------------- */

/* Half of the tape has only a few values, so that %f finds some and misses others. */
static void set_cells(uint8_t *cells, const struct tape_case *c)
{
	uint32_t i;

	fill(cells, TAPE_CELLS, c->seed);
	for (i = 0; i < TAPE_CELLS; i++)
		if (i % 1024 < 512)
			cells[i] &= 15;
	tape_put(cells, c->at, &c->frame, sizeof(c->frame));
}

static void same_cells(const struct tape_case *c, const uint8_t *is, const uint8_t *should)
{
	uint32_t cell = 0;

	if (!memcmp(is, should, TAPE_CELLS))
		return;
	while (is[cell] == should[cell])
		cell++;
	fail(__FILE__, __LINE__, "%%%c at %u, arg %u len %u off %lld: cell %u is %u, not %u",
	     c->letter, c->at, c->frame.arg, c->frame.len, (long long)c->frame.off, cell, is[cell],
	     should[cell]);
}

static void try_on(enum bfk_where where, const struct tape_case *cases, size_t n)
{
	static uint8_t cells[TAPE_CELLS];
	size_t i;

	for (i = 0; i < n; i++) {
		struct tape_case c = cases[i];
		struct four four;
		struct bfk_result result;

		c.frame.go = 1;
		c.frame.err = 99;
		c.frame.cap = 3;
		four = four_make(where, chain_at((char[]){ c.letter, 0 }, c.at, 0));
		set_cells(cells, &c);
		memcpy(four.dev.tape, cells, TAPE_CELLS);
		result = four_run(&four, NULL, 0, 1);
		EQUAL(result.status, BFK_STATUS_END);
		EQUAL(result.sysops, 1);
		EQUAL(result.head, c.at);
		EQUAL(result.read_len + result.write_len, 0);
		model(&c, cells);
		same_cells(&c, four.dev.tape, cells);
		bfk_destroy(four.bfk);
	}
}

/* --- %k ---------------------------------------------------------------------------------------- */

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

/* --- %f ---------------------------------------------------------------------------------------- */

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

/* --- both -------------------------------------------------------------------------------------- */

static uint32_t random_below(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % n;
}

static void random_on(enum bfk_where where)
{
	uint32_t seed = 1, i;

	for (i = 0; i < 300; i++) {
		struct tape_case c = { random_below(&seed, 2) ? 'k' : 'f' };

		c.at = random_below(&seed, TAPE_CELLS);
		c.seed = i;
		c.frame.arg = random_below(&seed, c.letter == 'k' ? 2 : 256);
		c.frame.len = random_below(&seed, random_below(&seed, 3) ? 300 : TAPE_CELLS);
		c.frame.off = random_below(&seed, 3) ? c.at - 200 + random_below(&seed, 400) :
						       random_below(&seed, TAPE_CELLS);
		try_on(where, &c, 1);
	}
}

static void at_random(void)
{
	four_each(random_on);
}

/* The slot is not used, and no file is needed. */
static void no_slot_on(enum bfk_where where)
{
	struct four four = four_make(where, chain("kf"));
	unsigned int slot;

	for (slot = 0; slot < 256; slot += 51) {
		lay(&four.dev, 0, (struct frame){ .slot = slot, .len = 3, .off = 5 }, "abc", 3);
		lay(&four.dev, 1, (struct frame){ .slot = slot, .len = 3, .off = 5 }, "abc", 3);
		EQUAL(four_run(&four, NULL, 0, 1).sysops, 2);
		WORKS(laid(&four.dev, 0));
		EQUAL(laid(&four.dev, 0).slot, slot);
		EQUAL(bfk_reset(four.bfk, 0), 0);
	}
	bfk_destroy(four.bfk);
}

static void no_slot(void)
{
	four_each(no_slot_on);
}

/* --- another thread writes to the tape -------------------------------------------------------- */

static volatile bool rewriter_over;

/* Rewrites everything in the frame except go, and random cells. */
static void *rewrite(void *arg)
{
	uint8_t *tape = arg;
	uint32_t seed = 1;

	while (!rewriter_over) {
		tape[1 + random_below(&seed, 15)] = random_below(&seed, 256);
		tape[3] = random_below(&seed, 3);
		tape[TAPE_CELLS - 1 - random_below(&seed, 60000)] = random_below(&seed, 256);
	}
	return NULL;
}

static void rewritten_on(enum bfk_where where)
{
	enum { TIMES = 100 };
	char source[TIMES * 12 + 1] = "", *to = source;
	struct four four;
	pthread_t thread;
	int i;

	for (i = 0; i < TIMES; i++)
		to = stpcpy(to, "[-]+%k[-]+%f");
	four = four_make(where, source);
	rewriter_over = false;
	EQUAL(pthread_create(&thread, NULL, rewrite, four.dev.tape), 0);
	for (i = 0; i < 5; i++) {
		struct bfk_result result = four_run(&four, NULL, 0, UNLIMITED);

		EQUAL(result.status, BFK_STATUS_END);
		CHECK(result.fail_errno == 0 || result.fail_errno == EINVAL);
		EQUAL(result.sysops, 2 * TIMES);
		EQUAL(result.head, 0);
		EQUAL(bfk_reset(four.bfk, BFK_RESET_KEEP_TAPE), 0);
	}
	rewriter_over = true;
	EQUAL(pthread_join(thread, NULL), 0);
	bfk_destroy(four.bfk);
}

static void rewritten(void)
{
	four_each(rewritten_on);
}

static const struct test tests[] = {
	{ "%k (both ways, overlapping, across the seam, across its own frame) copies byte by byte",
	  copy },
	{ "%k (one cell up, one cell down) repeats a cell, or moves them", overlap },
	{ "%k (from and onto its own frame) reads the old frame, and writes the frame back last",
	  own_frame },
	{ "%k (each arg; len above 65,520) is EINVAL and moves nothing unless arg is 0 or 1",
	  copy_refused, 60 },
	{ "%f (found or not, any off, len up to 65,535) moves off to the place, or leaves it",
	  find },
	{ "%f (the byte in each cell of a piece across the seam) moves off past it", find_places },
	{ "%f (in a loop) finds each match, and leaves the tail", find_loop },
	{ "%k and %f (random frames) follow the manual", at_random, 60 },
	{ "%k and %f (any slot) need no file", no_slot },
	{ "%k and %f (another thread writes to the frame) end, or fail with EINVAL", rewritten, 60 },
};

FOUR_CASES(tests)
