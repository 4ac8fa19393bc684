/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks that end a case when they fail, and waits that depend on no machine being fast. */
#ifndef BFK_TESTS_CHECK_H
#define BFK_TESTS_CHECK_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* How many times slower than Debian's this kernel is: debug kernels check everything they do. */
static inline double slow(void)
{
	const char *text = getenv("BFK_TEST_SLOW");

	return text ? atof(text) : 1;
}

/* How many times longer everything may take on a busy machine. */
#define BUSY 20

/*
 * Seconds after which an immediate event has failed to happen: a limit for failures, not for slow
 * machines. Only waits for an event may use it, never waits that check that nothing happens.
 */
#define SOON (3.0 * BUSY * slow())

static const char *note = ""; /* the current step of a loop in a case; printed when a check fails */

static inline void fail(const char *file, int line, const char *format, ...)
{
	char text[400];
	va_list list;
	int len;

	len = snprintf(text, sizeof(text), "# %s:%d: ", file, line);
	va_start(list, format);
	len += vsnprintf(text + len, sizeof(text) - len, format, list);
	va_end(list);
	if (len > (int)sizeof(text) - 1)
		len = sizeof(text) - 1;
	len += snprintf(text + len, sizeof(text) - len, *note ? " (%s)\n" : "%s\n", note);
	if (len > (int)sizeof(text) - 1)
		len = sizeof(text) - 1;
	if (write(1, text, len) < 0)
		_exit(2);
	_exit(1);
}

#define CHECK(cond)                                                                     \
	do {                                                                            \
		if (!(cond))                                                            \
			fail(__FILE__, __LINE__, "false: %s (errno %d)", #cond, errno); \
	} while (0)

#define EQUAL(is, should)                                                                    \
	do {                                                                                 \
		long long is_ = (is), should_ = (should);                                    \
		if (is_ != should_)                                                          \
			fail(__FILE__, __LINE__, "%s is %lld, not %lld", #is, is_, should_); \
	} while (0)

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static inline void nap(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

#endif
