// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Runs over io_uring: a RUN of bfk/uapi.h by IORING_OP_URING_CMD, on a worker of the kernel.
 *
 * Interface: queue_uring.h
 * The kernel's pool sometimes counts a worker as free that is about to take other work, and starts
 * no new one. Where programs only compute, a run then waits until another has ended. So some time
 * after a run the queue submits a marker, a request that does nothing, for which the pool starts a
 * worker too. Workers take requests in order, so a marker that completes shows that all runs before
 * it have a worker; until one does, the queue submits more.
 *
 * Invariants:
 * 1. The user data of a RUN is the address of its job, which lives until the ring has ended it; of
 *    a marker, 2 * n_starts + 1 as of its submission; of the timeout before a marker, LOOK. The
 *    address plus CANCEL is that of a request to cancel the job; plus AGAIN, that of the timeout
 *    before another such request. Both may complete when the job is over, or is another run: at
 *    worst that cancels again what is cancelled, which does no harm.
 */
#define _GNU_SOURCE
#include "queue_uring.h"
#include "queue_threads.h"
#include <assert.h>
#include <errno.h>
#include <sys/ioctl.h>
#include "userspace/engine/clock.h"

#define LOOK 1
#define CANCEL 2
#define AGAIN 4
#define TAGS 7
#define LOOK_NS 10000000 /* after a start; doubled each time, so markers stay few */
/*
 * Completions that the ring may have to hold at once: of a job, its run, the request that cancels
 * it and the timeout before another; of the queue, timeouts and markers. When the ring is full, the
 * kernel keeps completions elsewhere and does not signal the eventfd, so a caller may wait for
 * ever.
 */
#define CQES_OF_JOB 4
#define CQES_OF_QUEUE 64
#define CQES_MAX 65536	 /* what the kernel allows */
#define AGAIN_NS 1000000 /* until the next request to cancel a run that was not found */

static_assert(_Alignof(struct bfk_job) > TAGS, "an address has room for them");

/* A run keeps a worker until it ends, so each job needs one: a run may wait for another. */
static void add_workers(struct bfk_queue *queue)
{
	unsigned int n[2] = { 0, 0 }; /* bounded ones, others; 0: only query */

	if (io_uring_register_iowq_max_workers(&queue->ring, n))
		return;
	n[0] += queue->n_max;
	n[1] = 0;
	io_uring_register_iowq_max_workers(&queue->ring, n);
}

int bfk_uring_open(struct bfk_queue *queue)
{
	struct io_uring_params params = { .flags = IORING_SETUP_CQSIZE };
	uint64_t n = CQES_OF_QUEUE + (uint64_t)CQES_OF_JOB * queue->n_max;
	int err;

	params.cq_entries = n < CQES_MAX ? n : CQES_MAX;
	err = io_uring_queue_init_params(queue->n_max, &queue->ring, &params);
	if (err)
		return err;
	err = io_uring_register_eventfd(&queue->ring, queue->event_fd);
	if (err)
		io_uring_queue_exit(&queue->ring);
	else
		add_workers(queue);
	return err;
}

void bfk_uring_close(struct bfk_queue *queue)
{
	io_uring_queue_exit(&queue->ring);
}

/* All instances of the kernel are of one module, so one of them is asked once. */
bool bfk_uring_takes(struct bfk_queue *queue, const struct bfk *bfk)
{
	struct bfk_info_args info = {};
	int fd = bfk->ops->fd(bfk);

	if (!queue->has_ring || fd < 0)
		return false;
	if (!queue->is_asked)
		queue->takes_uring = !ioctl(fd, BFK_INFO, &info) &&
				     info.features & BFK_FEATURE_URING;
	queue->is_asked = true;
	return queue->takes_uring;
}

/* Hands @sqe, the only one prepared, to the kernel. After a failure it must not go later. */
static int submit(struct bfk_queue *queue, struct io_uring_sqe *sqe)
{
	int n = io_uring_submit(&queue->ring);

	if (n > 0)
		return 0;
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, NULL);
	return n ? n : -EAGAIN;
}

/* Prepares a timeout of @ns. @later must stay until it is submitted. NULL: there is no room. */
static struct io_uring_sqe *prepare_timeout(struct bfk_queue *queue,
					    struct __kernel_timespec *later, uint64_t ns,
					    uint64_t data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&queue->ring);

	if (!sqe)
		return NULL;
	*later = (struct __kernel_timespec){ .tv_sec = ns / BFK_NS_PER_S,
					     .tv_nsec = ns % BFK_NS_PER_S };
	io_uring_prep_timeout(sqe, later, 0, 0);
	io_uring_sqe_set_data64(sqe, data);
	return sqe;
}

static int set_timeout(struct bfk_queue *queue, uint64_t ns, uint64_t data)
{
	struct __kernel_timespec later;
	struct io_uring_sqe *sqe = prepare_timeout(queue, &later, ns, data);

	return sqe ? submit(queue, sqe) : -EAGAIN;
}

static void look_later(struct bfk_queue *queue)
{
	queue->is_looking = !set_timeout(queue, queue->look_ns, LOOK);
}

static void mark(struct bfk_queue *queue)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&queue->ring);

	if (!sqe)
		return;
	io_uring_prep_nop(sqe);
	sqe->flags = IOSQE_ASYNC;
	io_uring_sqe_set_data64(sqe, 2 * queue->n_starts + 1);
	submit(queue, sqe);
}

/* Has every run a worker? */
static void look(struct bfk_queue *queue)
{
	queue->is_looking = false;
	if (queue->n_claimed == queue->n_starts)
		return;
	mark(queue);
	queue->look_ns *= 2;
	look_later(queue);
}

