// SPDX-License-Identifier: GPL-2.0-only
/* Does the descriptor report completions, and do signals reach the caller, and not its runs? */
#include "queue.h"

static void poll_fd(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk *bfk[2] = { make(","), make(",") };
	int ends[2], fd = bfk_queue_fd(queue), i;

	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK(!is_readable(fd, 0));
	pipe_make(ends);
	for (i = 0; i < 2; i++)
		submit(queue, bfk[i], ends, 1);
	/* It may be readable for a while, until the runs have their workers. */
	while (is_readable(fd, 20))
		CHECK(is_in_flight(queue));
	EQUAL(write(ends[1], "a", 1), 1);
	CHECK(is_readable(fd, 1000 * SOON));
	EQUAL(write(ends[1], "a", 1), 1);
	nap(20);
	for (i = 0; i < 2; i++) {
		CHECK(is_readable(fd, 1000 * SOON));
		ended(queue, BFK_STATUS_END);
	}
	CHECK(!is_readable(fd, 20));
	for (i = 0; i < 2; i++)
		bfk_destroy(bfk[i]);
	bfk_queue_destroy(queue);
}

static void wait_is_interrupted(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",>,");
	struct bfk_completion completion;
	int ends[2], i;

	pipe_make(ends);
	submit(queue, bfk, ends, 1);
	tick(20000);
	for (i = 0; i < 5; i++)
		EQUAL(bfk_wait(queue, -1, &completion), -EINTR);
	tick(0);
	EQUAL(write(ends[1], "ab", 2), 2);
	ended(queue, BFK_STATUS_END);
	EQUAL(tape_of(bfk)[1], 'b');
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

/* The library handles one signal at most, which had its default action, and restores that. */
static void signals_are_left(void)
{
	struct sigaction action;
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]");
	int signo, n_used = 0, n_left = 0;
	sigset_t before = {}, after = {};

	signal(SIGRTMAX, SIG_IGN);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	submit(queue, bfk, NULL, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	CHECK(!memcmp(&before, &after, sizeof(before)));
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (!sigaction(signo, NULL, &action) && action.sa_handler != SIG_DFL &&
		    action.sa_handler != SIG_IGN) {
			n_used++;
			CHECK(signo >= SIGRTMIN && signo < SIGRTMAX);
		}
	EQUAL(n_used, via == BFK_VIA_THREAD);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
	for (signo = 1; signo <= SIGRTMAX; signo++)
		n_left += !sigaction(signo, NULL, &action) && action.sa_handler != SIG_DFL &&
			  action.sa_handler != SIG_IGN;
	EQUAL(n_left, 0);
}

/* The caller's thread gets its own signals, and the runs get none of them. */
static void signals_are_the_callers(void)
{
	struct bfk_queue *queue = queue_make(1);
	static char text[300000];
	struct bfk *bfk = make("+%r[>>+<<%w>>-<<%r]");
	struct bfk_completion completion;
	int fds[2], err;

	fill(text, sizeof(text), 1);
	fds[0] = file_make(text, sizeof(text));
	fds[1] = file_make("", 0);
	tick(300);
	submit(queue, bfk, fds, 2);
	do
		err = bfk_wait(queue, SOON_NS, &completion);
	while (err == -EINTR);
	tick(0);
	EQUAL(err, 0);
	EQUAL(completion.result.status, BFK_STATUS_END);
	EQUAL(completion.result.write_len, sizeof(text));
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

static void broken_pipe(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+.");
	int ends[2];

	pipe_make(ends);
	close(ends[0]);
	submit(queue, bfk, (int[]){ -1, ends[1] }, 2);
	EQUAL(ended(queue, BFK_STATUS_FAILED).fail_errno, EPIPE);
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

const struct test queue_signals[] = {
	{ "the descriptor is readable while there are completions to fetch", poll_fd },
	{ "a signal handler interrupts the wait, not the run", wait_is_interrupted },
	{ "one signal with its default action is handled, and its action restored",
	  signals_are_left },
	{ "signals to the caller do not reach runs", signals_are_the_callers },
	{ "output to a pipe without readers is EPIPE, without a signal", broken_pipe },
	{},
};
