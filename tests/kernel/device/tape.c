// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do %k and %f follow bfk(7) with random frames, with any slot, and while another thread writes to
 * the tape?
 */
#include "tape_case.h"

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
	{ "%k and %f (random frames) follow the manual", at_random, 60 },
	{ "%k and %f (any slot) need no file", no_slot },
	{ "%k and %f (another thread writes to the frame) end, or fail with EINVAL", rewritten, 60 },
};

FOUR_CASES(tests)
