// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The end of a job. Interface: queue_job.h */
#include "queue_job.h"
#include <sys/eventfd.h>

/* If this fails the counter is full, so the descriptor is readable already. */
void bfk_queue_set_event(const struct bfk_queue *queue)
{
	eventfd_write(queue->event_fd, 1);
}

void bfk_job_done(struct bfk_job *job, int err)
{
	struct bfk_queue *queue = job->queue;

	job->err = err;
	job->is_done = true;
	job->next = NULL;
	*queue->done_tail = job;
	queue->done_tail = &job->next;
}

/* The same for a job that was cancelled, perhaps before it began. */
void bfk_job_cancelled(struct bfk_job *job)
{
	job->result.status = BFK_STATUS_SIGNAL;
	bfk_job_done(job, 0);
}
