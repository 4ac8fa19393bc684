// SPDX-License-Identifier: GPL-2.0
/*
 * Programs made up: all short ones by number, and random longer ones that tend to end, with
 * frames set up by their text or in the cells they start with. %m and %u give what cannot be
 * compared, so they are made only as "[-]%m": skipped.
 */
#include <string.h>
#include "equal.h"

#define FILL_LEN 200 /* symbols of a random program, about */

static const uint8_t short_input[] = { 2, 0, 255 };

struct generator {
	struct test_case *c;
	uint64_t state;
	const char *letters; /* of the operations it may contain, by weight */
};

/* splitmix64 */
static uint64_t next(struct generator *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t below(struct generator *g, uint32_t n)
{
	return next(g) % n;
}

static void put(struct generator *g, const char *text)
{
	size_t len = strlen(text);

	if (g->c->source_len + len > SOURCE_MAX)
		return;
	memcpy(g->c->source + g->c->source_len, text, len);
	g->c->source_len += len;
}

static void put_times(struct generator *g, const char *text, int n)
{
	while (n-- > 0)
		put(g, text);
}

static void put_move(struct generator *g, int by)
{
	put_times(g, by < 0 ? "<" : ">", by < 0 ? -by : by);
}

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

static void put_set(struct generator *g, uint32_t value)
{
	put(g, "[-]");
	put_times(g, value < 128 ? "+" : "-", value < 128 ? value : 256 - value);
}

/* Sets the fields of a frame here, most of them small, and does an operation on it. */
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

/* A loop that a rewrite may turn into arithmetic, or almost. */
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

static int put_block(struct generator *g, int depth, uint32_t until);

/* A loop that counts down, around a body that comes back to where it began. */
static void put_counted(struct generator *g, int depth, uint32_t until)
{
	put_times(g, "+", below(g, 6));
	put(g, "[>");
	put_move(g, -1 - put_block(g, depth + 1, until));
	put(g, "-]");
}

static void put_loop(struct generator *g, int depth, uint32_t until)
{
	static const char *const scans[] = { "[>]", "[<]", "[>>>]", "[<<]", "[>-]", "[-<]" };

	switch (below(g, 8)) {
	case 0: return put(g, scans[below(g, 6)]);
	case 1:
	case 2: return put_multiply(g);
	case 3: return put(g, "[-]");
	case 4:
		put(g, "[");
		put_block(g, depth + 1, until);
		return put(g, "]");
	case 5: return put(g, "+%r[>>+<<%w>>-<<%r]");
	default: return put_counted(g, depth, until);
	}
}

/* Returns how far the head moved, as far as that can be told. */
static int put_block(struct generator *g, int depth, uint32_t until)
{
	int n = 1 + below(g, depth ? 6 : 40), at = 0;

	while (n-- && g->c->source_len < until) {
		uint32_t what = below(g, 100);
		int by = (int)below(g, 7) - 3;

		if (what < 30) {
			put_add(g);
		} else if (what < 55) {
			by = what == 30 ? 16 : what == 31 ? -20 : by;
			put_move(g, by);
			at += by;
		} else if (what < 61) {
			put(g, ".");
		} else if (what < 66) {
			put(g, ",");
		} else if (what < 80) {
			put_operation(g);
		} else if (what < 84) {
			put_frame(g);
		} else if (depth < 5) {
			put_loop(g, depth, until);
		}
	}
	return at;
}

/* A frame that is there from the start, with a name or random bytes as its data. */
static void make_patch(struct generator *g, struct patch *patch)
{
	static const uint8_t slots[] = { 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 63, 64, 255 };
	static const uint16_t caps[] = { 0, 1, 5, 16, 40, 255, 4096, 65519, 65520, 65521, 65535 };
	static const uint16_t lens[] = { 0, 1, 5, 16, 4096, 65519, 65520, 65521, 65535 };
	static const uint8_t args[] = { 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 14, 21, 22, 37, 64, 192, 255 };
	static const char *const names[] = { "a",      "n",    "s", "s/b", "s/n", "../a",
					     "s/../a", "/a",   ".", "..",  "l",	  "d/b",
					     "d",      "s//b", "",  "x/y", "./a", "a/" };
	static const uint64_t offs[] = { 0, 1, 5, 40, 100, 65535, 70000, -1ull, 1ull << 63 };
	const char *name = names[below(g, 18)];
	uint16_t len = strlen(name), cap = caps[below(g, 11)];
	uint64_t off = offs[below(g, 9)];
	uint8_t *cells = patch->cells;

	if (!below(g, 3))
		len = lens[below(g, 9)];
	cells[0] = below(g, 8) ? 1 : 0;
	cells[1] = 0;
	cells[2] = slots[below(g, sizeof(slots))];
	cells[3] = args[below(g, sizeof(args))];
	memcpy(cells + 4, &cap, 2);
	memcpy(cells + 6, &len, 2);
	memcpy(cells + 8, &off, 8);
	strcpy((char *)cells + 16, name);
	patch->len = 16 + strlen(name);
	patch->at = below(g, 2) ? 0 : below(g, 4) ? 16 * below(g, 6) : -below(g, 30);
}

void generate_random(struct test_case *c, uint64_t seed, uint64_t ix)
{
	static const uint32_t eof_flags[] = { 0, 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	static const char *const letters[8] = {
		"rrrrrrwwwwwwggpplzzcoooytxxqmu",
		"rrrwwwggppllzzcytqmu",
		"rwgplzcytxq",
		"rw",
		"rw",
		"rw",
		"rrrrwwwwq",
		"rrrrwwwwqm",
	};
	struct generator g = { .c = c,
			       .state = seed * 0x9e3779b97f4a7c15 + ix * 0xd1342543de82ef95 };

	memset(c, 0, sizeof(*c));
	c->flags = eof_flags[below(&g, 4)];
	c->input_len = below(&g, 4) ? below(&g, 20) : below(&g, INPUT_MAX);
	for (uint32_t i = 0; i < c->input_len; i++)
		c->input[i] = next(&g);
	c->n_patches = below(&g, 2) ? 0 : 1 + below(&g, PATCHES_MAX);
	for (uint32_t i = 0; i < c->n_patches; i++)
		make_patch(&g, &c->patches[i]);
	c->fuel = below(&g, 4) ? 50 + below(&g, 300) : below(&g, 1500);
	c->steps[0] = below(&g, 4) ? 0 : 1 + below(&g, below(&g, 4) ? 60 : 3);
	g.letters = letters[below(&g, 8)];
	put_block(&g, 0, 20 + below(&g, FILL_LEN));
}

/* Program number @ix of those with @len symbols. Returns false when there are no more. */
bool generate_short(struct test_case *c, uint32_t len, uint64_t ix)
{
	static const char symbols[] = "+-<>[].,";

	if (ix >> (3 * len))
		return false;
	memset(c, 0, sizeof(*c));
	memcpy(c->input, short_input, sizeof(short_input));
	c->input_len = sizeof(short_input);
	c->source_len = len;
	for (uint32_t at = 0; at < len; at++, ix >>= 3)
		c->source[at] = symbols[ix & 7];
	c->fuel = 300;
	for (uint32_t i = 0; i < 3; i++)
		c->steps[i] = i + 1;
	return true;
}
