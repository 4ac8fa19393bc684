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
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "userspace/include/libbfk.h"
#include "userspace/opt/passes.h"
#include "tests/harness/tap.h"

#define TEXT_MAX (1 << 18) /* of a case */
#define CELLS 65536
#define TAPES 6		   /* on which each case is run */
#define FUEL 200000	   /* of an unoptimised program; those that need more are not compared */
#define FUEL_MAX 100000000 /* nothing here needs that much when optimised */

/* Text that grows. A table whose text does not fit is wrong. */
struct text {
	char bytes[TEXT_MAX];
	size_t len;
};

static void __attribute__((format(printf, 2, 3))) put(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->len += vsnprintf(text->bytes + text->len, TEXT_MAX - text->len, format, args);
	va_end(args);
	if (text->len >= TEXT_MAX)
		abort();
}

static void put_place(struct text *text, uint8_t reg, int16_t off)
{
	if (reg)
		put(text, "r%u", reg);
	else
		put(text, off ? "cell[%+d]" : "cell[%d]", off);
}

static void put_jump(struct text *text, const struct bfk_op *op)
{
	put(text, "%s ", bfk_op_name(op->kind));
	put_place(text, op->reg, op->off);
	if (op->kind == BFK_OP_IF8)
		put(text, " & %02x", op->val);
	put(text, ", %s %" PRIu32,
	    op->kind == BFK_OP_NEXT  ? "back after" :
	    op->kind == BFK_OP_LABEL ? "names" :
				       "else after",
	    op->match);
}

static void put_change(struct text *text, const struct bfk_op *op)
{
	bool is_add = op->kind == BFK_OP_ADD || op->kind == BFK_OP_MULADD;
	int val = op->kind == BFK_OP_SET ? op->val : (int8_t)op->val;

	put_place(text, op->reg, op->off);
	put(text, " %s= ", !is_add ? "" : val < 0 ? "-" : "+");
	put(text, "%d", is_add ? abs(val) : val);
	if (op->kind == BFK_OP_MUL || op->kind == BFK_OP_MULADD) {
		put(text, " * ");
		put_place(text, op->src_reg, op->src_off);
	}
}

static void put_words(struct text *text, const struct bfk_op *op)
{
	switch (op->kind) {
	case BFK_OP_END:
	case BFK_OP_IN:
	case BFK_OP_OUT:
		put(text, "%s ", bfk_op_name(op->kind));
		put_place(text, 0, op->off);
		break;
	case BFK_OP_SYS:
		put(text, "%%%c ", op->val);
		put_place(text, 0, op->off);
		break;
	case BFK_OP_NEXT:
	case BFK_OP_IF:
	case BFK_OP_IF8:
	case BFK_OP_LABEL:
		put_jump(text, op);
		break;
	case BFK_OP_MOVE:
		put(text, "head %s= %d", op->off < 0 ? "-" : "+", abs(op->off));
		break;
	default:
		put_change(text, op);
	}
}

/* Does the op open, or close, a pair of brackets? These have each other as match. */
static bool is_bracket(const struct bfk_op *ops, size_t ix, bool opens)
{
	const struct bfk_op *op = &ops[ix];
	bool has_kind = op->kind == BFK_OP_LABEL || op->kind == (opens ? BFK_OP_IF : BFK_OP_NEXT);

	return has_kind && opens == (op->match > ix) && op->match != ix &&
	       ops[op->match].match == ix;
}

static void put_ops(struct text *text, const struct bfk_op *ops, size_t n_ops)
{
	int depth = 0;

	for (size_t i = 0; i < n_ops; i++) {
		depth -= is_bracket(ops, i, false);
		put(text, "%4zu @%-3" PRIu32 " %*s", i, ops[i].source_off, 2 * depth, "");
		put_words(text, &ops[i]);
		put(text, "\n");
		depth += is_bracket(ops, i, true);
	}
}

/*
 * struct table_case - one case of a table
 * @name: its sentence
 * @source: with all repetitions expanded
 * @ops: the lines of ops in the table
 */
struct table_case {
	char name[200];
	struct text source, ops;
	uint32_t passes;
};

static uint32_t parse_passes(const char *names)
{
	const struct bfk_pass_entry *pass;
	uint32_t found = 0;
	char name[32];
	int len;

	for (; sscanf(names, " %31s%n", name, &len) == 1; names += len) {
		if (!strcmp(name, "none"))
			continue;
		if (!strcmp(name, "all")) {
			found |= BFK_LEVEL_2;
			continue;
		}
		pass = bfk_pass_find(name, strlen(name));
		if (!pass) {
			fprintf(stderr, "tables: no pass '%s'\n", name);
			exit(2);
		}
		found |= pass->pass;
	}
	return found;
}

