/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that have an instance open, and files that only a run holds. */
#ifndef BFK_TESTS_HOLDER_H
#define BFK_TESTS_HOLDER_H

#include "dev.h"

#define PATIENCE 20000 /* ms; the events come at once, unless the machine is busy */

/* Waits until every other end of this pipe is closed; false if that does not happen. */
static inline bool hangs_up(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&pollfd, 1, PATIENCE) == 1 && read(fd, &byte, 1) == 0;
}

/* --- a process and its instance --------------------------------------------------------------- */

struct holder {
	struct dev dev;
	pid_t pid;   /* the other process */
	int in[2];   /* a pipe; the run gets the reading end in slot 0 */
	int held[2]; /* a pipe; once begun, only the run has the writing end, in slot 1 */
};

/* A process that holds an instance with @source loaded. */
static inline struct holder holder_make(const char *source)
{
	struct holder holder = { .dev = { .fd = dev_fd() } };

	dev_load(&holder.dev, source);
	holder.pid = fork();
	if (!holder.pid) {
		while (getppid() != 1)
			nap(5);
		_exit(0);
	}
	pipe_make(holder.in);
	pipe_make(holder.held);
	return holder;
}

static inline bool is_run_over(const struct holder *holder)
{
	return hangs_up(holder->held[0]);
}

/* Is the run still there? Valid only while nothing is about to end it. */
static inline bool is_run_kept(const struct holder *holder)
{
	return poll(&(struct pollfd){ .fd = holder->held[0], .events = POLLIN }, 1, 0) == 0;
}

static inline void holder_drop(struct holder *holder)
{
	kill(holder->pid, SIGKILL);
	waitpid(holder->pid, NULL, 0);
	close(holder->held[0]);
	close(holder->in[0]);
	close(holder->in[1]);
}

/* --- a process with a stopped run ------------------------------------------------------------- */

struct owner {
	pid_t pid;
	int end;   /* the other end of a pipe that its run holds */
	int order; /* write a byte: it continues its run; close: it exits */
	int reply; /* the results of RUN, as int */
};

/* Another process starts the program of @dev, and fuel stops it. */
static inline struct owner owner_make(struct dev *dev)
{
	int ends[2], order[2], reply[2], said;
	struct owner owner;
	char byte;

	pipe_make(ends);
	pipe_make(order);
	pipe_make(reply);
	owner.pid = fork();
	if (!owner.pid) {
		struct bfk_run_args args = run_args(&ends[1], 1, 3);

		close(order[1]);
		do {
			said = dev_call(dev->fd, BFK_RUN, &args);
			EQUAL(write(reply[1], &said, sizeof(said)), sizeof(said));
			close(ends[1]); /* its run holds it */
			args = run_args(NULL, 0, 3);
		} while (read(order[0], &byte, 1) == 1);
		_exit(0);
	}
	close(ends[1]);
	close(order[0]);
	close(reply[1]);
	EQUAL(read(reply[0], &said, sizeof(said)), sizeof(said));
	EQUAL(said, 0);
	owner.end = ends[0];
	owner.order = order[1];
	owner.reply = reply[0];
	return owner;
}

static inline int owner_continues(struct owner *owner)
{
	int said = 1;

	EQUAL(write(owner->order, "", 1), 1);
	EQUAL(read(owner->reply, &said, sizeof(said)), sizeof(said));
	return said;
}

static inline void owner_exits(struct owner *owner)
{
	close(owner->order);
	EQUAL(waitpid(owner->pid, NULL, 0), owner->pid);
}

#endif
