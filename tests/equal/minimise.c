// SPDX-License-Identifier: GPL-2.0
/* Makes a case that shows a difference as small as it goes, and prints it. */
#include <stdio.h>
#include <string.h>
#include "equal.h"

/* May this be run? Each '%' has a letter, and %m and %u, which give what they like, are skipped. */
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

static bool try(struct test_case *c, const struct test_case *smaller,
		bool (*differs)(const struct test_case *c))
{
	if (!comparable(smaller) || !differs(smaller))
		return false;
	*c = *smaller;
	return true;
}

static bool drop_symbols(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool dropped = false;

	for (uint32_t len = c->source_len; len; len /= 2) {
		for (uint32_t at = 0; at + len <= c->source_len;) {
			struct test_case smaller = *c;

			memmove(smaller.source + at, smaller.source + at + len,
				c->source_len - at - len);
			smaller.source_len -= len;
			if (try(c, &smaller, differs))
				dropped = true;
			else
				at++;
		}
	}
	return dropped;
}

static bool drop_pair(struct test_case *c, uint32_t a, uint32_t b,
		      bool (*differs)(const struct test_case *c))
{
	struct test_case smaller = *c;

	memmove(smaller.source + b, smaller.source + b + 1, c->source_len - b - 1);
	memmove(smaller.source + a, smaller.source + a + 1, c->source_len - a - 1);
	smaller.source_len -= 2;
	return try(c, &smaller, differs);
}

/* Brackets go two at a time. */
static bool drop_pairs(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	bool dropped = false;

	for (uint32_t a = 0; a < c->source_len; a++)
		for (uint32_t b = a + 1; c->source[a] == '[' && b < c->source_len; b++)
			if (c->source[b] == ']' && drop_pair(c, a, b, differs))
				dropped = true;
	return dropped;
}

static void drop_patches(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	for (uint32_t i = c->n_patches; i--;) {
		struct test_case smaller = *c;

		smaller.patches[i] = smaller.patches[--smaller.n_patches];
		try(c, &smaller, differs);
	}
}

static void drop_input(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	struct test_case smaller = *c;

	while (smaller.input_len) {
		smaller.input_len /= 2;
		if (!try(c, &smaller, differs))
			return;
	}
}

void minimise(struct test_case *c, bool (*differs)(const struct test_case *c))
{
	drop_patches(c, differs);
	drop_input(c, differs);
	while (drop_symbols(c, differs) || drop_pairs(c, differs))
		;
}

static void print_hex(const uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
}

void case_print(const struct test_case *c)
{
	printf("#   program: %.*s\n", (int)c->source_len, c->source);
	printf("#   flags 0x%x, fuel %llu, steps %u %u %u\n", c->flags, (unsigned long long)c->fuel,
	       c->steps[0], c->steps[1], c->steps[2]);
	printf("#   input:");
	print_hex(c->input, c->input_len);
	for (uint32_t i = 0; i < c->n_patches; i++) {
		printf("#   cells from %u:", c->patches[i].at);
		print_hex(c->patches[i].cells, c->patches[i].len);
	}
}
