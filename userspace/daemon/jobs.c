// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: jobs for the workers, and their order. Any thread.
 *
 * Interface: jobs.h
 * Invariants:
 * 1. `lock` guards the queues. A user with jobs is in the ring of waiting users once; taking one of
 *    its jobs moves it to the end, so each user has its turn whatever others have queued.
 */
#include "jobs.h"
#include "bfkd.h"
#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t added = PTHREAD_COND_INITIALIZER;
static struct bfkd_user *first_waiting, *last_waiting;
static struct bfkd_client *done;
static unsigned int n_jobs;
static bool is_stopping;
static int done_fd;

static void add_waiting(struct bfkd_user *user)
{
	user->next_waiting = NULL;
	*(first_waiting ? &last_waiting->next_waiting : &first_waiting) = user;
	last_waiting = user;
}

/* The next job of the user whose turn it is. */
static struct bfkd_client *next_job(void)
{
	struct bfkd_user *user = first_waiting;
	struct bfkd_client *client = user->jobs;

	first_waiting = user->next_waiting;
	user->jobs = client->next;
	if (user->jobs)
		add_waiting(user);
	return client;
}

struct bfkd_client *bfkd_job_take(bool *is_late)
{
	struct bfkd_client *client;

	pthread_mutex_lock(&lock);
	while (!first_waiting)
		pthread_cond_wait(&added, &lock);
	client = next_job();
	*is_late = is_stopping;
	pthread_mutex_unlock(&lock);
	return client;
}

void bfkd_job_finish(struct bfkd_client *client)
{
	uint64_t one = 1;

	pthread_mutex_lock(&lock);
	client->next = done;
	done = client;
	while (write(done_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_mutex_unlock(&lock);
}

int bfkd_jobs_init(void)
{
	done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return done_fd < 0 ? -errno : done_fd;
}

void bfkd_job_add(struct bfkd_client *client)
{
	struct bfkd_user *user = client->user;

	pthread_mutex_lock(&lock);
	client->next = NULL;
	if (!user->jobs)
		add_waiting(user);
	*(user->jobs ? &user->jobs_end->next : &user->jobs) = client;
	user->jobs_end = client;
	n_jobs++;
	pthread_cond_signal(&added);
	pthread_mutex_unlock(&lock);
}

void bfkd_job_resume(struct bfkd_client *client)
{
	struct bfkd_user *user = client->user;

	pthread_mutex_lock(&lock);
	client->next = user->jobs;
	if (!user->jobs) {
		user->jobs_end = client;
		add_waiting(user);
	}
	user->jobs = client;
	pthread_cond_signal(&added);
	pthread_mutex_unlock(&lock);
}

/* Returns the clients whose jobs are done, as a list owned by the caller. */
struct bfkd_client *bfkd_jobs_done(void)
{
	struct bfkd_client *clients, *client;
	uint64_t n;

	pthread_mutex_lock(&lock);
	if (read(done_fd, &n, sizeof(n)) < 0)
		n = 0; /* already read: only the list matters */
	clients = done;
	done = NULL;
	for (client = clients; client; client = client->next)
		n_jobs--;
	pthread_mutex_unlock(&lock);
	return clients;
}

/* Number of jobs that wait, run, or are done and not yet fetched. */
unsigned int bfkd_jobs_count(void)
{
	unsigned int n;

	pthread_mutex_lock(&lock);
	n = n_jobs;
	pthread_mutex_unlock(&lock);
	return n;
}

/* From now on, jobs that no worker has begun are refused. */
void bfkd_jobs_stop(void)
{
	pthread_mutex_lock(&lock);
	is_stopping = true;
	pthread_mutex_unlock(&lock);
}
