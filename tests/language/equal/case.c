// SPDX-License-Identifier: GPL-2.0
/* Cases: copying them, printing them, and the tape they start on. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "equal.h"
#include "userspace/opt/passes.h"

#define RUN_MIN 40 /* longer runs of one symbol are printed as a count */

void case_copy(struct test_case *to, const struct test_case *from)
{
	memcpy(to, from, offsetof(struct test_case, source) + from->source_len);
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/*
 * The litter's seed chooses how many cells are 0: few, so that scans go far, or many, or just one,
 * so that scans go around the ring. It also chooses whether all values are small.
 */
static void fill_litter(uint64_t litter, uint8_t *tape)
{
	static const uint8_t zeros[] = { 0, 200, 50, 4 };
	uint64_t state = litter, bits = 0;
	bool is_small = litter % 8 >= 4;

	for (int i = 0; i < TAPE_CELLS; i++) {
		bits = i % 4 ? bits >> 16 : next(&state);
		tape[i] = bits & (is_small ? 3 : 255);
		tape[i] += !tape[i];
		if (zeros[litter % 4] && (uint8_t)(bits >> 8) % zeros[litter % 4] == 0)
			tape[i] = 0;
	}
	tape[next(&state) % TAPE_CELLS] = 0;
}

/* Writes the cells that are not zero when the case starts. */
void case_fill_tape(const struct test_case *c, uint8_t *tape)
{
	static uint8_t filled[TAPE_CELLS];
	static uint64_t filled_with;

	if (c->litter && c->litter != filled_with) {
		filled_with = c->litter;
		fill_litter(c->litter, filled);
	}
	if (c->litter)
		memcpy(tape, filled, TAPE_CELLS);
	for (uint32_t i = 0; i < c->n_patches; i++)
		for (uint32_t j = 0; j < c->patches[i].len; j++)
			tape[(uint16_t)(c->patches[i].at + j)] = c->patches[i].cells[j];
}

/* Are all cells 0 at the start? A patch counts as not 0, whatever it contains. */
bool case_is_zeroed(const struct test_case *c)
{
	return !c->litter && !c->n_patches;
}

/* A set of passes as text: "-O2", "blocks+scans+zeroed". Valid until the next call. */
const char *set_name(uint32_t set)
{
	static const char *const levels[] = {
		[BFK_LEVEL_0] = "-O0", [BFK_LEVEL_1] = "-O1", [BFK_LEVEL_2] = "-O2"
	};
	const char *level = levels[set & BFK_LEVEL_2];
	static char name[64];

	*name = 0;
	for (int i = 0; !level && i < BFK_PASSES; i++)
		if (set & bfk_passes[i].pass & BFK_LEVEL_2)
			sprintf(name + strlen(name), "%s%s", *name ? "+" : "", bfk_passes[i].name);
	strcat(name, level ? level : "");
	return strcat(name, set & BFK_PASS_ZEROED ? "+zeroed" : "");
}

static void print_hex(const uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
}

static void print_source(const struct test_case *c)
{
	uint32_t n;

	printf("#   program: ");
	for (uint32_t at = 0; at < c->source_len; at += n) {
		for (n = 1; at + n < c->source_len && c->source[at + n] == c->source[at];)
			n++;
		if (n >= RUN_MIN)
			printf("%c{%u}", c->source[at], n);
		else
			printf("%.*s", (int)n, c->source + at);
	}
	printf("\n");
}

void case_print(const struct test_case *c)
{
	print_source(c);
	printf("#   flags 0x%x, fuel %llu, steps", c->flags, (unsigned long long)c->fuel);
	for (int i = 0; i < STEPS_MAX; i++)
		printf(" %u", c->steps[i]);
	printf("%s, passes", c->stops ? ", stops at operations" : "");
	for (uint32_t i = 0; i < c->n_sets; i++)
		printf(" %s", set_name(c->sets[i]));
	printf("\n#   input:");
	print_hex(c->input, c->input_len);
	if (c->litter)
		printf("#   all cells generated from %llu\n", (unsigned long long)c->litter);
	for (uint32_t i = 0; i < c->n_patches; i++) {
		printf("#   cells from %u:", c->patches[i].at);
		print_hex(c->patches[i].cells, c->patches[i].len);
	}
}
