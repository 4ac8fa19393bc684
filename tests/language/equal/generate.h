/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generating programs. The put functions append to the source; unless documented otherwise, they
 * return to the cell where they began, if that cell is known.
 */
#ifndef BFK_GENERATE_H
#define BFK_GENERATE_H

#include "equal.h"

#define DEPTH_MAX 5 /* blocks in blocks */

/**
 * struct generator - a program being generated
 * @c: the case
 * @state: of the random numbers
 * @letters: operations it may contain, by weight
 * @until: length at which blocks end
 * @depth: number of enclosing blocks
 * @has_far: it already has a way around much of the ring: there is room for only one
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

/* generate_code.c */
void put_body(struct generator *g);
/* Returns how far the head moved, if that is known. */
int put_block(struct generator *g);

/* idioms.c: a piece of code as people write it */
void put_idiom(struct generator *g);

#endif
