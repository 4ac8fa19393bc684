// SPDX-License-Identifier: GPL-2.0
/* Do the ops of a case end as its unoptimised source does, whatever is on the tape? */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tables.h"

#define CELLS 65536
#define TAPES 6		   /* on which each case is run */
#define FUEL 200000	   /* of an unoptimised program; those that need more are not compared */
#define FUEL_MAX 100000000 /* nothing here needs that much when optimised */

void compile(const struct table_case *c, uint32_t passes, struct bfk_op **ops, size_t *n_ops)
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

int compare_runs(const struct table_case *c, const struct bfk_op *ops, size_t n_ops)
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
