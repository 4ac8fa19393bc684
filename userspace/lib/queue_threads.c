// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Runs over threads, one each: for engines of this process, and where there is no io_uring.
 *
 * How a thread is stopped: the kernel's RUN, and system calls here, come back when a signal handler
 * ran, and code of this process that only computes looks at what bfk_interrupt() sets. The signal is a real-time one that
 * had its default action, the highest such. It gets a handler that does nothing while there are
 * queues that use threads. It is only ever sent to threads of this file, by timers that name
 * them (SIGEV_THREAD_ID), and these block all other signals: the caller's threads and handlers never
 * see anything of it. A signal that comes just before a system call is without effect, so
 * the timer goes on until the thread has stopped.
 *
 * Interface: queue_threads.h
 * Invariants:
 * 1. While a timer is there, the thread it names is: the thread deletes it, under the lock.
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

/* Signal actions are the process's, and so is this: the signal, and how many queues use it. */
static pthread_mutex_t signal_lock = PTHREAD_MUTEX_INITIALIZER;
static int signal_number;
static unsigned int n_signal_users;

static void do_nothing(int signo)
{
	(void)signo;
}

/* Returns a signal that nobody has a use for, 0 if there is none. */
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

/* Continues with what is left of the fuel. */
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

/* The thread inherits that all signals are blocked. */
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

/* A thread that is not signalled yet looks at is_cancelled before it begins. */
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
