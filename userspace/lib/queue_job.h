/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The queue and its jobs: what the files of the queue share. queue.c does what libbfk.h promises,
 * and the runs go over io_uring (queue_uring.c) or a thread each (queue_threads.c).
 *
 * Invariants:
 * 1. A job is free, in flight, or on the done list. All of it is under the queue's lock, but for what
 *    a thread has of its own job until that is done: result, and the instance.
 * 2. While the done list is not empty, or there may be something in the ring, the eventfd is readable, but
 *    for the moment in which somebody who has read it looks.
 * 3. bfk->job is set from bfk_submit() until its completion is fetched, and the run has its files
 *    from before bfk_submit() returned.
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
 * @queue: it is of
 * @bfk: what runs, NULL: the job is free
 * @next: in the free or the done list
 * @user_data: the caller's
 * @flags: BFK_RUN_*, of each RUN that the run takes
 * @err: the run was refused
 * @result: what it gave; before, fuel_left is what it may still use
 * @is_cancelled: bfk_cancel() has asked for its end; what else stops it is no end
 * @is_cancelling: the ring has a request to cancel it
 * @is_done: on the done list
 * @is_abandoned: nobody is to be told
 * @is_timed: @timer is there
 * @via: enum bfk_via
 * @args: of RUN, for the ring
 * @thread: that has it
 * @tid: that thread's number while it may be signalled, else 0
 * @timer: signals it until it has stopped
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
 * @event_fd: tells that there may be something to fetch
 * @has_ring: @ring is there
 * @is_asked, @takes_uring: an instance was asked whether the kernel's take calls through io_uring; they do
 * @n_starts, @n_claimed: runs given to the ring, and those that are known to have a worker
 * @look_ns: after which time to find out whether all have one
 * @is_looking: a timeout in the ring says when that is
 * @signo: stops threads; 0: there was none yet
 * @n_max: jobs there are
 * @n_in_flight: jobs that are not free
 * @n_waiting: threads that wait for the eventfd
 * @lock: of all that follows, and of the jobs
 * @free: jobs nobody uses
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
 * The job ends, with the lock held: with @err, or because it was stopped as it was asked to. A thread then
 * has to make the descriptor readable; who reaps the ring looks at the done list itself.
 */
void bfk_job_done(struct bfk_job *job, int err);
void bfk_job_cancelled(struct bfk_job *job);

#endif
