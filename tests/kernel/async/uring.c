// SPDX-License-Identifier: GPL-2.0-only
/* Calls through io_uring, using only liburing and bfk/uapi.h: the cases of uring_*.c. */
#include "parts.h"
#include "ring.h"

static const struct test *const tables[] = {
	uring_calls, uring_cancels, uring_links, uring_kinds, uring_many, uring_processes,
};

int main(int argc, char **argv)
{
	static struct test tests[N_TESTS_MAX];
	int n_tests = tests_join(tests, tables, sizeof(tables) / sizeof(*tables));

	return run_clean_cases(tests, n_tests, argc, argv);
}
