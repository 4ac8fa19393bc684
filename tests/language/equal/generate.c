// SPDX-License-Identifier: GPL-2.0
/*
 * Generates programs: all short ones by number, and random longer ones that tend to end, with
 * frames set up by their text or in the cells they start with. The results of %m and %u cannot be
 * compared, so they only appear as "[-]%m", which is skipped.
 */
#include <string.h>
#include "generate.h"
#include "tests/harness/letters.h"

#define FILL_LEN 300	/* approximate length of a random program, in symbols */
#define MUTATIONS_MAX 3 /* symbols changed afterwards */

static const uint8_t short_input[] = { 2, 0, 255 };

/* Sets of passes to compile with: levels, and each pass alone and on top of blocks. */
static const uint32_t known_sets[] = {
	BFK_LEVEL_2,
	BFK_LEVEL_2 | BFK_PASS_ZEROED,
	BFK_LEVEL_1,
	BFK_LEVEL_1 | BFK_PASS_ZEROED,
	BFK_PASS_BLOCKS,
	BFK_PASS_BLOCKS | BFK_PASS_ZEROED,
	BFK_PASS_BLOCKS | BFK_PASS_SCANS,
	BFK_PASS_BLOCKS | BFK_PASS_SCANS | BFK_PASS_ZEROED,
	BFK_PASS_BLOCKS | BFK_PASS_UNROLL,
	BFK_PASS_BLOCKS | BFK_PASS_UNROLL | BFK_PASS_ZEROED,
	BFK_PASS_BLOCKS | BFK_PASS_REGS,
	BFK_PASS_BLOCKS | BFK_PASS_REGS | BFK_PASS_ZEROED,
	BFK_PASS_SCANS,
	BFK_PASS_UNROLL,
	BFK_PASS_REGS,
};

#define N_SETS (sizeof(known_sets) / sizeof(*known_sets))

/* splitmix64 */
uint64_t generate_next(struct generator *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint32_t below(struct generator *g, uint32_t n)
{
	return generate_next(g) % n;
}

void put(struct generator *g, const char *text)
{
	size_t len = strlen(text);

	if (g->c->source_len + len > SOURCE_MAX)
		return;
	memcpy(g->c->source + g->c->source_len, text, len);
	g->c->source_len += len;
}

void put_times(struct generator *g, const char *text, int n)
{
	while (n-- > 0)
		put(g, text);
}

void put_move(struct generator *g, int by)
{
	put_times(g, by < 0 ? "<" : ">", by < 0 ? -by : by);
}

/* Puts the text @n times, at another cell. */
void put_at(struct generator *g, int off, const char *text, int n)
{
	put_move(g, off);
	put_times(g, text, n);
	put_move(g, -off);
}

void put_set(struct generator *g, uint8_t value)
{
	put(g, "[-]");
	put_times(g, value < 128 ? "+" : "-", value < 128 ? value : 256 - value);
}

/* Makes a frame that is on the tape from the start, with a name or random bytes as its data. */
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

/* Changes a few symbols: rewrites go wrong on what is almost an idiom. */
static void mutate(struct generator *g)
{
	static const char symbols[] = "+-<>.,";
	struct test_case *c = g->c;
	uint32_t n = below(g, 2) ? 0 : 1 + below(g, MUTATIONS_MAX);

	while (n-- && c->source_len) {
		uint32_t at = below(g, c->source_len);
		bool is_free = strchr("+-<>", c->source[at]) && c->source[at];

		if (is_free)
			c->source[at] = symbols[below(g, below(g, 4) ? 4 : 6)];
	}
}

/* One of the known sets, or a random one. */
static uint32_t any_set(struct generator *g)
{
	return below(g, 2) ? known_sets[below(g, N_SETS)] :
			     1 + below(g, BFK_LEVEL_2 | BFK_PASS_ZEROED);
}

static void make_surroundings(struct generator *g)
{
	static const uint32_t eof_flags[] = { 0, 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	struct test_case *c = g->c;

	c->flags = eof_flags[below(g, 4)];
	c->input_len = below(g, 4) ? below(g, 20) : below(g, INPUT_MAX);
	for (uint32_t i = 0; i < c->input_len; i++)
		c->input[i] = generate_next(g);
	c->n_patches = below(g, 3) ? 0 : 1 + below(g, PATCHES_MAX);
	for (uint32_t i = 0; i < c->n_patches; i++)
		make_patch(g, &c->patches[i]);
	c->litter = below(g, 5) ? 0 : generate_next(g);
	c->fuel = below(g, 3) ? below(g, 2000) : below(g, 20000);
	c->steps[0] = below(g, 6) ? 0 : 1 + below(g, below(g, 4) ? 60 : 3);
	c->sets[0] = BFK_LEVEL_2 | (below(g, 2) ? BFK_PASS_ZEROED : 0);
	c->sets[1] = any_set(g);
	c->n_sets = 2;
}

void generate_random(struct test_case *c, uint64_t seed, uint64_t ix)
{
	static char every[27];
	static const char *const letters[8] = {
		"rrrrrrwwwwwwggpplzzcoooytxxqmukkffds",
		"rrrwwwggppllzzcytqmukkf",
		every,
		"rw",
		"rw",
		"rw",
		"rrrrwwwwq",
		"rrrrwwwwqm",
	};
	struct generator g = { .c = c,
			       .state = seed * 0x9e3779b97f4a7c15 + ix * 0xd1342543de82ef95 };

	letters_if(letter_is_settled, every);
	memset(c, 0, offsetof(struct test_case, source));
	make_surroundings(&g);
	g.letters = letters[below(&g, 8)];
	g.until = 20 + below(&g, FILL_LEN);
	put_move(&g, below(&g, 8) ? 0 : -(int)below(&g, 20));
	put_block(&g);
	mutate(&g);
	c->stops = ix % 5 == 1;
}

/* Makes program number @ix of those with @len symbols. Returns false when there are no more. */
bool generate_short(struct test_case *c, uint32_t len, uint64_t ix)
{
	static const char symbols[] = "+-<>[].,";

	if (ix >> (3 * len))
		return false;
	memset(c, 0, offsetof(struct test_case, source));
	memcpy(c->input, short_input, sizeof(short_input));
	c->input_len = sizeof(short_input);
	c->source_len = len;
	for (uint32_t at = 0; at < len; at++, ix >>= 3)
		c->source[at] = symbols[ix & 7];
	c->fuel = 300;
	for (uint32_t i = 0; i < STEPS_MAX; i++)
		c->steps[i] = i + 1;
	memcpy(c->sets, known_sets, sizeof(known_sets));
	c->n_sets = N_SETS;
	return true;
}
