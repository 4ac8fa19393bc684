// SPDX-License-Identifier: GPL-2.0-only
/*
 * counted WHERE BATCH N - makes N runs with libbfk's queue, BATCH of them at a time, so that a tracer can count the
 * system calls. WHERE is the engine, as in enum bfk_where: 0 is the kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include "userspace/include/libbfk.h"

#define BATCH_MAX 256

static void die(const char *what, int err)
{
	fprintf(stderr, "counted: %s: %d\n", what, err);
	exit(1);
}

static struct bfk *make(enum bfk_where where)
{
	struct bfk_result result;
	struct bfk *bfk;
	int err = bfk_create(&bfk, where);

	if (!err)
		err = bfk_load(bfk, "+++", 3, 0, BFK_ALLOW_ALL, &result);
	if (err)
		die("load", err);
	return bfk;
}

static void run_batch(struct bfk_queue *queue, struct bfk_submission *submissions, int n)
{
	struct bfk_completion completions[BATCH_MAX];
	int i, n_got;

	if (bfk_submit_batch(queue, submissions, n) != n)
		die("submit", 0);
	for (i = 0; i < n; i += n_got) {
		n_got = bfk_wait_batch(queue, -1, completions, n);
		if (n_got < 0)
			die("wait", n_got);
	}
	for (i = 0; i < n; i++)
		bfk_reset(submissions[i].bfk, BFK_RESET_KEEP_TAPE);
}

int main(int argc, char **argv)
{
	struct bfk_submission submissions[BATCH_MAX] = {};
	int where, batch, n, i;
	struct bfk_queue *queue;

	if (argc != 4)
		die("usage", 2);
	where = atoi(argv[1]);
	batch = atoi(argv[2]);
	n = atoi(argv[3]);
	if (batch < 1 || batch > BATCH_MAX || bfk_queue_create(&queue, batch, 0))
		die("queue", 0);
	for (i = 0; i < batch; i++) {
		submissions[i].bfk = make(where);
		submissions[i].fuel = BFK_FUEL_UNLIMITED;
	}
	for (; n > 0; n -= batch)
		run_batch(queue, submissions, batch);
	bfk_queue_destroy(queue);
	return 0;
}
