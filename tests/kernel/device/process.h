/* SPDX-License-Identifier: GPL-2.0-only */
/* Children that run programs: what they wait for, and signals. */
#ifndef BFK_TESTS_PROCESS_H
#define BFK_TESTS_PROCESS_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "check.h"

/* Waits up to @seconds for the child to end; returns its status, -1 if it does not end. */
static inline int child_wait(pid_t pid, double seconds)
{
	double end = now() + seconds;
	int status;

	while (now() < end) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		nap(2);
	}
	return -1;
}

/* Returns the letter of /proc/PID/stat (R S D T Z), after waiting for it to be @want. */
static inline char child_state(pid_t pid, char want)
{
	char path[40], text[200], state = '?';
	double end = now() + SOON;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (state != want && now() < end) {
		file = fopen(path, "re");
		if (file && fgets(text, sizeof(text), file))
			sscanf(strrchr(text, ')') + 2, "%c", &state);
		if (file)
			fclose(file);
		nap(2);
	}
	return state;
}

/* Waits until the child is asleep in ioctl(2), in an operation of a run. */
static inline void await_blocked(pid_t pid)
{
	char path[40], text[200];
	double end = now() + SOON;
	int fd, len, n_seen = 0;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	while (n_seen < 3) { /* on its way there it may briefly wait for something else */
		CHECK(now() < end);
		nap(5);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		CHECK(fd >= 0);
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len > 0 ? len : 0] = 0;
		n_seen = strtol(text, NULL, 10) == SYS_ioctl ? n_seen + 1 : 0;
	}
}

static void on_signal(int signo)
{
	(void)signo;
}

/* Installs a handler that does nothing, without SA_RESTART. */
static inline void handle(int signo)
{
	sigaction(signo, &(struct sigaction){ .sa_handler = on_signal }, NULL);
}

/* SIGALRM every @us microseconds; 0: stop. */
static inline void tick(unsigned int us)
{
	struct timespec period = { us / 1000000, us % 1000000 * 1000L };
	struct itimerspec spec = { period, period };
	static timer_t timer;
	static bool made;

	handle(SIGALRM);
	if (!made)
		EQUAL(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	made = true;
	EQUAL(timer_settime(timer, 0, &spec, NULL), 0);
}

#endif