/*
 * Prepares to start or continue a run with the fuel that is left. Without IOSQE_ASYNC, a program
 * that only computes would keep those queued after it from getting a worker, and 6.12 would look
 * for args in the ring when the worker begins.
 */
int bfk_uring_start(struct bfk_job *job)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&job->queue->ring);

	if (!sqe)
		return -EAGAIN;
	job->via = BFK_VIA_URING;
	job->args = (struct bfk_run_args){ .fuel = job->result.fuel_left, .flags = job->flags };
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, job->bfk->ops->fd(job->bfk), NULL, 0, 0);
	sqe->flags = IOSQE_ASYNC;
	sqe->cmd_op = BFK_RUN;
	*(uint64_t *)sqe->cmd = (uintptr_t)&job->args;
	io_uring_sqe_set_data(sqe, job);
	return 0;
}

/* Takes back an entry that the kernel has not taken, and must not take later: a thread runs it. */
static void take_back(struct bfk_queue *queue, struct io_uring_sqe *sqe)
{
	struct bfk_job *job = (struct bfk_job *)(uintptr_t)sqe->user_data;
	bool is_look = sqe->user_data == LOOK;
	int err;

	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, NULL);
	queue->is_looking &= !is_look;
	if (is_look || !job)
		return;
	queue->n_starts--;
	err = bfk_thread_start(job);
	if (!err)
		return;
	bfk_job_done(job, err);
	bfk_queue_set_event(queue);
}

/* Hands all prepared runs, and the timeout before a marker, to the kernel in one call. */
void bfk_uring_hand_over(struct bfk_queue *queue)
{
	unsigned int n_starts = io_uring_sq_ready(&queue->ring), n_ready, first, i;
	struct io_uring_sq *sq = &queue->ring.sq;
	struct __kernel_timespec later;

	if (!n_starts)
		return;
	queue->n_starts += n_starts;
	queue->look_ns = LOOK_NS;
	if (!queue->is_looking)
		queue->is_looking = prepare_timeout(queue, &later, queue->look_ns, LOOK);
	n_ready = io_uring_sq_ready(&queue->ring);
	first = *sq->khead;
	i = io_uring_submit(&queue->ring) < 0 ? 0 : *sq->khead - first;
	for (; i < n_ready; i++)
		take_back(queue, &sq->sqes[(first + i) & (*sq->kring_mask)]);
}

/* One request at a time: end_cancel() repeats one that did not find its run. */
int bfk_uring_cancel(struct bfk_job *job)
{
	struct io_uring_sqe *sqe;
	int err;

	if (job->is_cancelling)
		return 0;
	sqe = io_uring_get_sqe(&job->queue->ring);
	if (!sqe)
		return -EAGAIN;
	io_uring_prep_cancel(sqe, job, 0);
	io_uring_sqe_set_data64(sqe, (uintptr_t)job + CANCEL);
	err = submit(job->queue, sqe);
	job->is_cancelling = !err;
	return err;
}

/*
 * While a worker takes a run, it is on no list of the kernel for a moment, and is not found. (Nor
 * is a run that is over, whose completion may arrive later.)
 */
static void end_cancel(struct bfk_job *job, int res)
{
	job->is_cancelling = false;
	if (res == -ENOENT && job->bfk && !job->is_done)
		set_timeout(job->queue, AGAIN_NS, (uintptr_t)job + AGAIN);
}

static void cancel_again(struct bfk_job *job)
{
	if (job->bfk && !job->is_done && job->is_cancelled && job->via == BFK_VIA_URING)
		bfk_uring_cancel(job);
}

/*
 * Continues a run that stopped although it was not cancelled: because the process was stopped, by a
 * debugger, or because the thread that submitted it ended. A run that has not begun found no
 * worker: a thread takes it.
 */
static void go_on(struct bfk_job *job, int res)
{
	int err = res == -EINTR ? bfk_uring_start(job) : -ECANCELED;

	if (!err)
		bfk_uring_hand_over(job->queue);
	else
		err = bfk_thread_start(job);
	if (err)
		bfk_job_done(job, err);
}

static void end(struct bfk_job *job, int res)
{
	if (!res || res == -EINTR)
		bfk_result_set_run(&job->result, &job->args);
	if (res != -EINTR && res != -ECANCELED)
		bfk_job_done(job, res);
	else if (job->is_cancelled)
		bfk_job_cancelled(job);
	else
		go_on(job, res);
}

/* A marker that was cancelled, because its thread ended, shows nothing. */
static void end_marker(struct bfk_queue *queue, uint64_t n_starts, int res)
{
	if (!res && queue->n_claimed < n_starts)
		queue->n_claimed = n_starts;
}

static void end_entry(struct bfk_queue *queue, uint64_t data, int res)
{
	struct bfk_job *job = (struct bfk_job *)(uintptr_t)(data & ~(uint64_t)TAGS);

	if (data == LOOK)
		look(queue);
	else if (data & 1)
		end_marker(queue, data / 2, res);
	else if (data & CANCEL)
		end_cancel(job, res);
	else if (data & AGAIN)
		cancel_again(job);
	else if (data)
		end(job, res);
}

void bfk_uring_reap(struct bfk_queue *queue)
{
	struct io_uring_cqe *cqe;
	uint64_t data;
	int res;

	while (!io_uring_peek_cqe(&queue->ring, &cqe)) {
		data = io_uring_cqe_get_data64(cqe);
		res = cqe->res;
		io_uring_cqe_seen(&queue->ring, cqe);
		end_entry(queue, data, res);
	}
}
