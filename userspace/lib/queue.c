// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The queue: runs in flight and their completions.
 *
 * Interface: libbfk.h
 * Invariants: queue_job.h
 */
#define _GNU_SOURCE
#include "queue_job.h"
#include "queue_threads.h"
#include "queue_uring.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "userspace/engine/clock.h"

#define ASK_AGAIN_NS 100000000 /* before a run that has not stopped is asked again to do so */

int bfk_queue_create(struct bfk_queue **queue_out, unsigned int n_max, uint32_t flags)
{
	struct bfk_queue *queue;
	unsigned int i;
	int err;

	*queue_out = NULL;
	if (!n_max || n_max > BFK_QUEUE_MAX || flags & ~BFK_QUEUE_THREADS)
		return -EINVAL;
	queue = calloc(1, sizeof(*queue) + n_max * sizeof(*queue->jobs));
	if (!queue)
		return -ENOMEM;
	queue->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->event_fd < 0) {
		err = -errno;
		free(queue);
		return err;
	}
	pthread_mutex_init(&queue->lock, NULL);
	queue->n_max = n_max;
	queue->done_tail = &queue->done;
	queue->free = queue->jobs;
	for (i = 0; i + 1 < n_max; i++)
		queue->jobs[i].next = &queue->jobs[i + 1];
	if (!(flags & BFK_QUEUE_THREADS))
		queue->has_ring = !bfk_uring_open(queue);
	*queue_out = queue;
	return 0;
}

void bfk_queue_destroy(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	if (!queue)
		return;
	do
		bfk_cancel(queue, NULL);
	while (bfk_wait(queue, ASK_AGAIN_NS, &completion) != -ENOENT);
	if (queue->has_ring)
		bfk_uring_close(queue);
	bfk_thread_close(queue);
	pthread_mutex_destroy(&queue->lock);
	close(queue->event_fd);
	free(queue);
}

int bfk_queue_fd(const struct bfk_queue *queue)
{
	return queue->event_fd;
}

/* A job that is on no list any more, back to the free ones. */
static void release(struct bfk_job *job)
{
	struct bfk_queue *queue = job->queue;

	if (job->via == BFK_VIA_THREAD)
		bfk_thread_finish(job);
	if (!job->err)
		job->bfk->last = job->result;
	job->bfk->job = NULL;
	*job = (struct bfk_job){ .next = queue->free };
	queue->free = job;
	queue->n_in_flight--;
}

/* Takes a job off the done list: @job, or with NULL the first that somebody is to be told of. */
static struct bfk_job *take_done(struct bfk_queue *queue, const struct bfk_job *job)
{
	struct bfk_job **link = &queue->done, *found;

	while (*link && (job ? *link != job : (*link)->is_abandoned))
		link = &(*link)->next;
	found = *link;
	if (!found)
		return NULL;
	*link = found->next;
	if (!*link)
		queue->done_tail = link;
	return found;
}

/* take_done(), after a look at what has ended. */
static struct bfk_job *fetch(struct bfk_queue *queue, const struct bfk_job *wanted)
{
	struct bfk_job *job;
	eventfd_t count;

	eventfd_read(queue->event_fd, &count);
	if (queue->has_ring)
		bfk_uring_reap(queue);
	job = take_done(queue, wanted);
	if (queue->done)
		bfk_queue_set_event(queue);
	return job;
}

/* Waits for the eventfd until @end, in ns of CLOCK_MONOTONIC. */
static int wait_event(const struct bfk_queue *queue, uint64_t end)
{
	struct pollfd pollfd = { .fd = queue->event_fd, .events = POLLIN };
	uint64_t now = bfk_clock_ns(), rest = end > now ? end - now : 0;
	struct timespec timeout = bfk_clock_timespec(rest);
	int n = ppoll(&pollfd, 1, end == UINT64_MAX ? NULL : &timeout, NULL);

	return n > 0 ? 0 : n ? -errno : -ETIME;
}

