/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Runs of the queue by a thread each. All are called with the lock held, and return -errno. */
#ifndef BFK_LIB_QUEUE_THREADS_H
#define BFK_LIB_QUEUE_THREADS_H

#include "queue_job.h"

int bfk_thread_start(struct bfk_job *job);
int bfk_thread_cancel(struct bfk_job *job);

/* Of a job that is done. */
void bfk_thread_finish(struct bfk_job *job);

/* After all of them. */
void bfk_thread_close(struct bfk_queue *queue);

#endif
