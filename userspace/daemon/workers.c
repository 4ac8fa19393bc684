// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: the threads that do the jobs. Interface: workers.h */
#include "workers.h"
#include "bfkd.h"
#include "compile.h"
#include "jobs.h"
#include "refuse.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>

static void *work(void *unused)
{
	struct bfkd_client *client;
	bool is_late, is_done;

	(void)unused;
	for (;;) {
		client = bfkd_job_take(&is_late);
		is_done = true;
		if (is_late)
			bfkd_client_refuse(client, ESHUTDOWN, "the service is stopping");
		else
			is_done = bfkd_compile(client);
		if (is_done)
			bfkd_job_finish(client);
	}
	return NULL;
}

bool bfkd_workers_start(unsigned int n)
{
	sigset_t all, before;
	pthread_t thread;
	int err = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (n-- && !err)
		err = pthread_create(&thread, NULL, work, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = err;
	return !err;
}
