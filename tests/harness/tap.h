/* SPDX-License-Identifier: GPL-2.0 */
/* Results of C tests, as TAP lines: "ok 1 - name", "not ok 2 - name", and the plan at the end. */
#ifndef BFK_TAP_H
#define BFK_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* Weak, so that the files of a program count together. */
unsigned int tap_n_tests __attribute__((weak));
unsigned int tap_n_failed __attribute__((weak));

/*
 * Reports one test. Returns whether it passed, so that the caller can add details. A '#' in a name
 * would begin a TAP directive, so it becomes '$'.
 */
static bool __attribute__((format(printf, 2, 3), unused)) tap(bool passed, const char *name, ...)
{
	char line[512];
	va_list args;

	va_start(args, name);
	vsnprintf(line, sizeof(line), name, args);
	va_end(args);
	for (char *c = line; *c; c++)
		if (*c < ' ' || *c == '#')
			*c = *c == '#' ? '$' : ' ';
	printf("%sok %u - %s\n", passed ? "" : "not ", ++tap_n_tests, line);
	tap_n_failed += !passed;
	fflush(stdout);
	return passed;
}

/* Prints the plan. Returns the exit status for main(). */
static int __attribute__((unused)) tap_done(void)
{
	printf("1..%u\n", tap_n_tests);
	return tap_n_failed || !tap_n_tests;
}

#endif
