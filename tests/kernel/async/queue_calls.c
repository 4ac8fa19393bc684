// SPDX-License-Identifier: GPL-2.0-only
/* Are calls refused with the documented errno, and are batches submitted as far as they can be? */
#include "queue.h"

static void refused(void)
{
	struct bfk_queue *queue, *none;
	struct bfk_completion completion;
	struct bfk *bfk, *other = make("+[]");
	int ends[2];

	EQUAL(bfk_queue_create(&none, 0, queue_flags), -EINVAL);
	EQUAL(bfk_queue_create(&none, BFK_QUEUE_MAX + 1, queue_flags), -EINVAL);
	EQUAL(bfk_queue_create(&none, 1, 2), -EINVAL);
	CHECK(!none);
	bfk_queue_destroy(NULL);
	queue = queue_make(1);
	EQUAL(bfk_create(&bfk, where), 0);
	pipe_make(ends);
	EQUAL(bfk_submit(queue, bfk, ends, 2, UNLIMITED, 0, NULL), -ENOEXEC);
	submit(queue, bfk, NULL, 0);
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, -ENOEXEC);
	load(bfk, ",");
	EQUAL(bfk_submit(queue, bfk, ends, 2, UNLIMITED, 2, NULL), -EINVAL);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, UNLIMITED, 2, bfk), 0);
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, -EINVAL);
	EQUAL(bfk_submit(queue, bfk, (int[]){ ends[0], 999 }, 2, UNLIMITED, 0, NULL), -EBADF);
	EQUAL(bfk_submit(queue, bfk, ends, 65, UNLIMITED, 0, NULL), -EINVAL);
	EQUAL(bfk_wait(queue, 0, &completion), -ENOENT);
	EQUAL(bfk_cancel(queue, bfk), -ENOENT);
	EQUAL(bfk_cancel(queue, NULL), -ENOENT);
	submit(queue, bfk, ends, 1);
	close(ends[0]);
	EQUAL(bfk_submit(queue, other, NULL, 0, UNLIMITED, 0, NULL), -EAGAIN);
	EQUAL(bfk_wait(queue, 0, &completion), -ETIME);
	EQUAL(bfk_cancel(queue, other), -ENOENT);
	bfk_queue_destroy(queue);
	EQUAL(bfk_reset(bfk, 0), 0);
	CHECK(is_broken(ends[1]));
	bfk_destroy(bfk);
	bfk_destroy(other);
}

#define N_BATCH 5

static struct bfk_submission of(struct bfk *bfk)
{
	return (struct bfk_submission){ .bfk = bfk, .fuel = UNLIMITED, .user_data = bfk };
}

static void batch(void)
{
	struct bfk_submission submissions[N_BATCH];
	struct bfk_completion completions[N_BATCH];
	struct bfk_queue *queue = queue_make(N_BATCH);
	int ends[2], i, n = 0, n_more;

	pipe_make(ends);
	for (i = 0; i < N_BATCH; i++)
		submissions[i] = of(make(i ? "+++" : ",."));
	submissions[0].fds = ends;
	submissions[0].n_fds = 2;
	EQUAL(bfk_submit_batch(queue, submissions, 0), 0);
	EQUAL(bfk_submit_batch(queue, submissions, N_BATCH), N_BATCH);
	EQUAL(bfk_wait_batch(queue, 0, completions, 0), -EINVAL);
	EQUAL(write(ends[1], "a", 1), 1);
	for (; n < N_BATCH; n += n_more) {
		n_more = bfk_wait_batch(queue, SOON_NS, completions + n, N_BATCH);
		CHECK(n_more > 0 && n_more <= N_BATCH - n);
	}
	for (i = 0; i < N_BATCH; i++) {
		CHECK(completions[i].user_data == completions[i].bfk);
		EQUAL(completions[i].err, 0);
		EQUAL(completions[i].via, via);
		EQUAL(completions[i].result.status, BFK_STATUS_END);
		EQUAL(bfk_reset(submissions[i].bfk, 0), 0); /* it is in flight no more */
	}
	EQUAL(bfk_wait_batch(queue, 0, completions, N_BATCH), -ENOENT);
	bfk_queue_destroy(queue);
	for (i = 0; i < N_BATCH; i++)
		bfk_destroy(submissions[i].bfk);
}

static void batch_refused(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk_submission submissions[4];
	struct bfk_completion completions[4];
	int i, n;

	for (i = 0; i < 4; i++)
		submissions[i] = of(make("+[]"));
	submissions[1].reserved[3] = 1;
	EQUAL(bfk_submit_batch(queue, submissions + 1, 1), -EINVAL);
	EQUAL(bfk_submit_batch(queue, submissions, 4), 1);
	EQUAL(bfk_submit_batch(queue, submissions, 4), -EBUSY);
	EQUAL(bfk_submit_batch(queue, submissions + 2, 2), 1);
	EQUAL(bfk_submit_batch(queue, submissions + 3, 1), -EAGAIN);
	EQUAL(bfk_wait_batch(queue, 0, completions, 4), -ETIME);
	EQUAL(bfk_cancel(queue, NULL), 0);
	for (i = 0; i < 2; i += n) {
		n = bfk_wait_batch(queue, SOON_NS, completions, 4);
		CHECK(n > 0 && n <= 2 - i);
		EQUAL(completions[0].result.status, BFK_STATUS_SIGNAL);
	}
	bfk_queue_destroy(queue);
	for (i = 0; i < 4; i++)
		bfk_destroy(submissions[i].bfk);
}

static void busy(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk *bfk = make("+[]");
	struct bfk_listing listing;
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;

	submit(queue, bfk, NULL, 0);
	await_begun(bfk);
	EQUAL(bfk_run(bfk, NULL, 0, 1, 0, &result), -EBUSY);
	EQUAL(bfk_load(bfk, "+", 1, 0, BFK_ALLOW_ALL, &result), -EBUSY);
	EQUAL(bfk_load_optimised(bfk, "+", 1, 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &result), -EBUSY);
	EQUAL(bfk_compile("+", 1, 0, BFK_ALLOW_ALL, 0, &ops, &n_ops, &result), 0);
	EQUAL(bfk_load_ops(bfk, ops, n_ops, 0, BFK_ALLOW_ALL, &result), -EBUSY);
	EQUAL(bfk_reset(bfk, 0), -EBUSY);
	EQUAL(bfk_dump(bfk, &listing), -EBUSY);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, 1, 0, NULL), -EBUSY);
	free(ops);
	tape_of(bfk)[0] = 0;
	CHECK(!bfk_wait(queue, SOON_NS, &(struct bfk_completion){}));
	EQUAL(bfk_reset(bfk, 0), 0);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

const struct test queue_calls[] = {
	{ "a refused submit returns its errno, and holds no file", refused },
	{ "a batch of runs completes once for each, and one call can fetch several", batch },
	{ "a batch (one of it is refused): those before it are submitted", batch_refused },
	{ "an instance in flight is EBUSY for everything else", busy },
	{},
};