/* Appends source, where "x{3}" is "xxx". */
static void parse_source(struct text *source, const char *line)
{
	for (; *line && *line != '\n'; line++) {
		char *end;
		long n;

		if (*line != '{') {
			put(source, "%c", *line);
			continue;
		}
		for (n = strtol(line + 1, &end, 10); n > 1; n--)
			put(source, "%c", line[-1]);
		line = end;
	}
}

/* Returns the rest of a line that begins with @start, else NULL. */
static const char *after(const char *line, const char *start)
{
	size_t len = strlen(start);

	return strncmp(line, start, len) ? NULL : line + len;
}

/* Parses one line of a table. True: a case begins, so the previous one is complete. */
static bool parse_line(struct table_case *c, const char *line)
{
	const char *rest;

	if ((rest = after(line, "== "))) {
		*c = (struct table_case){};
		snprintf(c->name, sizeof(c->name), "%.*s", (int)strcspn(rest, "\n"), rest);
		return true;
	}
	if ((rest = after(line, "passes: ")))
		c->passes = parse_passes(rest);
	else if ((rest = after(line, "source: ")))
		parse_source(&c->source, rest);
	else if (*line != '#' && *line != '\n' && *c->name)
		put(&c->ops, "%s", line);
	return false;
}

static void compile(const struct table_case *c, uint32_t passes, struct bfk_op **ops, size_t *n_ops)
{
	struct bfk_result result;
	int err = bfk_compile(c->source.bytes, c->source.len, 0, BFK_ALLOW_ALL, passes, ops, n_ops,
			      &result);

	if (!err)
		return;
	fprintf(stderr, "tables: %s: %s\n", c->name, strerror(-err));
	exit(2);
}

/*
 * struct outcome - the results of a run
 * @output: what it wrote
 */
struct outcome {
	struct bfk_result result;
	uint8_t tape[CELLS];
	char output[4096];
	ssize_t output_len;
};

/* Fills tape @ix: the first is all zeros, later ones have fewer and fewer. */
static void fill_tape(uint8_t *tape, unsigned int ix)
{
	for (uint32_t cell = 0; ix && cell < CELLS; cell++)
		tape[cell] = rand() % 8 < (int)ix ? rand() % (ix < 3 ? 5 : 256) : 0;
}

static int input_of(unsigned int ix)
{
	int fd = memfd_create("input", 0);

	for (uint32_t i = 0; i < 40 * ix; i++) {
		uint8_t byte = rand() % 3 ? rand() % 4 : rand();

		if (write(fd, &byte, 1) != 1)
			abort();
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void run(const struct bfk_op *ops, size_t n_ops, uint64_t fuel, unsigned int ix,
		struct outcome *outcome)
{
	int fds[2] = { -1, memfd_create("output", 0) };
	struct bfk *bfk;
	uint8_t *tape;

	srand(ix);
	fds[0] = input_of(ix);
	if (bfk_create(&bfk, BFK_WHERE_INTERP) ||
	    bfk_load_ops(bfk, ops, n_ops, 0, BFK_ALLOW_ALL, &outcome->result) ||
	    bfk_tape(bfk, &tape))
		abort();
	fill_tape(tape, ix);
	if (bfk_run(bfk, fds, 2, fuel, 0, &outcome->result))
		abort();
	memcpy(outcome->tape, tape, CELLS);
	outcome->output_len = pread(fds[1], outcome->output, sizeof(outcome->output), 0);
	bfk_destroy(bfk);
	close(fds[0]);
	close(fds[1]);
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
	return a->result.status == b->result.status && a->result.head == b->result.head &&
	       a->result.exit_code == b->result.exit_code && !memcmp(a->tape, b->tape, CELLS) &&
	       a->output_len == b->output_len && !memcmp(a->output, b->output, a->output_len);
}

/*
 * Runs the unoptimised source and the ops on a few tapes. Returns how many ended; -1: differently.
 */
static int compare_runs(const struct table_case *c, const struct bfk_op *ops, size_t n_ops)
{
	static struct outcome want, got;
	struct bfk_op *plain;
	size_t n_plain;
	int n_ended = 0;

	compile(c, BFK_LEVEL_0, &plain, &n_plain);
	for (unsigned int ix = 0; ix < (c->passes & BFK_PASS_ZEROED ? 1 : TAPES); ix++) {
		run(plain, n_plain, FUEL, ix, &want);
		if (want.result.status == BFK_STATUS_FUEL)
			continue;
		n_ended++;
		run(ops, n_ops, FUEL_MAX, ix, &got);
		if (!is_same(&want, &got)) {
			printf("# %s: on tape %u it ends differently\n", c->name, ix);
			n_ended = -1;
			break;
		}
	}
	free(plain);
	return n_ended;
}

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
