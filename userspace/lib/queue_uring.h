/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Runs of the queue over io_uring. The lock is held, except in open and close; ints are -errno. */
#ifndef BFK_LIB_QUEUE_URING_H
#define BFK_LIB_QUEUE_URING_H

#include "queue_job.h"

int bfk_uring_open(struct bfk_queue *queue);
void bfk_uring_close(struct bfk_queue *queue);
bool bfk_uring_takes(struct bfk_queue *queue, const struct bfk *bfk);

/* Prepares a run, which begins with bfk_uring_hand_over(). */
int bfk_uring_start(struct bfk_job *job);
void bfk_uring_hand_over(struct bfk_queue *queue);
int bfk_uring_cancel(struct bfk_job *job);

/* Ends the jobs whose completions are in the ring. */
void bfk_uring_reap(struct bfk_queue *queue);

#endif
