/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Runs of the queue in a thread each. The lock is held, except in close; ints are -errno. */
#ifndef BFK_LIB_QUEUE_THREADS_H
#define BFK_LIB_QUEUE_THREADS_H

#include "queue_job.h"

int bfk_thread_start(struct bfk_job *job);
int bfk_thread_cancel(struct bfk_job *job);

/* Joins the thread of a job that is done. */
void bfk_thread_finish(struct bfk_job *job);

/* Gives the signal back, when the queue has no threads. */
void bfk_thread_close(struct bfk_queue *queue);

#endif
