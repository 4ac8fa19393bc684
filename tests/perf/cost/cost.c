// SPDX-License-Identifier: GPL-2.0
/*
 * cost [OPTION]... - measure what moving data costs with each method; in the guest, with bfk.ko and
 * bfk_cost.ko.
 *
 *   -c tsc|ns   in ticks of the time stamp counter, which counts instructions under `-icount shift=0`,
 *               or in ns (ns)
 *   -r ROUNDS   rounds (5), after one that is not counted
 *   -t TASK     only this one           -m METHOD   only this one
 *   -b BYTES    only blocks of this size
 *
 * All methods of a task take turns. Prints a line for each measurement: task, method, block, round,
 * turns, and the cost of all turns, or -errno where the method does not apply. What is measured
 * runs between two calls of getppid(2), by which strace can tell its system calls.
 * Exit status: 0, 1 something failed, 2 usage.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>
#include "cost.h"

static const uint32_t blocks[] = { 1, 4, 16, 64, 256, 1024, 4096, 16384, COST_BLOCK_MAX };

static struct {
	bool is_tsc;
	uint32_t rounds, block; /* 0: blocks of all sizes */
	const char *task, *method;
} options = { .rounds = 5 };

static uint64_t now(void)
{
	struct timespec now;

	if (options.is_tsc)
		return __rdtsc();
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Waits for a timer interrupt, so that the next one, which costs, is some time away. */
static void await_tick(void)
{
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &before);
	do
		clock_gettime(CLOCK_MONOTONIC_COARSE, &after);
	while (after.tv_nsec == before.tv_nsec);
}

/* Returns the cost of *turns turns. */
static int64_t measure_once(const struct task *task, const struct method *method, uint32_t block,
			    int64_t *turns)
{
	struct work work = { .block = block };
	int64_t cost = 0;
	int err;

	err = cost_open(task, &work);
	if (!err && method->prepare)
		err = method->prepare(&work);
	if (!err) {
		await_tick();
		getppid();
		cost = now();
		*turns = method->run(&work);
		cost = now() - cost;
		getppid();
	}
	err = err ?: *turns < 0 ? (int)*turns : 0;
	if (task->has_blocks)
		*turns /= block; /* reads may return less */
	return cost_close(task, &work) ?: err ?: cost;
}

static bool is_wanted(const char *name, const char *wanted)
{
	return !wanted || !strcmp(name, wanted);
}

/* @failed: which methods do not apply; each of them is tried once. */
static void measure_round(const struct task *task, uint32_t block, uint32_t round, bool *failed)
{
	uint32_t n = 0, i;
	int64_t turns = 0, cost;

	while (task->methods[n])
		n++;
	for (i = 0; i < n; i++) {
		uint32_t ix = (i + round) % n;
		const struct method *method = task->methods[ix];

		if (failed[ix] || !is_wanted(method->name, options.method))
			continue;
		cost = measure_once(task, method, block, &turns);
		failed[ix] = cost < 0;
		if (round || cost < 0)
			printf("%s\t%s\t%u\t%u\t%lld\t%lld\n", task->name, method->name, block,
			       round, cost < 0 ? 0LL : (long long)turns, (long long)cost);
	}
	fflush(stdout);
}

static void measure(const struct task *task, uint32_t block)
{
	bool failed[COST_METHODS_MAX] = {};
	uint32_t round;

	for (round = 0; round <= options.rounds; round++)
		measure_round(task, block, round, failed);
}

static void measure_all(void)
{
	const struct task *task;
	uint32_t i;

	for (task = cost_tasks; task->name; task++) {
		if (!is_wanted(task->name, options.task))
			continue;
		if (!task->has_blocks)
			measure(task, 64);
		for (i = 0; task->has_blocks && i < sizeof(blocks) / sizeof(*blocks); i++)
			if (!options.block || blocks[i] == options.block)
				measure(task, blocks[i]);
	}
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "c:r:t:m:b:")) != -1) {
		switch (option) {
		case 'c':
			options.is_tsc = !strcmp(optarg, "tsc");
			break;
		case 'r':
			options.rounds = atoi(optarg);
			break;
		case 't':
			options.task = optarg;
			break;
		case 'm':
			options.method = optarg;
			break;
		case 'b':
			options.block = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	measure_all();
	return 0;
}