/* Takes @bfk out of flight, for good: its queue has nothing more to say of it. */
static void abandon(struct bfk *bfk)
{
	struct bfk_job *job = bfk->job;
	struct bfk_queue *queue = job->queue;
	bool is_over;

	pthread_mutex_lock(&queue->lock);
	job->is_abandoned = true;
	pthread_mutex_unlock(&queue->lock);
	bfk_cancel(queue, bfk);
	for (;;) {
		pthread_mutex_lock(&queue->lock);
		is_over = fetch(queue, job);
		if (is_over)
			release(job);
		pthread_mutex_unlock(&queue->lock);
		if (is_over)
			return;
		/* Another thread may have used up the event, or there was no timer to be had. */
		if (wait_event(queue, bfk_clock_ns() + ASK_AGAIN_NS) == -ETIME)
			bfk_cancel(queue, bfk);
	}
}

/* Starts the run with no fuel, which only takes the files, and lets it go on elsewhere. */
static int submit(struct bfk_job *job, const int *fds, unsigned int n_fds, uint64_t fuel)
{
	struct bfk_run_args args = { .fds = (uintptr_t)fds, .n_fds = n_fds, .flags = job->flags };
	struct bfk *bfk = job->bfk;
	int err = n_fds ? bfk->ops->run(bfk, &args) : 0;

	if (err)
		return err;
	if (n_fds)
		bfk_result_set_run(&job->result, &args);
	job->result.fuel_left = fuel;
	err = bfk_uring_takes(job->queue, bfk) ? bfk_uring_start(job) : bfk_thread_start(job);
	if (err && n_fds)
		bfk->ops->reset(bfk, BFK_RESET_KEEP_TAPE);
	return err;
}

int bfk_submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds, unsigned int n_fds,
	       uint64_t fuel, uint32_t flags, void *user_data)
{
	struct bfk_job *job, *next;
	int err;

	pthread_mutex_lock(&queue->lock);
	job = queue->free;
	err = bfk->job ? -EBUSY : job ? 0 : -EAGAIN;
	if (!err) {
		next = job->next;
		*job = (struct bfk_job){ .queue = queue,
					 .bfk = bfk,
					 .user_data = user_data,
					 .result = bfk->last,
					 .flags = flags };
		err = submit(job, fds, n_fds, fuel);
		if (err) {
			*job = (struct bfk_job){ .next = next };
		} else {
			queue->free = next;
			queue->n_in_flight++;
			bfk->job = job;
			bfk->abandon = abandon;
		}
	}
	pthread_mutex_unlock(&queue->lock);
	return err;
}

/* What bfk_wait() finds without waiting; -EAGAIN: nothing yet. */
static int try_wait(struct bfk_queue *queue, struct bfk_completion *completion)
{
	struct bfk_job *job;
	int err = 0;

	pthread_mutex_lock(&queue->lock);
	job = fetch(queue, NULL);
	if (job) {
		*completion = (struct bfk_completion){ .bfk = job->bfk,
						       .user_data = job->user_data,
						       .err = job->err,
						       .via = job->via,
						       .result = job->result };
		release(job);
	} else {
		err = queue->n_in_flight ? -EAGAIN : -ENOENT;
	}
	pthread_mutex_unlock(&queue->lock);
	return err;
}

int bfk_wait(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completion)
{
	uint64_t end = timeout_ns < 0 ? UINT64_MAX : bfk_clock_ns() + timeout_ns;
	int err;

	for (;;) {
		err = try_wait(queue, completion);
		if (err != -EAGAIN)
			return err;
		err = wait_event(queue, end);
		if (err)
			return err;
	}
}

static int cancel(struct bfk_job *job)
{
	job->is_cancelled = true;
	return job->via == BFK_VIA_THREAD ? bfk_thread_cancel(job) : bfk_uring_cancel(job);
}

int bfk_cancel(struct bfk_queue *queue, struct bfk *bfk)
{
	int err = -ENOENT, ret;
	struct bfk_job *job;

	pthread_mutex_lock(&queue->lock);
	for (job = queue->jobs; job < queue->jobs + queue->n_max; job++) {
		if (!job->bfk || job->is_done || (bfk && job->bfk != bfk))
			continue;
		ret = cancel(job);
		if (ret || err == -ENOENT)
			err = ret;
	}
	pthread_mutex_unlock(&queue->lock);
	return err;
}
