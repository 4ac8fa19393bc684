// SPDX-License-Identifier: GPL-2.0
/*
 * tables [--write] FILE...   compare what the optimiser makes of sources, op by op
 *
 * A FILE is a table of cases:
 *
 *   == what it shows
 *   passes: blocks ifs
 *   source: +>{3}[-]
 *   the expected ops, one a line, which --write replaces
 *
 * Lines before the first case, and those that start with '#', are comments. "x{3}" is "xxx". A line
 * has all that matters of an op: its number, its byte of the source, and its meaning.
 *
 * A table may be as wrong as the optimiser. So each case is also run: its ops and those of the
 * unoptimised source must leave the same tape, head and output.
 */
#include <stdlib.h>
#include <string.h>
#include "tables.h"
#include "tests/harness/tap.h"

static void test_case(const char *table, const struct table_case *c)
{
	static struct text got;
	struct bfk_op *ops;
	size_t n_ops;
	int n_ended;

	got.len = 0;
	compile(c, c->passes, &ops, &n_ops);
	put_ops(&got, ops, n_ops);
	if (!tap(c->ops.len && !strcmp(got.bytes, c->ops.bytes), "%s: %s", table, c->name))
		for (char *line = strtok(got.bytes, "\n"); line; line = strtok(NULL, "\n"))
			printf("# %s\n", line);
	n_ended = compare_runs(c, ops, n_ops);
	tap(n_ended > 0, "%s: %s: ends as its source does, on %d tapes", table, c->name, n_ended);
	free(ops);
}

/* The last part of a path, up to its first dot. */
static const char *name_of(const char *path)
{
	static char name[64];
	const char *slash = strrchr(path, '/');

	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : path);
	name[strcspn(name, ".")] = 0;
	return name;
}

static void test_table(const char *path)
{
	static struct table_case c, next;
	FILE *file = fopen(path, "r");
	char line[4096];
	unsigned int n = 0;

	c = next = (struct table_case){};
	while (file && fgets(line, sizeof(line), file)) {
		if (!parse_line(&next, line)) {
			c = next;
			continue;
		}
		if (n++)
			test_case(name_of(path), &c);
		c = next;
	}
	if (n)
		test_case(name_of(path), &c);
	tap(n, "%s: there are %u cases in it", path, n);
	if (file)
		fclose(file);
}

static void write_case(FILE *to, const struct table_case *c)
{
	static struct text got;
	struct bfk_op *ops;
	size_t n_ops;

	got.len = 0;
	compile(c, c->passes, &ops, &n_ops);
	put_ops(&got, ops, n_ops);
	fputs(got.bytes, to);
	free(ops);
}

/* Copies all lines except those of ops, and writes new ones after each source. */
static int write_table(const char *path)
{
	static struct table_case c, ops;
	char line[4096], new_path[512], last = 0;
	FILE *file = fopen(path, "r"), *to;

	snprintf(new_path, sizeof(new_path), "%s.new", path);
	to = fopen(new_path, "w");
	c = (struct table_case){};
	while (file && to && fgets(line, sizeof(line), file)) {
		bool is_source = after(line, "source: ");

		ops = c;
		parse_line(&c, line);
		if (last == 's' && !is_source)
			write_case(to, &ops);
		last = is_source ? 's' : 0;
		if (c.ops.len == ops.ops.len || !*c.name)
			fputs(line, to);
		c.ops.len = 0;
	}
	if (!file || !to)
		return 2;
	if (last == 's')
		write_case(to, &c);
	return fclose(file) || fclose(to) || rename(new_path, path) ? 2 : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: tables [--write] FILE...\n");
		return 2;
	}
	if (!strcmp(argv[1], "--write")) {
		for (int i = 2; i < argc; i++)
			if (write_table(argv[i]))
				return 2;
		return 0;
	}
	for (int i = 1; i < argc; i++)
		test_table(argv[i]);
	return tap_done();
}
