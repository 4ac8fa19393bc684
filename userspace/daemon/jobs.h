/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: jobs for the workers, and their order. */
#ifndef BFK_DAEMON_JOBS_H
#define BFK_DAEMON_JOBS_H

#include "bfkd.h"

/* Returns the descriptor that becomes readable when a job is finished, or -errno. */
int bfkd_jobs_init(void);
void bfkd_job_add(struct bfkd_client *client);

/* Puts back a job that had to wait after a worker began it; it is the next of its user. */
void bfkd_job_resume(struct bfkd_client *client);
struct bfkd_client *bfkd_jobs_done(void);
unsigned int bfkd_jobs_count(void);
void bfkd_jobs_stop(void);

/*
 * For a worker: waits for a job, which the worker owns until bfkd_job_finish(). @is_late: the
 * service is stopping, so the job must be refused.
 */
struct bfkd_client *bfkd_job_take(bool *is_late);
void bfkd_job_finish(struct bfkd_client *client);

#endif
