// SPDX-License-Identifier: GPL-2.0
/* Makes a case that shows a difference as small as possible. */
#include <string.h>
#include "equal.h"

#define TRIES_MAX 20000 /* cases to run, at most */
#define NEAR 24		/* cells on each side of the first that reduced litter keeps */

static struct test_case smaller; /* the case to try */
static uint32_t n_tries;

/* May this be run? Each '%' has a letter, and %m and %u, whose results vary, are skipped. */
static bool comparable(const struct test_case *c)
{
	for (uint32_t i = 0; i < c->source_len; i++) {
		if (c->source[i] != '%')
			continue;
		if (++i == c->source_len || c->source[i] < 'a' || c->source[i] > 'z')
			return false;
		if ((c->source[i] == 'm' || c->source[i] == 'u') &&
		    (i < 4 || memcmp(&c->source[i - 4], "[-]", 3)))
			return false;
	}
	return true;
}

/* Keeps the smaller case if it still differs. */
static bool try(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	if (n_tries++ > TRIES_MAX || !comparable(&smaller) || !differs(&smaller))
		return false;
	case_copy(c, &smaller);
	return true;
}

/* Drops @len symbols at @at from the case to try. */
static void drop(uint32_t at, uint32_t len)
{
	memmove(smaller.source + at, smaller.source + at + len, smaller.source_len - at - len);
	smaller.source_len -= len;
}

/* Drops pieces, halving their length each time. Tries pieces of a few symbols at every place. */
static bool drop_symbols(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool dropped = false;

	for (uint32_t len = c->source_len; len; len /= 2) {
		for (uint32_t at = 0; at + len <= c->source_len;) {
			case_copy(&smaller, c);
			drop(at, len);
			if (try(c, differs))
				dropped = true;
			else
				at += len <= 8 ? 1 : len / 4;
		}
	}
	return dropped;
}

/* Drops brackets in pairs. */
static bool drop_pairs(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool dropped = false;

	for (uint32_t a = 0; a < c->source_len; a++)
		for (uint32_t b = a + 1; c->source[a] == '[' && b < c->source_len; b++) {
			if (c->source[b] != ']')
				continue;
			case_copy(&smaller, c);
			drop(b, 1);
			drop(a, 1);
			dropped |= try(c, differs);
		}
	return dropped;
}

static uint32_t run_len(const struct test_case *c, uint32_t at)
{
	uint32_t n = 1;

	while (at + n < c->source_len && c->source[at + n] == c->source[at])
		n++;
	return n;
}

/* Drops @n symbols at @a and at @b, which comes after it. */
static bool drop_two(struct test_case *c, uint32_t a, uint32_t b, uint32_t n,
		     bool (*differs)(const struct test_case *c))
{
	if (b + n > c->source_len || run_len(c, a) < n || run_len(c, b) < n)
		return false;
	case_copy(&smaller, c);
	drop(b, n);
	drop(a, n);
	return try(c, differs);
}

/* Drops matching moves there and back: as much as both have in common, half of it, or a step. */
static bool drop_ways(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool dropped = false;

	for (uint32_t a = 0; a < c->source_len; a += run_len(c, a)) {
		char back = c->source[a] == '>' ? '<' : c->source[a] == '<' ? '>' : 0;

		for (uint32_t b = a + 1; back && b < c->source_len; b += run_len(c, b)) {
			uint32_t n = run_len(c, a) < run_len(c, b) ? run_len(c, a) : run_len(c, b);

			if (c->source[b] == back && c->source[a] != back)
				dropped |= drop_two(c, a, b, n, differs) ||
					   (n > 2 && drop_two(c, a, b, n / 2, differs)) ||
					   (n > 1 && drop_two(c, a, b, 1, differs));
		}
	}
	return dropped;
}

static void drop_patches(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	for (uint32_t i = c->n_patches; i--;) {
		case_copy(&smaller, c);
		smaller.patches[i] = smaller.patches[--smaller.n_patches];
		try(c, differs);
	}
}

/* Clears all cells, or all but those near the first. */
static void drop_litter(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	static uint8_t tape[TAPE_CELLS];
	struct patch *patch;

	if (!c->litter)
		return;
	case_copy(&smaller, c);
	smaller.litter = 0;
	if (try(c, differs) || smaller.n_patches == PATCHES_MAX)
		return;
	case_fill_tape(c, tape);
	case_copy(&smaller, c);
	smaller.litter = 0;
	patch = &smaller.patches[smaller.n_patches++];
	patch->at = -NEAR;
	patch->len = 2 * NEAR;
	for (int i = 0; i < 2 * NEAR; i++)
		patch->cells[i] = tape[(uint16_t)(i - NEAR)];
	try(c, differs);
}

static void drop_input(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	do {
		case_copy(&smaller, c);
		smaller.input_len /= 2;
	} while (c->input_len && try(c, differs));
}

/* Keeps one set of passes, and in it only the passes that are needed. */
static void drop_sets(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	for (uint32_t i = c->n_sets; i-- && c->n_sets > 1;) {
		case_copy(&smaller, c);
		smaller.sets[i] = smaller.sets[--smaller.n_sets];
		try(c, differs);
	}
	for (int i = 0; i < 6; i++) {
		case_copy(&smaller, c);
		smaller.sets[0] &= ~(1u << i);
		if (smaller.n_sets == 1 && smaller.sets[0] != c->sets[0])
			try(c, differs);
	}
}

static void drop_steps(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	for (int i = STEPS_MAX; i--;) {
		case_copy(&smaller, c);
		memmove(smaller.steps + i, smaller.steps + i + 1,
			(STEPS_MAX - 1 - i) * sizeof(*smaller.steps));
		smaller.steps[STEPS_MAX - 1] = 0;
		if (c->steps[i])
			try(c, differs);
	}
}

static void drop_stops(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	case_copy(&smaller, c);
	smaller.stops = false;
	try(c, differs);
}

/* Tries all three, even if the first succeeds. */
static bool drop_source(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool smaller = drop_symbols(c, differs);

	smaller |= drop_pairs(c, differs);
	smaller |= drop_ways(c, differs);
	return smaller;
}

void minimise(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	n_tries = 0;
	drop_sets(c, differs);
	drop_steps(c, differs);
	drop_stops(c, differs);
	drop_litter(c, differs);
	drop_patches(c, differs);
	while (n_tries < TRIES_MAX && drop_source(c, differs))
		;
	drop_sets(c, differs);
	drop_patches(c, differs);
	drop_input(c, differs);
}
