// SPDX-License-Identifier: GPL-2.0
/*
 * nomem   the optimiser when memory is short, at each of its allocations
 *
 * malloc(), calloc() and realloc() of this program are wrapped (-Wl,--wrap). They fail at the k-th
 * call, or from that call on, for every k until there are fewer calls. To be built with
 * AddressSanitizer, which detects what is freed twice, used after that, or leaked.
 */
#include <errno.h>
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <string.h>
#include "jit/parse.h"
#include "userspace/include/libbfk.h"
#include "userspace/opt/optimise.h"
#include "tests/harness/tap.h"

#define CALLS_MAX 100000 /* no source here needs more */

void *__real_malloc(size_t len);
void *__real_calloc(size_t n, size_t len);
void *__real_realloc(void *old, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t n, size_t len);
void *__wrap_realloc(void *old, size_t len);

/*
 * struct shortage - which allocations fail
 * @calls: allocations so far
 * @first: the call that fails, counted from 1; 0: none
 * @goes_on: all later ones fail too
 * @n_failed: how many have failed
 */
static struct {
	unsigned int calls, first, n_failed;
	bool goes_on;
} shortage;

static bool fails(void)
{
	unsigned int call = ++shortage.calls;
	bool is_short = shortage.first &&
			(shortage.goes_on ? call >= shortage.first : call == shortage.first);

	shortage.n_failed += is_short;
	return is_short;
}

void *__wrap_malloc(size_t len)
{
	return fails() ? NULL : __real_malloc(len);
}

void *__wrap_calloc(size_t n, size_t len)
{
	return fails() ? NULL : __real_calloc(n, len);
}

void *__wrap_realloc(void *old, size_t len)
{
	return fails() ? NULL : __real_realloc(old, len);
}

/* After a failure the ops must be valid: unchanged, or as the last successful pass left them. */
static bool is_program(struct bfk_op *ops, u32 n_ops)
{
	struct bfk_parse parse = { .ops = ops, .n_ops = n_ops };

	return !bfk_check(&parse, -1u, -1u);
}

/* One try, in which @call fails. Returns what is wrong, or NULL; *done if no call failed. */
static const char *try(const struct bfk_op *plain, u32 n_plain, u32 passes, unsigned int call,
		       bool *done)
{
	struct bfk_op *mine = malloc(n_plain * sizeof(*mine)), *ops = mine;
	const char *wrong = NULL;
	u32 n_ops = n_plain;
	int err;

	memcpy(mine, plain, n_plain * sizeof(*mine));
	shortage.calls = shortage.n_failed = 0;
	shortage.first = call;
	err = bfk_optimise(&ops, &n_ops, passes);
	shortage.first = 0;
	*done = !shortage.n_failed;
	if (*done)
		wrong = err ? "it fails although no allocation does" : NULL;
	else if (err != -ENOMEM)
		wrong = err ? "another error than ENOMEM" :
			      "it succeeds although an allocation fails";
	else if (!is_program(ops, n_ops))
		wrong = "it is ENOMEM, and the ops are no program";
	free(ops);
	return wrong;
}

static void test_source(const char *name, const char *source, size_t len, u32 passes, bool goes_on)
{
	const char *wrong = NULL;
	struct bfk_result result;
	struct bfk_op *plain;
	unsigned int call = 0;
	bool done = false;
	size_t n_plain;

	if (bfk_compile(source, len, 0, BFK_ALLOW_ALL, 0, &plain, &n_plain, &result))
		abort();
	while (!done && !wrong && call < CALLS_MAX) {
		shortage.goes_on = goes_on;
		wrong = try(plain, n_plain, passes, ++call, &done);
	}
	free(plain);
	if (!tap(done && !wrong, "optimise (%s, no memory at call 1 to %u%s) is ENOMEM", name,
		 call - 1, goes_on ? " and later" : ""))
		printf("# call %u: %s\n", call, wrong ?: "there is no end");
	tap(!__lsan_do_recoverable_leak_check(), "optimise (%s, no memory) leaks nothing", name);
}

/* @n times @piece, between @before and @after. */
static char *repeat(const char *before, const char *piece, size_t n, const char *after)
{
	size_t len = strlen(piece), at = strlen(before);
	char *source = malloc(at + n * len + strlen(after) + 1);

	memcpy(source, before, at);
	for (; n--; at += len)
		memcpy(source + at, piece, len);
	strcpy(source + at, after);
	return source;
}

static void test_both(const char *name, const char *source, u32 passes)
{
	test_source(name, source, strlen(source), passes, false);
	test_source(name, source, strlen(source), passes, true);
}

/* All arrays have to grow: ops, cells, blocks, open loops, bodies, values of a turn. */
static void test_long(void)
{
	char *many = repeat(",", ">+.[->+>++<<]", 300, "");
	char *cells = repeat(",[", ">+", 300, "[>]<]");
	char *deep = repeat(",", "[>,", 200, "");
	char *nest = repeat(deep, "<]", 200, "");
	char *scans = repeat("", ",[>]<,[<<]>[->+>]", 200, "");

	test_both("many ops", many, BFK_LEVEL_2);
	test_both("many cells", cells, BFK_LEVEL_2);
	test_both("a deep nest", nest, BFK_LEVEL_2);
	test_both("many scans", scans, BFK_LEVEL_2);
	free(many);
	free(cells);
	free(deep);
	free(nest);
	free(scans);
}

int main(void)
{
	static const char all[] =
		",>,<[>[-]<[-]]>[->+<]<[>+<--],[>]<[<<<]>[->+>][-<+>>>+<<]+[>>+++[-<+>],[>+<--]<<-].";

	test_both("no pass", all, BFK_LEVEL_0);
	test_both("blocks", all, BFK_PASS_BLOCKS);
	test_both("regs", all, BFK_PASS_REGS);
	test_both("scans", all, BFK_PASS_SCANS);
	test_both("unroll", all, BFK_PASS_UNROLL);
	test_both("level 1", all, BFK_LEVEL_1);
	test_both("level 2", all, BFK_LEVEL_2);
	test_both("level 2, zeroed", all, BFK_LEVEL_2 | BFK_PASS_ZEROED);
	test_both("an empty program", "", BFK_LEVEL_2);
	test_long();
	return tap_done();
}
