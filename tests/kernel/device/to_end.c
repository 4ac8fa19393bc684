// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does bfk_run_to_end() continue a run until it is over, stop it when its time is up, and leave
 * nothing behind?
 */
#include "to_end.h"
#include <dirent.h>

/* --- ends ---------------------------------------------------------------------------------------- */

static void is_same(enum bfk_where where)
{
	struct four four = four_make(where, "+%r[>>+<<%w>>-<<%r]");
	char text[] = "some text, copied", copy[sizeof(text)] = {};
	struct bfk_result results[2];
	int fds[2], i;

	for (i = 0; i < 2; i++) {
		fds[0] = file_make(text, sizeof(text));
		fds[1] = file_make("", 0);
		EQUAL(bfk_reset(four.bfk, 0), 0);
		results[i] = i ? to_end(&four, fds, 2, UNLIMITED, NO_LIMIT, 0) :
				 four_run(&four, fds, 2, UNLIMITED);
		EQUAL(pread(fds[1], copy, sizeof(copy), 0), sizeof(text));
		CHECK(!memcmp(copy, text, sizeof(text)));
		close(fds[0]);
		close(fds[1]);
	}
	CHECK(!memcmp(&results[0], &results[1], sizeof(results[0])));
	EQUAL(results[1].status, BFK_STATUS_END);
	EQUAL(results[1].read_len, sizeof(text));
	bfk_destroy(four.bfk);
}

static void same_result(void)
{
	four_each(is_same);
}

/* More fuel than one slice of the engines in this process. */
static void uses_fuel(enum bfk_where where)
{
	struct four four = four_make(where, "+[]");
	struct bfk_result result;

	result = to_end(&four, NULL, 0, 3 << 20, NO_LIMIT, 0);
	EQUAL(result.status, BFK_STATUS_FUEL);
	EQUAL(result.fuel_left, 0);
	four.dev.tape[0] = 0;
	result = to_end(&four, NULL, 0, 1, NO_LIMIT, 0);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.fuel_left, 1);
	bfk_destroy(four.bfk);
}

static void fuel(void)
{
	four_each(uses_fuel);
}

static void stops_at_operations(enum bfk_where where)
{
	struct four four = four_make(where, "+%i%i");
	struct bfk_result result;
	int i;

	for (i = 0; i < 3; i++) {
		EQUAL(bfk_run_to_end(four.bfk, NULL, 0, UNLIMITED, BFK_RUN_STOP_OPS, NO_LIMIT,
				     &result),
		      0);
		EQUAL(result.sysops, i);
		EQUAL(result.status, i < 2 ? BFK_STATUS_OP : BFK_STATUS_END);
	}
	bfk_destroy(four.bfk);
}

static void operations(void)
{
	four_each(stops_at_operations);
}

/* --- time -------------------------------------------------------------------------------------- */

static void stops_loop(enum bfk_where where)
{
	static const int64_t limits[] = { 0, SHORT_NS };
	struct bfk_result result;
	int i;

	for (i = 0; i < 2; i++) {
		struct four four = four_make(where, "+[]>+");

		result = to_end(&four, NULL, 0, UNLIMITED, limits[i], -ETIME);
		EQUAL(result.status, BFK_STATUS_SIGNAL);
		do /* until it had some time to run */
			result = to_end(&four, NULL, 0, result.fuel_left, SHORT_NS, -ETIME);
		while (!four.dev.tape[0]);
		four.dev.tape[0] = 0;
		result = to_end(&four, NULL, 0, result.fuel_left, NO_LIMIT, 0);
		EQUAL(result.status, BFK_STATUS_END);
		EQUAL(four.dev.tape[1], 1);
		bfk_destroy(four.bfk);
	}
}

static void time_in_loop(void)
{
	four_each(stops_loop);
}

static void stops_wait(enum bfk_where where)
{
	struct four four = four_make(where, "%r");
	struct bfk_result result;
	int ends[2];

	pipe_make(ends);
	lay(&four.dev, 0, (struct frame){ .cap = 1 }, NULL, 0);
	result = to_end(&four, ends, 1, UNLIMITED, SHORT_NS, -ETIME);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	EQUAL(result.sysops, 0);
	EQUAL(write(ends[1], "!", 1), 1);
	result = to_end(&four, NULL, 0, result.fuel_left, NO_LIMIT, 0);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.read_len, 1);
	EQUAL(four.dev.tape[16], '!');
	bfk_destroy(four.bfk);
	close(ends[0]);
	close(ends[1]);
}

