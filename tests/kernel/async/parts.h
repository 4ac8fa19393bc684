/* SPDX-License-Identifier: GPL-2.0-only */
/* For a driver of several files, each of which has a table of cases. */
#ifndef BFK_TESTS_PARTS_H
#define BFK_TESTS_PARTS_H

#include "../device/dev.h"

#define N_TESTS_MAX 64

/* Copies the cases of @n tables, whose last entries have no name, to @tests; returns how many they are. */
static inline int tests_join(struct test tests[N_TESTS_MAX], const struct test *const *tables,
			     int n)
{
	const struct test *test;
	int n_tests = 0, i;

	for (i = 0; i < n; i++)
		for (test = tables[i]; test->name; test++) {
			CHECK(n_tests < N_TESTS_MAX);
			tests[n_tests++] = *test;
		}
	return n_tests;
}

#endif
