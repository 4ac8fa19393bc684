// SPDX-License-Identifier: GPL-2.0
/*
 * Pieces of programs as people write them, with other code in their bodies: patterns that an
 * optimiser recognises, and near misses.
 */
#include "idioms.h"

/* A nearby cell other than this one. */
int near(struct generator *g)
{
	static const int16_t farther[] = { 9,	16,  40,   126,	 127,  128,  129,  255, 256,
					   257, -40, -126, -127, -128, -129, -256, 130, 300 };
	int off = (int)below(g, 8) - 3;

	if (!below(g, 40))
		return farther[below(g, sizeof(farther) / sizeof(*farther))];
	return off ? off : -4;
}

/* A small body, or none. */
void put_some(struct generator *g)
{
	if (below(g, 3))
		put_body(g);
}

/* The start of a loop: a counter with a known value, or an unknown one. */
void put_counter(struct generator *g)
{
	switch (below(g, 6)) {
	case 0:
		return put(g, ",");
	case 1:
		return put_set(g, below(g, 256));
	case 2:
		return;
	default:
		return put_set(g, 1 + below(g, 8));
	}
}

/* [->+>++<<] with up to 6 cells, and sometimes a transfer back from one of them. */
void put_transfer(struct generator *g)
{
	int n = 1 + below(g, 6), off = 0;

	put(g, below(g, 8) ? "[-" : "[");
	while (n--) {
		off = near(g);
		put_at(g, off, below(g, 4) ? "+" : "-", 1 + below(g, below(g, 4) ? 2 : 9));
	}
	put(g, below(g, 8) ? "]" : "-]");
	if (below(g, 3))
		return;
	put_move(g, off);
	put(g, "[-");
	put_at(g, -off, "+", 1);
	put(g, "]");
	put_move(g, -off);
}

static void put_times_loop(struct generator *g)
{
	bool is_last = below(g, 2);

	put_counter(g);
	put(g, is_last ? "[>" : "[->");
	put_body(g);
	put(g, is_last ? "<-]" : "<]");
}

/* Loops in loops, with counters side by side. */
static void put_nested(struct generator *g)
{
	int n = 2 + below(g, 3);

	for (int i = 0; i < n; i++) {
		put_times(g, "+", 1 + below(g, 5));
		put(g, "[>");
		if (!below(g, 3))
			put_at(g, n + 1, "+", 1);
	}
	put_some(g);
	for (int i = 0; i < n; i++) {
		put(g, "<");
		if (!below(g, 4))
			put_at(g, n + 2, "-", 1);
		put(g, "-]");
	}
}

/* if (cell) body else body, by a flag next to it. */
static void put_if_else(struct generator *g)
{
	int flag = near(g);

	put_at(g, flag, "[-]+", 1);
	put(g, "[");
	put_some(g);
	put_at(g, flag, below(g, 2) ? "-" : "[-]", 1);
	put(g, below(g, 4) ? "[-]]" : "-]");
	put_move(g, flag);
	put(g, "[-");
	put_move(g, -flag);
	put_some(g);
	put_move(g, flag);
	put(g, "]");
	put_move(g, -flag);
}

/* if (cell) body, with the different ways to leave the loop. */
static void put_if(struct generator *g)
{
	static const char *const ends[] = { "[-]]", ">]", "<<]", "]", ">[-]]", "[->+<]]" };

	put(g, "[");
	put_body(g);
	put(g, ends[below(g, 6)]);
}

/* Loops that step by two or more. */
static void put_steps(struct generator *g)
{
	int step = 2 + below(g, 5);

	if (below(g, 6))
		put_set(g, step * (1 + below(g, 9)));
	put(g, "[");
	put_some(g);
	put_times(g, below(g, 8) ? "-" : "+", step);
	put(g, "]");
}

/* Goes away from here, puts a body with its own loops there, and returns. */
static void put_deep(struct generator *g)
{
	int n = below(g, 3) ? 5 + below(g, 10) : 40 + below(g, 25), by = below(g, 3);

	for (int i = 0; i < n; i++) {
		put(g, below(g, 8) ? "+[" : "[");
		put_move(g, by);
	}
	put_some(g);
	for (int i = 0; i < n; i++) {
		put_move(g, -by);
		put(g, below(g, 30) ? "-]" : "]");
	}
}

/* More cells in one loop than there are registers. */
static void put_many(struct generator *g)
{
	int n = 6 + below(g, 14);

	put_counter(g);
	put(g, "[-");
	for (int i = 0; i < n; i++) {
		put(g, ">");
		if (!below(g, 5))
			put(g, "[-<+>]");
		else if (!below(g, 6))
			put(g, "[->+<]");
		else
			put_times(g, below(g, 2) ? "+" : "-", 1 + below(g, 3));
	}
	put_move(g, -n);
	put(g, "]");
}

/* The sum of many cells of any value. */
static void put_sum(struct generator *g)
{
	int n = 3 + below(g, 6);

	for (int i = 0; i < n; i++) {
		put(g, below(g, 3) ? "" : ",");
		put(g, "[-");
		put_at(g, n - i, "+", 1 + below(g, 3));
		if (!below(g, 4))
			put_at(g, n + 1, "+", 1);
		put(g, "]>");
	}
	if (!below(g, 2))
		put(g, "[->+<]");
	put_move(g, -n);
}

/* Moves cell @from to @to, which should be 0. */
static void put_carry(struct generator *g, int from, int to)
{
	put_move(g, from);
	put(g, "[-");
	put_at(g, to - from, "+", 1);
	put(g, "]");
	put_move(g, -from);
}

/* Rotates the values of several cells, with one more as a temporary. */
static void put_rotate(struct generator *g)
{
	int n = 2 + below(g, 5), rounds = 1 + below(g, 3);

	if (below(g, 2))
		put_at(g, n, "[-]", 1);
	while (rounds--) {
		put_carry(g, 0, n);
		for (int i = 1; i < n; i++)
			put_carry(g, i, i - 1);
		put_carry(g, n, n - 1);
	}
}

static void put_dead(struct generator *g)
{
	put(g, below(g, 2) ? "[-][" : "[>+<-][");
	put_body(g);
	put(g, below(g, 2) ? "-]" : "]");
}

static void put_entered(struct generator *g)
{
	put_set(g, 1 + below(g, 4));
	put(g, "[");
	put_some(g);
	put(g, "-]");
}

/* A cell that is used for a while, and then has its old value again. */
static void put_temp(struct generator *g)
{
	int temp = near(g);

	put_at(g, temp, "[-]", below(g, 2));
	put_carry(g, 0, temp);
	put_some(g);
	put_carry(g, temp, 0);
	put_at(g, temp, "[-]", !below(g, 3));
}

void put_idiom(struct generator *g)
{
	static void (*const idioms[])(struct generator *) = {
		put_transfer, put_transfer, put_transfer, put_times_loop, put_times_loop,
		put_nested,   put_if_else,  put_if,	  put_if,	  put_scan,
		put_scan,     put_records,  put_records,  put_steps,	  put_deep,
		put_many,     put_sum,	    put_rotate,	  put_dead,	  put_entered,
		put_temp,     put_known,    put_known,	  put_known,	  put_known,
		put_seam,
	};

	if (g->depth > DEPTH_MAX + 2)
		return;
	g->depth++;
	if (!below(g, 3000))
		put_far(g);
	else
		idioms[below(g, sizeof(idioms) / sizeof(*idioms))](g);
	g->depth--;
}
