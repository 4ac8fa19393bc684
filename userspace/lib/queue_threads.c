// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Runs in threads, one each: for engines of this process, and where there is no io_uring.
 *
 * How a thread is stopped: the kernel's RUN, and system calls here, return when a signal handler
 * has run, and code of this process that only computes checks what bfk_interrupt() sets. The signal
 * is the highest real-time signal that had its default action. While any queue uses threads, its
 * handler is one that does nothing. Only timers send it, to the threads of this file by name
 * (SIGEV_THREAD_ID), and these threads block all other signals: the caller's threads and handlers
 * never see it. A signal that arrives just before a system call has no effect, so the timer repeats
 * until the thread has stopped.
 *
 * Interface: queue_threads.h
 * Invariants:
 * 1. A timer never outlives the thread it names: the thread deletes it, under the lock.
 */
#define _GNU_SOURCE
#include "queue_threads.h"
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define AGAIN_NS 10000000 /* between two signals to a thread that is to stop */

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* Signal actions belong to the process, and so do the signal and the number of its users. */
static pthread_mutex_t signal_lock = PTHREAD_MUTEX_INITIALIZER;
static int signal_number;
static unsigned int n_signal_users;

static void do_nothing(int signo)
{
	(void)signo;
}

/* Returns an unused signal, now with a handler; 0: there is none. */
static int take_signal(void)
{
	const struct sigaction action = { .sa_handler = do_nothing };
	struct sigaction old;
	int signo;

	for (signo = SIGRTMAX; signo >= SIGRTMIN; signo--)
		if (!sigaction(signo, NULL, &old) && old.sa_handler == SIG_DFL &&
		    !sigaction(signo, &action, NULL))
			return signo;
	return 0;
}

static int get_signal(struct bfk_queue *queue)
{
	if (queue->signo)
		return 0;
	pthread_mutex_lock(&signal_lock);
	if (!n_signal_users)
		signal_number = take_signal();
	queue->signo = signal_number;
	n_signal_users += queue->signo != 0;
	pthread_mutex_unlock(&signal_lock);
	return queue->signo ? 0 : -EAGAIN;
}

void bfk_thread_close(struct bfk_queue *queue)
{
	if (!queue->signo)
		return;
	pthread_mutex_lock(&signal_lock);
	if (!--n_signal_users)
		signal(signal_number, SIG_DFL);
	pthread_mutex_unlock(&signal_lock);
}

/* Continues with the fuel that is left. */
static int continue_run(struct bfk_job *job)
{
	struct bfk_run_args args = { .fuel = job->result.fuel_left, .flags = job->flags };
	int err = bfk_engine_run(job->bfk, &args);

	if (!err)
		bfk_result_set_run(&job->result, &args);
	return err;
}

static void *thread_main(void *arg)
{
	struct bfk_job *job = arg;
	struct bfk_queue *queue = job->queue;
	bool stopped = true;
	sigset_t signals;
	int err = 0;

	sigemptyset(&signals);
	sigaddset(&signals, queue->signo);
	pthread_mutex_lock(&queue->lock);
	job->tid = gettid();
	pthread_mutex_unlock(&queue->lock);
	pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
	while (!err && stopped && !job->is_cancelled) {
		err = continue_run(job);
		stopped = job->result.status == BFK_STATUS_SIGNAL;
	}
	pthread_mutex_lock(&queue->lock);
	job->tid = 0;
	atomic_store(&job->bfk->interrupted, false);
	if (job->is_timed)
		timer_delete(job->timer);
	if (!err && stopped)
		bfk_job_cancelled(job);
	else
		bfk_job_done(job, err);
	bfk_queue_set_event(queue);
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* The thread inherits a mask that blocks all signals. */
int bfk_thread_start(struct bfk_job *job)
{
	int err = get_signal(job->queue);
	sigset_t all, old;

	if (err)
		return err;
	job->via = BFK_VIA_THREAD;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&job->thread, NULL, thread_main, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		job->via = BFK_VIA_URING; /* so that nobody joins it */
	return -err;
}

/* A thread that has not set tid yet checks is_cancelled before it runs anything. */
int bfk_thread_cancel(struct bfk_job *job)
{
	const struct itimerspec spec = { .it_value.tv_nsec = 1, .it_interval.tv_nsec = AGAIN_NS };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = job->queue->signo };

	bfk_interrupt(job->bfk);
	if (!job->tid || job->is_timed)
		return 0;
	event.sigev_notify_thread_id = job->tid;
	if (timer_create(CLOCK_MONOTONIC, &event, &job->timer))
		return -errno;
	job->is_timed = true;
	timer_settime(job->timer, 0, &spec, NULL);
	return 0;
}

void bfk_thread_finish(struct bfk_job *job)
{
	pthread_join(job->thread, NULL);
}
