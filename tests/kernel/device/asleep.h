/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals for a thread that waits in the kernel: sent once it is asleep, not after a delay. */
#ifndef BFK_TESTS_ASLEEP_H
#define BFK_TESTS_ASLEEP_H

#include "dev.h"
#include <stdatomic.h>
#include <sys/syscall.h>

#define LOOKS_ASLEEP 5 /* times in a row: a lock or a page may make it sleep briefly */

struct waker {
	pthread_t thread;
	pid_t tid; /* the thread that gets SIGALRM */
	atomic_bool is_over;
};

static inline char task_state(pid_t tid)
{
	char path[60], text[300] = "", state = '?';
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (read(fd, text, sizeof(text) - 1) > 0)
		sscanf(strrchr(text, ')') + 2, "%c", &state);
	close(fd);
	return state;
}

/*
 * Sends signals repeatedly: after a short count from an interrupted system call, the engines of
 * this process make the next call.
 */
static void *waker_main(void *arg)
{
	struct waker *waker = arg;
	int looks = 0;

	while (!atomic_load(&waker->is_over)) {
		looks = task_state(waker->tid) == 'S' ? looks + 1 : 0;
		if (looks == LOOKS_ASLEEP) {
			looks = 0;
			syscall(SYS_tgkill, getpid(), waker->tid, SIGALRM);
		}
		nap(2);
	}
	return NULL;
}

/* Until waker_stop(), the caller gets SIGALRM whenever it sleeps. */
static inline void waker_start(struct waker *waker)
{
	handle(SIGALRM);
	waker->tid = syscall(SYS_gettid);
	atomic_init(&waker->is_over, false);
	EQUAL(pthread_create(&waker->thread, NULL, waker_main, waker), 0);
}

static inline void waker_stop(struct waker *waker)
{
	atomic_store(&waker->is_over, true);
	EQUAL(pthread_join(waker->thread, NULL), 0);
}

#endif
