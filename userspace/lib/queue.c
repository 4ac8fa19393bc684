// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The queue: runs in flight and their completions.
 *
 * Interface: libbfk.h
 * Invariants: queue_job.h
 */
#define _GNU_SOURCE
#include "queue.h"
#include "queue_job.h"
#include "queue_threads.h"
#include "queue_uring.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "userspace/engine/clock.h"

#define ASK_AGAIN_NS 100000000 /* until a run that has not stopped is asked again */

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

/* Returns a job, which is on no list, to the free ones. */
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

/* Takes a job off the done list: @job, or with NULL the first that is not abandoned. */
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

/*
 * Clears the eventfd, then takes completions from the ring. The caller sets the eventfd again if
 * any are left on the done list.
 */
static void clear_event(struct bfk_queue *queue)
{
	eventfd_t count;

	eventfd_read(queue->event_fd, &count);
	if (queue->has_ring)
		bfk_uring_reap(queue);
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

/*
 * Whoever reads the eventfd takes it from all others that wait for it: sets it again if there is more to fetch,
 * or if they would now wait for a run that is no longer in flight.
 */
static void pass_on(const struct bfk_queue *queue)
{
	if (queue->done || (queue->n_waiting && !queue->n_in_flight))
		bfk_queue_set_event(queue);
}

void bfk_queue_abandon(struct bfk *bfk)
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
		clear_event(queue);
		is_over = take_done(queue, job);
		if (is_over)
			release(job);
		pass_on(queue);
		pthread_mutex_unlock(&queue->lock);
		if (is_over)
			return;
		/* Another thread may have read the event, or timer_create() may have failed. */
		if (wait_event(queue, bfk_clock_ns() + ASK_AGAIN_NS) == -ETIME)
			bfk_cancel(queue, bfk);
	}
}

/* Takes at most @n completions off the done list. */
static unsigned int take_all(struct bfk_queue *queue, struct bfk_completion *completions,
			     unsigned int n)
{
	unsigned int n_taken = 0;
	struct bfk_job *job;

	while (n_taken < n) {
		job = take_done(queue, NULL);
		if (!job)
			break;
		completions[n_taken++] = (struct bfk_completion){ .bfk = job->bfk,
								  .user_data = job->user_data,
								  .err = job->err,
								  .via = job->via,
								  .result = job->result };
		release(job);
	}
	return n_taken;
}

/*
 * Returns what bfk_wait() finds without waiting; -EAGAIN: nothing yet. Looks at the ring first,
 * which takes no system call. @is_told: the eventfd is readable, so this must read it.
 */
static int try_wait(struct bfk_queue *queue, struct bfk_completion *completions, unsigned int n,
		    bool is_told)
{
	unsigned int n_taken;

	if (is_told)
		clear_event(queue);
	else if (queue->has_ring)
		bfk_uring_reap(queue);
	n_taken = take_all(queue, completions, n);
	if (n_taken && !queue->done && !is_told)
		clear_event(queue);
	pass_on(queue);
	if (n_taken)
		return n_taken;
	return queue->n_in_flight ? -EAGAIN : -ENOENT;
}

int bfk_wait_batch(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completions,
		   unsigned int n)
{
	uint64_t end = timeout_ns < 0 ? UINT64_MAX : bfk_clock_ns() + timeout_ns;
	int ret, err;

	if (!n)
		return -EINVAL;
	pthread_mutex_lock(&queue->lock);
	ret = try_wait(queue, completions, n, false);
	while (ret == -EAGAIN) {
		queue->n_waiting++;
		pthread_mutex_unlock(&queue->lock);
		err = wait_event(queue, end);
		pthread_mutex_lock(&queue->lock);
		queue->n_waiting--;
		ret = err ? err : try_wait(queue, completions, n, true);
	}
	pthread_mutex_unlock(&queue->lock);
	return ret;
}

int bfk_wait(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completion)
{
	int n = bfk_wait_batch(queue, timeout_ns, completion, 1);

	return n < 0 ? n : 0;
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
