/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the witness share: witness.c describes it. */
#ifndef BFK_WITNESS_H
#define BFK_WITNESS_H

#include "equal.h"

/* The state of a run at a ']' that jumps back. */
struct state {
	uint64_t tape, head;
	uint32_t at, input_off;
};

struct witness {
	const struct test_case *c;
	struct outcome *o;
	struct witness_report report;
	uint64_t fuel, bytes, n_jumps;
	uint32_t at, input_off;
	int64_t position; /* of the head, on an endless tape */
	uint64_t tape;	  /* its hash */
	struct state seen;
	bool is_endless, is_over;
};

/* A piece of source without loops and I/O: the sums added to cells, and how far the head moves. */
struct straight {
	struct {
		int64_t cell;
		uint8_t sum;
	} added[SOURCE_MAX];
	uint32_t n;
	int64_t moved;
};

/* witness_source.c */

/* For each bracket: the place of its partner, and whether its loop pays no fuel. */
extern uint32_t witness_other[SOURCE_MAX];
extern bool witness_is_free[SOURCE_MAX];

uint32_t witness_read_straight(const struct test_case *c, uint32_t at, struct straight *piece);
void witness_prepare(const struct test_case *c);

/* witness_sysops.c */
uint8_t cell_get(const struct witness *w, uint32_t off);
void cell_set(struct witness *w, uint32_t off, uint8_t to);
bool output_put(struct witness *w, uint8_t byte);
bool operation_do(struct witness *w, char letter);

#endif
