/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs cases and checks after each that nothing has leaked. */
#ifndef BFK_TESTS_CLEAN_H
#define BFK_TESTS_CLEAN_H

#include "../device/leaks.h"

/* Runs a case; true if it passes and leaves nothing (*left is NULL). */
static inline bool run_counted(const struct test *test, const char **left)
{
	struct counts before = counts();
	bool good = run_case(test);

	*left = leaked(&before);
	return good;
}

/*
 * Runs a case that must leave nothing. It gets a second try: the kernel keeps memory in its caches
 * after the first 256 tasks, but not as much again. Only the second try waits for as long as it
 * takes the kernel to free what it frees late.
 */
static inline bool run_twice(const struct test *test, const char **left)
{
	double patience = leak_patience;
	bool good;

	leak_patience = 2;
	good = run_counted(test, left);
	leak_patience = patience;
	return good && *left ? run_counted(test, left) : good;
}

/* run_cases(), where a case that leaks fails. */
static inline int run_clean_cases(const struct test *tests, int n, int argc, char **argv)
{
	const char *left;
	bool all = true, good;
	double start;
	int i;

	signal(SIGPIPE, SIG_DFL);
	log_open();
	setvbuf(stdout, NULL, _IOFBF, 4096);
	printf("1..%d\n", n);
	for (i = 0; i < n; i++) {
		if (argc > 1 && !strstr(tests[i].name, argv[1]))
			continue;
		start = now();
		good = run_twice(&tests[i], &left);
		if (left)
			printf("# leaked: %s\n", left);
		good &= !left;
		all &= good;
		printf("%sok %d %s", good ? "" : "not ", i + 1, tests[i].name);
		if (now() - start > 2)
			printf(" # %.1f s", now() - start);
		printf("\n");
		fflush(stdout);
	}
	return !all;
}

#endif
