/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers of %k and %f: compares the whole tape with the manual's rules, on one engine. */
#ifndef BFK_TESTS_TAPE_CASE_H
#define BFK_TESTS_TAPE_CASE_H

#include "four.h"

/* An operation on a frame at @at, on a tape filled from @seed. */
struct tape_case {
	char letter;
	uint32_t at, seed;
	struct frame frame;
};

/* --- the manual's rules ------------------------------------------------------------------------ */

static inline uint8_t model_copy(uint8_t *cells, uint32_t at, const struct frame *frame)
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
static inline bool model_find(const uint8_t *cells, struct frame *frame)
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

static inline void model(const struct tape_case *c, uint8_t *cells)
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
static inline void set_cells(uint8_t *cells, const struct tape_case *c)
{
	uint32_t i;

	fill(cells, TAPE_CELLS, c->seed);
	for (i = 0; i < TAPE_CELLS; i++)
		if (i % 1024 < 512)
			cells[i] &= 15;
	tape_put(cells, c->at, &c->frame, sizeof(c->frame));
}

static inline void same_cells(const struct tape_case *c, const uint8_t *is, const uint8_t *should)
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

static inline void try_on(enum bfk_where where, const struct tape_case *cases, size_t n)
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

#endif