static void time_in_wait(void)
{
	four_each(stops_wait);
}

/* --- errors, and what is left ------------------------------------------------------------------ */

static void refuses(enum bfk_where where)
{
	static const int closed[] = { 999 };
	struct bfk_completion completion;
	struct four four = four_make(where, "%n");
	struct bfk_result result;
	struct bfk_queue *queue;
	struct bfk *empty;

	EQUAL(bfk_create(&empty, where), 0);
	EQUAL(bfk_run_to_end(empty, NULL, 0, 1, 0, NO_LIMIT, &result), -ENOEXEC);
	bfk_destroy(empty);
	EQUAL(bfk_run(four.bfk, NULL, 0, 1, UNKNOWN, &result), -EINVAL);
	EQUAL(bfk_run_to_end(four.bfk, NULL, 0, 1, UNKNOWN, NO_LIMIT, &result), -EINVAL);
	to_end(&four, closed, 1, 1, NO_LIMIT, -EBADF);
	to_end(&four, closed, 65, 1, NO_LIMIT, -EINVAL);
	EQUAL(to_end(&four, NULL, 0, 1, NO_LIMIT, 0).status, BFK_STATUS_END);
	to_end(&four, NULL, 0, 1, NO_LIMIT, -EBADFD);
	EQUAL(bfk_reset(four.bfk, 0), 0);
	lay(&four.dev, 0, (struct frame){ .off = HOUR_NS }, NULL, 0);
	EQUAL(bfk_queue_create(&queue, 1, 0), 0);
	EQUAL(bfk_submit(queue, four.bfk, NULL, 0, 1, 0, NULL), 0);
	to_end(&four, NULL, 0, 1, NO_LIMIT, -EBUSY);
	EQUAL(bfk_cancel(queue, four.bfk), 0);
	EQUAL(bfk_wait(queue, -1, &completion), 0);
	EQUAL(completion.result.status, BFK_STATUS_SIGNAL);
	bfk_queue_destroy(queue);
	bfk_destroy(four.bfk);
}

static void errors(void)
{
	four_each(refuses);
}

static int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	CHECK(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int count_handlers(void)
{
	struct sigaction action;
	int signo, n = 0;

	for (signo = SIGRTMIN; signo <= SIGRTMAX; signo++) {
		EQUAL(sigaction(signo, NULL, &action), 0);
		n += action.sa_handler != SIG_DFL;
	}
	return n;
}

/* Waits: a joined thread may be listed a moment longer. */
static void await_alone(void)
{
	double end = now() + SOON;

	while (count_entries("/proc/self/task") != 3) { /* ".", "..", and this one */
		CHECK(now() < end);
		nap(2);
	}
}

static void leaves_nothing(enum bfk_where where)
{
	struct four four = four_make(where, "+[]");
	int n_fds = count_entries("/proc/self/fd"), n_handlers = count_handlers();

	to_end(&four, NULL, 0, UNLIMITED, SHORT_NS, -ETIME);
	to_end(&four, NULL, 0, 1, NO_LIMIT, 0);
	EQUAL(count_entries("/proc/self/fd"), n_fds);
	await_alone();
	EQUAL(count_handlers(), n_handlers);
	bfk_destroy(four.bfk);
}

static void left(void)
{
	four_each(leaves_nothing);
}

static const struct test tests[] = {
	{ "run to end (a program that ends) has the result of bfk_run()", same_result },
	{ "run to end (fuel used up) is 0, and can be continued", fuel },
	{ "run to end (BFK_RUN_STOP_OPS) stops at each operation", operations },
	{ "run to end (time up in a loop) stops it, and it can be continued", time_in_loop },
	{ "run to end (time up in a read) stops it, and nothing is lost", time_in_wait },
	{ "run to end (bad files, flags, instances) is refused like bfk_run()", errors },
	{ "run to end leaves no descriptor, no thread and no signal handler behind", left },
};

FOUR_CASES(tests)
