/* SPDX-License-Identifier: GPL-2.0 */
/* For targets that compare engines: the benches of tests/language/equal, opened when the fuzzer starts. */
#ifndef BFK_FUZZ_BENCH_H
#define BFK_FUZZ_BENCH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include "input.h"
#include "tests/language/equal/equal.h"
#include "tests/harness/letters.h"

/* The engines to compare, from $ENGINES; default "jit,interp". */
static inline const char *engine_names(void)
{
	return getenv("ENGINES") ? getenv("ENGINES") : "jit,interp";
}

/*
 * As in tests/language/equal: files stay small, and a pipe without a reader is an error, not a signal.
 * Called at the first input, because the fuzzer sets its own signal handlers before.
 */
static inline void limit_files(void)
{
	static bool is_done;
	const struct rlimit limit = { FILE_MAX, FILE_MAX };

	if (is_done)
		return;
	is_done = true;
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
}

static inline void open_compare(void)
{
	static struct tally tally;
	char *names = strdup(engine_names());

	MUST(names && compare_open(names, NULL, &tally));
	free(names);
}

static inline void must_agree(const struct test_case *c)
{
	limit_files();
	if (!case_differs(c))
		return;
	case_print(c);
	difference_print();
	MUST(!"all engines and all compiled programs do the same");
}

/* Does the operation always have the same result, and never wait? */
static inline bool is_settled(uint8_t letter)
{
	return letter >= 'a' && letter <= 'z' && bfk_sysop(letter) && letter_is_settled(letter);
}

/* Returns this letter if it is settled, otherwise another one. */
static inline uint8_t settled(uint8_t letter)
{
	return is_settled(letter) ? letter : "rwgpolcxzytlhq"[letter % 14];
}

#endif
