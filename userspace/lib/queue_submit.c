// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The queue: how runs get into it, one or several at a time.
 *
 * Interface: libbfk.h
 * Invariants: queue_job.h
 */
#include "queue.h"
#include "queue_threads.h"
#include "queue_uring.h"
#include <errno.h>

/* Starts the run without fuel, which only takes the files; it continues in the ring or a thread. */
static int start(struct bfk_job *job, const struct bfk_submission *submission)
{
	struct bfk_run_args args = { .fds = (uintptr_t)submission->fds,
				     .n_fds = submission->n_fds,
				     .flags = job->flags };
	struct bfk *bfk = job->bfk;
	int err = args.n_fds ? bfk->ops->run(bfk, &args) : 0;

	if (err)
		return err;
	if (submission->n_fds)
		bfk_result_set_run(&job->result, &args);
	job->result.fuel_left = submission->fuel;
	err = bfk_uring_takes(job->queue, bfk) ? bfk_uring_start(job) : bfk_thread_start(job);
	if (err && submission->n_fds)
		bfk->ops->reset(bfk, BFK_RESET_KEEP_TAPE);
	return err;
}

/* A newer caller may use a field that this library does not know: refuse it, never ignore it. */
static bool has_reserved(const struct bfk_submission *submission)
{
	size_t i;

	for (i = 0; i < sizeof(submission->reserved) / sizeof(*submission->reserved); i++)
		if (submission->reserved[i])
			return true;
	return false;
}

static int submit(struct bfk_queue *queue, const struct bfk_submission *submission)
{
	struct bfk_job *job = queue->free, *next;
	struct bfk *bfk = submission->bfk;
	int err;

	if (has_reserved(submission))
		return -EINVAL;
	if (bfk->job)
		return -EBUSY;
	if (!job)
		return -EAGAIN;
	next = job->next;
	*job = (struct bfk_job){ .queue = queue,
				 .bfk = bfk,
				 .user_data = submission->user_data,
				 .result = bfk->last,
				 .flags = submission->flags };
	err = start(job, submission);
	if (err) {
		*job = (struct bfk_job){ .next = next };
		return err;
	}
	queue->free = next;
	queue->n_in_flight++;
	bfk->job = job;
	bfk->abandon = bfk_queue_abandon;
	return 0;
}

int bfk_submit_batch(struct bfk_queue *queue, const struct bfk_submission *submissions,
		     unsigned int n)
{
	unsigned int n_submitted = 0;
	int err = 0;

	pthread_mutex_lock(&queue->lock);
	while (n_submitted < n && !err) {
		err = submit(queue, &submissions[n_submitted]);
		n_submitted += !err;
	}
	if (queue->has_ring)
		bfk_uring_hand_over(queue);
	pthread_mutex_unlock(&queue->lock);
	return n_submitted ? (int)n_submitted : err;
}

int bfk_submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds, unsigned int n_fds,
	       uint64_t fuel, uint32_t flags, void *user_data)
{
	const struct bfk_submission submission = { .bfk = bfk,
						   .fds = fds,
						   .user_data = user_data,
						   .fuel = fuel,
						   .n_fds = n_fds,
						   .flags = flags };
	int n = bfk_submit_batch(queue, &submission, 1);

	return n < 0 ? n : 0;
}
