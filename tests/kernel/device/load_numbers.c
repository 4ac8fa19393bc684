// SPDX-License-Identifier: GPL-2.0-only
/* Does every run keep the numbers of the load? */
#include "to_end.h"

static void same_load(const struct bfk_result *run, const struct bfk_result *load)
{
	EQUAL(run->n_ops, load->n_ops);
	EQUAL(run->text_len, load->text_len);
	EQUAL(run->engine, load->engine);
}

static void keeps_load(enum bfk_where where)
{
	static const char source[] = "+[>+<-]", wrong[] = "+]";
	struct bfk_completion completion;
	struct bfk_result load, result;
	struct bfk_queue *queue;
	struct bfk *bfk;

	EQUAL(bfk_create(&bfk, where), 0);
	EQUAL(bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &load), 0);
	CHECK(load.n_ops);
	EQUAL(!load.text_len,
	      !IS_X86 || where == BFK_WHERE_KERNEL_INTERP || where == BFK_WHERE_INTERP);
	EQUAL(bfk_run(bfk, NULL, 0, UNLIMITED, 0, &result), 0);
	same_load(&result, &load);
	EQUAL(bfk_load(bfk, wrong, strlen(wrong), 0, BFK_ALLOW_ALL, &result), -ENOEXEC);
	EQUAL(bfk_run(bfk, NULL, 0, 1, 0, &result), -EBADFD);
	same_load(&result, &load);
	EQUAL(result.error, 0);
	EQUAL(bfk_reset(bfk, 0), 0);
	EQUAL(bfk_queue_create(&queue, 1, 0), 0);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, UNLIMITED, 0, NULL), 0);
	EQUAL(bfk_wait(queue, -1, &completion), 0);
	EQUAL(completion.result.status, BFK_STATUS_END);
	same_load(&completion.result, &load);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void load_numbers(void)
{
	four_each(keeps_load);
}

static const struct test tests[] = {
	{ "a run (by bfk_run(), refused, in flight) keeps the numbers of the load", load_numbers },
};

FOUR_CASES(tests)
