// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of runs in flight when their process stops, forks or ends? */
#include "queue.h"

/* Starts a child with @bfk, which does not end by itself, in flight; only the child has @fd. */
static pid_t child_with(struct bfk *bfk, int fd, void (*then)(struct bfk_queue *queue))
{
	pid_t pid = fork();

	if (!pid) {
		struct bfk_queue *queue = queue_make(1);

		submit(queue, bfk, (int[]){ -1, fd }, 2);
		close(fd);
		then(queue);
		_exit(1);
	}
	CHECK(pid > 0);
	close(fd);
	return pid;
}

static void wait_for_end(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	EQUAL(bfk_wait(queue, -1, &completion), 0);
	_exit(completion.result.status == BFK_STATUS_END ? 0 : 2);
}

static void exit_soon(struct bfk_queue *queue)
{
	nap(50);
	_exit(bfk_queue_fd(queue) < 0);
}

static void exec_soon(struct bfk_queue *queue)
{
	nap(50);
	execl("/bin/sleep", "sleep", bfk_queue_fd(queue) < 0 ? "" : "60", NULL);
}

/* Stopping the whole process does not end its runs. */
static void process_stops(void)
{
	struct bfk *bfk = make("+[]>+.");
	int ends[2];
	pid_t pid;

	pipe_make(ends);
	pid = child_with(bfk, ends[1], wait_for_end);
	await_begun(bfk);
	kill(pid, SIGSTOP);
	EQUAL(child_state(pid, 'T'), 'T');
	kill(pid, SIGCONT);
	CHECK(is_quiet(ends[0]));
	tape_of(bfk)[0] = 0;
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_readable(ends[0], 0));
	bfk_destroy(bfk);
}

static void process_ends(void)
{
	static void (*const ways[])(struct bfk_queue *) = { exit_soon, exec_soon, wait_for_end };
	static const char *const sources[] = { "+[]", ",", "%e" };
	int ends[2], i, k;
	struct bfk *bfk;
	pid_t pid;

	for (i = 0; i < 9; i++) {
		bfk = make(sources[i % 3]);
		if (i % 3 == 2)
			put_frame(bfk, (struct frame){ .off = HOUR_NS });
		note = sources[i % 3];
		pipe_make(ends);
		pid = child_with(bfk, ends[1], ways[i / 3]);
		if (i / 3 == 2) {
			nap(50);
			kill(pid, SIGKILL);
		}
		/* "," on an empty slot ends at once. */
		for (k = 0; k < 2 && !is_hung_up(ends[0]); k++)
			;
		CHECK(k < 2);
		close(ends[0]);
		kill(pid, SIGKILL);
		CHECK(child_wait(pid, SOON) != -1);
		bfk_destroy(bfk);
	}
}

static void process_forks(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]>+");
	pid_t pid;
	int i;

	submit(queue, bfk, NULL, 0);
	await_begun(bfk);
	for (i = 0; i < 3; i++) {
		pid = fork();
		if (!pid)
			_exit(0);
		EQUAL(child_wait(pid, SOON), 0);
	}
	CHECK(is_in_flight(queue));
	tape_of(bfk)[0] = 0;
	ended(queue, BFK_STATUS_END);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

const struct test queue_processes[] = {
	{ "a run continues after the process was stopped", process_stops },
	{ "exit, exec and kill -9 end runs in flight, and release their files", process_ends, 40 },
	{ "a fork does not disturb a run in flight", process_forks },
	{},
};
