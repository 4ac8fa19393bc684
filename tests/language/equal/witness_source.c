// SPDX-License-Identifier: GPL-2.0
/* What the witness reads in the source before it runs: brackets, and the sums of the additions between them. */
#include <string.h>
#include "witness.h"

/* For each bracket: the place of its partner, and whether its loop pays no fuel. */
uint32_t witness_other[SOURCE_MAX];
bool witness_is_free[SOURCE_MAX];

uint32_t witness_check_brackets(const struct test_case *c, uint32_t *error_off)
{
	static uint32_t open[SOURCE_MAX];
	uint32_t depth = 0;

	for (*error_off = 0; *error_off < c->source_len; ++*error_off) {
		if (c->source[*error_off] == '[')
			open[depth++] = *error_off;
		else if (c->source[*error_off] == ']' && !depth--)
			return BFK_ERROR_UNOPENED;
	}
	*error_off = depth ? open[depth - 1] : 0;
	return depth ? BFK_ERROR_UNCLOSED : BFK_ERROR_NONE;
}

/*
 * Reads the piece from @at to the next other symbol, which it returns. Consecutive additions to
 * one cell count as one, and as none if their sum is 0.
 */
uint32_t witness_read_straight(const struct test_case *c, uint32_t at, struct straight *piece)
{
	piece->n = piece->moved = 0;
	for (; at < c->source_len && !memchr("[].,%", c->source[at], 5); at++) {
		char command = c->source[at];

		piece->moved += (command == '>') - (command == '<');
		if (command != '+' && command != '-')
			continue;
		if (!piece->n || piece->added[piece->n - 1].cell != piece->moved) {
			piece->added[piece->n].cell = piece->moved;
			piece->added[piece->n++].sum = 0;
		}
		piece->added[piece->n - 1].sum += command == '+' ? 1 : -1;
		piece->n -= !piece->added[piece->n - 1].sum;
	}
	return at;
}

/* Is the loop from '[' at @from to ']' at @to one addition of an odd number to its own cell? */
static bool is_odd_step(const struct test_case *c, uint32_t from, uint32_t to)
{
	static struct straight body;

	return witness_read_straight(c, from + 1, &body) == to && !body.moved && body.n == 1 &&
	       !body.added[0].cell && body.added[0].sum % 2;
}

void witness_prepare(const struct test_case *c)
{
	static uint32_t open[SOURCE_MAX];
	uint32_t depth = 0, start;

	for (uint32_t at = 0; at < c->source_len; at++) {
		if (c->source[at] == '[')
			open[depth++] = at;
		if (c->source[at] != ']')
			continue;
		start = open[--depth];
		witness_other[start] = at;
		witness_other[at] = start;
		witness_is_free[at] = is_odd_step(c, start, at);
	}
}
