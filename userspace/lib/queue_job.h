/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The queue and its jobs: what the files of the queue share. queue.c and queue_submit.c implement
 * libbfk.h; a run goes through io_uring (queue_uring.c) or has a thread (queue_threads.c).
 *
 * Invariants:
 * 1. A job is free, in flight, or on the done list. All of it is under the queue's lock, except
 *    what a thread uses of its own job until that is done: result, and the instance.
 * 2. While there may be a completion on the done list or in the ring, the eventfd is readable,
 *    except while the thread that has read it looks.
 * 3. bfk->job is set from bfk_submit() until the completion is fetched, and the run has its files
 *    when bfk_submit() returns.
 */
#ifndef BFK_LIB_QUEUE_JOB_H
#define BFK_LIB_QUEUE_JOB_H

#include <liburing.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include "userspace/engine/engine.h"

/*
 * struct bfk_job - a run in flight, or a completion
 * @queue: the queue it belongs to
 * @bfk: the instance that runs; NULL: the job is free
 * @next: in the list of free or of done jobs
 * @user_data: the caller's
 * @flags: BFK_RUN_*, for each RUN of the run
 * @err: why the run was refused, or 0
 * @result: of the run; until its end, fuel_left is what it may still use
 * @is_cancelled: bfk_cancel() has asked for its end; after any other stop it continues
 * @is_cancelling: the ring has a request to cancel it
 * @is_done: on the done list
 * @is_abandoned: no completion is to be reported
 * @is_timed: @timer exists
 * @via: enum bfk_via
 * @args: arguments of RUN, for the ring
 * @thread: the thread that runs it
 * @tid: that thread's number while it may be signalled, else 0
 * @timer: signals the thread until it has stopped
 */
struct bfk_job {
	struct bfk_queue *queue;
	struct bfk *bfk;
	struct bfk_job *next;
	void *user_data;
	uint32_t flags;
	int err;
	struct bfk_result result;
	atomic_bool is_cancelled;
	bool is_cancelling, is_done, is_abandoned, is_timed;
	enum bfk_via via;
	struct bfk_run_args args;
	pthread_t thread;
	pid_t tid;
	timer_t timer;
};

/*
 * struct bfk_queue - see libbfk.h
 * @event_fd: readable while there may be a completion to fetch
 * @has_ring: @ring exists
 * @is_asked: @takes_uring is known
 * @takes_uring: instances of the kernel take RUN through io_uring
 * @n_starts, @n_claimed: runs given to the ring, and those known to have a worker
 * @look_ns: delay of the next check whether all have one
 * @is_looking: the timeout for that check is in the ring
 * @signo: the signal that stops threads; 0: none taken yet
 * @n_max: number of jobs
 * @n_in_flight: jobs that are not free
 * @n_waiting: threads that wait for the eventfd
 * @lock: protects the queue and its jobs
 * @free: unused jobs
 * @done, @done_tail: completions to fetch, in the order they came
 * @jobs: all of them
 */
struct bfk_queue {
	int event_fd;
	bool has_ring, is_asked, takes_uring;
	struct io_uring ring;
	uint64_t n_starts, n_claimed, look_ns;
	bool is_looking;
	int signo;
	unsigned int n_max, n_in_flight, n_waiting;
	pthread_mutex_t lock;
	struct bfk_job *free, *done, **done_tail;
	struct bfk_job jobs[];
};

/* Makes the descriptor readable. */
void bfk_queue_set_event(const struct bfk_queue *queue);

/*
 * End a job, with the lock held: with @err, or as cancelled. A thread must then make the descriptor
 * readable; callers that reap the ring look at the done list themselves.
 */
void bfk_job_done(struct bfk_job *job, int err);
void bfk_job_cancelled(struct bfk_job *job);

#endif
