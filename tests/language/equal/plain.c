// SPDX-License-Identifier: GPL-2.0
/*
 * Random plain programs as files, for interpreters by others: NAME.bf, NAME.in, NAME.out.
 * Only programs that end, and that mean the same in every Brainfuck: bytes of input and output
 * are 1 to 127, and the head stays so near that the ring cannot be distinguished from a tape.
 */
#include <stdio.h>
#include <string.h>
#include "equal.h"

#define NEAR_MAX 32768 /* cells that the head may visit */

/* Makes a random case plain: no operations, no cells set before the start, text as input. */
static void make_plain(struct test_case *c)
{
	uint32_t to = 0;

	for (uint32_t from = 0; from < c->source_len; from++) {
		if (c->source[from] == '%')
			from++;
		else
			c->source[to++] = c->source[from];
	}
	c->source_len = to;
	c->flags = 0;
	c->litter = 0;
	c->n_patches = 0;
	for (uint32_t i = 0; i < c->input_len; i++)
		c->input[i] = c->input[i] % 127 + 1;
}

static bool is_portable(const struct test_case *c, struct outcome *o)
{
	struct witness_report report = witness_run(c, o);

	if (report.verdict != WITNESS_ENDED || !o->output.len ||
	    report.rightmost - report.leftmost > NEAR_MAX)
		return false;
	for (uint32_t i = 0; i < o->output.len; i++)
		if (!o->output.bytes[i] || o->output.bytes[i] > 127)
			return false;
	return true;
}

static bool write_file(const char *dir, uint64_t n, const char *kind, const void *bytes, size_t len)
{
	char path[512];
	FILE *file;
	bool written;

	snprintf(path, sizeof(path), "%s/%llu.%s", dir, (unsigned long long)n, kind);
	file = fopen(path, "w");
	if (!file)
		return false;
	written = fwrite(bytes, 1, len, file) == len;
	return !fclose(file) && written;
}

bool plain_write(const char *dir, uint64_t count, uint64_t seed)
{
	static struct test_case c;
	static struct outcome o;

	for (uint64_t ix = 0, n = 0; n < count; ix++) {
		generate_random(&c, seed, ix);
		make_plain(&c);
		if (!is_portable(&c, &o))
			continue;
		if (!write_file(dir, n, "bf", c.source, c.source_len) ||
		    !write_file(dir, n, "in", c.input, c.input_len) ||
		    !write_file(dir, n, "out", o.output.bytes, o.output.len))
			return false;
		n++;
	}
	return true;
}
