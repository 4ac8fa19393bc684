// SPDX-License-Identifier: GPL-2.0
/* Random code: blocks of symbols, operations, frames that code sets up, and loops. */
#include <string.h>
#include "generate.h"

static void put_add(struct generator *g)
{
	put_times(g, below(g, 2) ? "+" : "-", 1 + below(g, below(g, 8) ? 4 : 30));
}

static void put_operation(struct generator *g)
{
	char text[] = { '%', g->letters[below(g, strlen(g->letters))], 0 };

	if (text[1] == 'm' || text[1] == 'u')
		put(g, "[-]");
	put(g, text);
}

/* Sets the fields of a frame here, mostly to small values, and does an operation on it. */
static void put_frame(struct generator *g)
{
	int at = 0;

	put_set(g, !!below(g, 8));
	for (int field = 2; field < 10; field++) {
		if (below(g, 3))
			continue;
		put_move(g, field - at);
		at = field;
		put_set(g, below(g, field == 5 || field == 7 ? 2 : 8));
	}
	put_move(g, -at);
	put_operation(g);
}

/* A loop that a rewrite may turn into arithmetic, or almost such a loop. */
static void put_multiply(struct generator *g)
{
	int at = 0, n = 1 + below(g, 3);

	put(g, "[");
	if (below(g, 2))
		put(g, below(g, 4) ? "-" : "+");
	else
		n++;
	while (n--) {
		int by = (int)below(g, 7) - 3;

		put_move(g, by);
		at += by;
		put_add(g);
	}
	if (below(g, 8))
		put_move(g, -at);
	if (below(g, 2))
		put(g, below(g, 4) ? "-" : "+");
	put(g, "]");
}

/* A block that returns to the cell where it began. */
void put_body(struct generator *g)
{
	put_move(g, -put_block(g));
}

/* A loop that counts down, around a body. */
static void put_counted(struct generator *g)
{
	put_times(g, "+", below(g, 6));
	put(g, "[>");
	put_body(g);
	put(g, "<-]");
}

static void put_loop(struct generator *g)
{
	static const char *const scans[] = { "[>]", "[<]", "[>>>]", "[<<]", "[>-]", "[-<]" };

	switch (below(g, 16)) {
	case 0:
		return put(g, scans[below(g, 6)]);
	case 1:
		return put_multiply(g);
	case 2:
		return put(g, "[-]");
	case 3:
		put(g, "[");
		put_block(g);
		return put(g, "]");
	case 4:
		return put(g, "+%r[>>+<<%w>>-<<%r]");
	case 5:
		return put_counted(g);
	default:
		return put_idiom(g);
	}
}

/* Puts one element of a block. Returns how far the head moved. */
static int put_thing(struct generator *g)
{
	uint32_t what = below(g, 100);
	int by = what == 30 ? 16 : what == 31 ? -20 : (int)below(g, 7) - 3;

	if (what < 30) {
		put_add(g);
	} else if (what < 55) {
		put_move(g, by);
		return by;
	} else if (what < 60) {
		put(g, ".");
	} else if (what < 64) {
		put(g, ",");
	} else if (what < 70) {
		put_operation(g);
	} else if (what < 72) {
		put_frame(g);
	} else if (g->depth < DEPTH_MAX) {
		put_loop(g);
	}
	return 0;
}

int put_block(struct generator *g)
{
	int n = 1 + below(g, g->depth ? 6 : 40), at = 0;

	g->depth++;
	while (n-- && g->c->source_len < g->until)
		at += put_thing(g);
	g->depth--;
	return at;
}
