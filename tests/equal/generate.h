/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How programs are made up. What is "put" is appended to the source; unless it is said, it comes
 * back to the cell where it began, as far as that can be told.
 */
#ifndef BFK_GENERATE_H
#define BFK_GENERATE_H

#include "equal.h"

#define DEPTH_MAX 5 /* blocks in blocks */

/**
 * struct generator - a program that is being made up
 * @c: the case
 * @state: of the random numbers
 * @letters: of the operations it may contain, by weight
 * @until: length at which blocks end
 * @depth: blocks around
 * @has_far: there is a way around much of the ring in it already: there is room for one
 */
struct generator {
	struct test_case *c;
	uint64_t state;
	const char *letters;
	uint32_t until;
	int depth;
	bool has_far;
};

/* generate.c */
uint64_t generate_next(struct generator *g);
uint32_t below(struct generator *g, uint32_t n);
void put(struct generator *g, const char *text);
void put_times(struct generator *g, const char *text, int n);
void put_move(struct generator *g, int by);
void put_at(struct generator *g, int off, const char *text, int n);
void put_set(struct generator *g, uint8_t value);
void put_body(struct generator *g);

/* idioms.c: a piece as people write them */
void put_idiom(struct generator *g);

#endif
