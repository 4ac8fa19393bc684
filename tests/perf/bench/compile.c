// SPDX-License-Identifier: GPL-2.0
/*
 * compile LEVEL FILE... - measure how long libbfk takes from source to runnable machine code. Runs
 * no program. Prints a line of JSON for each file: bytes of source, median ns, number of
 * measurements, ops, bytes of machine code. Each measurement has a new instance, created before the
 * clock starts. The clock counts processor time, which does not depend on other processes. Exit
 * status: 0; 1 something cannot be compiled; 2 usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "userspace/include/libbfk.h"

#define REPS_MIN 7
#define REPS_MAX 101
#define BUDGET_NS 50000000ull /* for one file, if REPS_MIN measurements take no longer */

static const uint32_t levels[] = { BFK_LEVEL_0, BFK_LEVEL_1, BFK_LEVEL_2 };

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* As `bfk run --plain` does: at level 0 the engine does everything. */
static int compile(struct bfk *bfk, const char *source, size_t len, uint32_t passes,
		   struct bfk_result *result)
{
	if (!passes)
		return bfk_load(bfk, source, len, BFK_LOAD_PLAIN, BFK_ALLOW_ALL, result);
	return bfk_load_optimised(bfk, source, len, BFK_LOAD_PLAIN, BFK_ALLOW_ALL, passes, result);
}

static int time_once(const char *source, size_t len, uint32_t passes, uint64_t *ns,
		     struct bfk_result *result)
{
	struct bfk *bfk;
	int err = bfk_create(&bfk, BFK_WHERE_JIT);

	if (err)
		return err;
	*ns = now_ns();
	err = compile(bfk, source, len, passes, result);
	*ns = now_ns() - *ns;
	if (!err && (result->engine != BFK_ENGINE_JIT || !result->text_len))
		err = -ENOEXEC; /* it would be interpreted, which is not to be measured */
	bfk_destroy(bfk);
	return err;
}

static int time_source(const char *source, size_t len, uint32_t passes)
{
	uint64_t ns[REPS_MAX], start = now_ns();
	struct bfk_result result = {};
	int n, err;

	for (n = 0; n < REPS_MAX && (n < REPS_MIN || now_ns() - start < BUDGET_NS); n++) {
		err = time_once(source, len, passes, &ns[n], &result);
		if (err)
			return err;
	}
	qsort(ns, n, sizeof(*ns), by_value);
	printf("{\"bytes\": %zu, \"ns\": %llu, \"n\": %d, \"ops\": %u, \"text\": %u}\n", len,
	       (unsigned long long)ns[n / 2], n, result.n_ops, result.text_len);
	return 0;
}

static int time_file(const char *path, uint32_t passes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat stat;
	char *source;

	if (fd < 0 || fstat(fd, &stat))
		return -errno;
	source = malloc(stat.st_size + 1);
	if (!source)
		err = -ENOMEM;
	else if (read(fd, source, stat.st_size) != stat.st_size)
		err = -EIO;
	else
		err = time_source(source, stat.st_size, passes);
	free(source);
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	unsigned long level = argc > 2 ? strtoul(argv[1], NULL, 10) : ~0ul;
	int i, err;

	if (level >= sizeof(levels) / sizeof(*levels)) {
		fputs("usage: compile 0|1|2 FILE...\n", stderr);
		return 2;
	}
	for (i = 2; i < argc; i++) {
		err = time_file(argv[i], levels[level]);
		if (err) {
			fprintf(stderr, "compile: %s: %s\n", argv[i], strerror(-err));
			return 1;
		}
	}
	return 0;
}
