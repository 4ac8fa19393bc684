// SPDX-License-Identifier: GPL-2.0
/*
 * grown   a program linked to an older libbfk: checks that the library writes no more than the
 * program has room for. Calls every function that writes a public struct, each struct between two
 * fences, and prints the first reserved field of a result and of information.
 */
#include <libbfk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FENCE_LEN 512
#define FENCE 0x5a

/* A struct between fences; its content before a call must not matter. */
#define FENCED(type)                       \
	struct {                           \
		uint8_t before[FENCE_LEN]; \
		type is;                   \
		uint8_t after[FENCE_LEN];  \
	}

static FENCED(struct bfk_result) result;
static FENCED(struct bfk_info) info;
static FENCED(struct bfk_completion) completion;
static FENCED(struct bfk_listing) listing;
static FENCED(struct bfk_service) service;
static FENCED(struct bfk_submission) submission;

static void die(const char *call, const char *what)
{
	fprintf(stderr, "%s: %s\n", call, what);
	exit(1);
}

static void check_fence(const char *call, const uint8_t *fence)
{
	size_t i;

	for (i = 0; i < FENCE_LEN; i++)
		if (fence[i] != FENCE)
			die(call, "wrote outside the struct");
}

/* After each call: checks the return value and that all fences are intact. */
static void check(const char *call, int is, int should)
{
	if (is != should)
		die(call, strerror(-is));
	check_fence(call, result.before);
	check_fence(call, result.after);
	check_fence(call, info.before);
	check_fence(call, info.after);
	check_fence(call, completion.before);
	check_fence(call, completion.after);
	check_fence(call, listing.before);
	check_fence(call, listing.after);
	check_fence(call, service.before);
	check_fence(call, service.after);
	check_fence(call, submission.before);
	check_fence(call, submission.after);
}

/* Fills result first, so that any byte left unset shows in the output. */
static struct bfk_result *fresh(void)
{
	memset(&result.is, FENCE, sizeof(result.is));
	return &result.is;
}

static void try_runs(struct bfk *bfk, struct bfk_queue *queue)
{
	const char *source = "++[>+<-]";
	struct bfk_op *ops;
	size_t n_ops;

	check("bfk_load", bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, fresh()), 0);
	check("bfk_run", bfk_run(bfk, NULL, 0, 1, 0, fresh()), 0);
	check("bfk_run", bfk_run(bfk, NULL, 0, BFK_FUEL_UNLIMITED, 0, fresh()), 0);
	if (result.is.status != BFK_STATUS_END || !result.is.n_ops)
		die("bfk_run", "set something else");
	check("bfk_reset", bfk_reset(bfk, 0), 0);
	check("bfk_run_to_end", bfk_run_to_end(bfk, NULL, 0, BFK_FUEL_UNLIMITED, 0, -1, fresh()),
	      0);
	check("bfk_reset", bfk_reset(bfk, 0), 0);
	check("bfk_submit", bfk_submit(queue, bfk, NULL, 0, BFK_FUEL_UNLIMITED, 0, NULL), 0);
	check("bfk_wait", bfk_wait(queue, -1, &completion.is), 0);
	if (completion.is.err || completion.is.result.status != BFK_STATUS_END)
		die("bfk_wait", "set something else");
	check("bfk_reset", bfk_reset(bfk, 0), 0);
	submission.is = (struct bfk_submission){ .bfk = bfk, .fuel = BFK_FUEL_UNLIMITED };
	check("bfk_submit_batch", bfk_submit_batch(queue, &submission.is, 1), 1);
	check("bfk_wait_batch", bfk_wait_batch(queue, -1, &completion.is, 1), 1);
	submission.is.reserved[3] = 1; /* a field of a later header */
	check("bfk_submit_batch", bfk_submit_batch(queue, &submission.is, 1), -22);
	check("bfk_compile",
	      bfk_compile(source, strlen(source), 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &ops, &n_ops,
			  fresh()),
	      0);
	check("bfk_load_ops", bfk_load_ops(bfk, ops, n_ops, 0, BFK_ALLOW_ALL, fresh()), 0);
	free(ops);
	check("bfk_load_optimised",
	      bfk_load_optimised(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, BFK_LEVEL_2,
				 fresh()),
	      0);
}

static void try_others(struct bfk *bfk, enum bfk_where where)
{
	struct bfk *none;

	if (where == BFK_WHERE_JIT) {
		check("bfk_dump", bfk_dump(bfk, &listing.is), 0);
		bfk_listing_free(&listing.is);
		check("bfk_listing_free", 0, 0);
	}
	memset(&service.is, 0, sizeof(service.is));
	service.is.socket = "/nowhere/at/all";
	check("bfk_open_service", bfk_open_service(&none, &service.is, "", 0, fresh()), -2);
	service.is.reserved[11] = 1; /* a field of a later header */
	check("bfk_open_service", bfk_open_service(&none, &service.is, "", 0, fresh()), -22);
	check("bfk_info", bfk_info(where, &info.is), 0);
	if (info.is.tape_cells != 65536)
		die("bfk_info", "set something else");
}

static void set_fences(void)
{
	memset(&result, FENCE, sizeof(result));
	memset(&info, FENCE, sizeof(info));
	memset(&completion, FENCE, sizeof(completion));
	memset(&listing, FENCE, sizeof(listing));
	memset(&service, FENCE, sizeof(service));
	memset(&submission, FENCE, sizeof(submission));
}

int main(void)
{
	unsigned long long of_result = 0;
	struct bfk_queue *queue;
	enum bfk_where where;
	struct bfk *bfk;

	set_fences();
	check("bfk_queue_create", bfk_queue_create(&queue, 1, 0), 0);
	for (where = BFK_WHERE_KERNEL; where <= BFK_WHERE_INTERP; where++) {
		if (bfk_create(&bfk, where) && where < BFK_WHERE_JIT)
			continue; /* no device on this machine */
		try_runs(bfk, queue);
		check("bfk_run", bfk_run(bfk, NULL, 0, BFK_FUEL_UNLIMITED, 0, fresh()), 0);
		of_result = result.is.reserved[0];
		try_others(bfk, where);
		bfk_destroy(bfk);
	}
	check("bfk_queue_destroy", (bfk_queue_destroy(queue), 0), 0);
	printf("%llu %u\n", of_result, info.is.reserved[0]);
	return 0;
}
