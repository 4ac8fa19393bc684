// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk_run_to_end(): does it continue a run until it is over, and stop it when it should? And does
 * every run keep the numbers of the load?
 */
#include <dirent.h>
#include "four.h"

#define HOUR_NS 3600000000000ull
#define SHORT_NS 20000000 /* limit for runs that never end by themselves */
#define NO_LIMIT (-1)
#define UNKNOWN (1u << 31) /* not a flag of RUN */

static struct bfk_result to_end(struct four *four, const int *fds, unsigned int n_fds,
				uint64_t fuel, int64_t timeout_ns, int err)
{
	struct bfk_result result;

	memset(&result, 0xaa, sizeof(result));
	EQUAL(bfk_run_to_end(four->bfk, fds, n_fds, fuel, 0, timeout_ns, &result), err);
	return result;
}

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

/* --- signals ----------------------------------------------------------------------------------- */

static void stops_for_handler(enum bfk_where where)
{
	struct four four = four_make(where, "%n");
	struct bfk_result result;
	struct waker waker;

	lay(&four.dev, 0, (struct frame){ .off = HOUR_NS }, NULL, 0);
	waker_start(&waker);
	result = to_end(&four, NULL, 0, UNLIMITED, NO_LIMIT, -EINTR);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	EQUAL(result.sysops, 0);
	four.dev.tape[0] = 0;
	result = to_end(&four, NULL, 0, UNLIMITED, NO_LIMIT, 0);
	EQUAL(result.status, BFK_STATUS_END);
	bfk_destroy(four.bfk);
}

static void handler(void)
{
	four_each(stops_for_handler);
}

static char state_of(pid_t pid, const char *task)
{
	char path[320], text[300] = "", state = '?';
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	CHECK(read(fd, text, sizeof(text) - 1) > 0);
	sscanf(strrchr(text, ')') + 2, "%c", &state);
	close(fd);
	return state;
}

/* Are there two threads, the caller's and that of its run, and are both asleep? */
static bool is_asleep(pid_t pid)
{
	struct dirent *entry;
	int n_asleep = 0;
	char path[40];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	CHECK(dir);
	for (entry = readdir(dir); entry; entry = readdir(dir))
		if (*entry->d_name != '.' && state_of(pid, entry->d_name) == 'S')
			n_asleep++;
	closedir(dir);
	return n_asleep == 2;
}

static void await_asleep(pid_t pid)
{
	double end = now() + SOON;
	int looks = 0;

	while (looks < LOOKS_ASLEEP) {
		CHECK(now() < end);
		looks = is_asleep(pid) ? looks + 1 : 0;
		nap(2);
	}
}

/* The child's exit status is 0 if the run completed. */
static int wait_in_child(enum bfk_where where, int end)
{
	struct four four = four_make(where, "%r");
	struct bfk_result result;

	lay(&four.dev, 0, (struct frame){ .cap = 1 }, NULL, 0);
	result = to_end(&four, &end, 1, UNLIMITED, NO_LIMIT, 0);
	return result.status == BFK_STATUS_END && result.read_len == 1 ? 0 : 3;
}

static void goes_on_after_stop(enum bfk_where where)
{
	int ends[2], status;
	pid_t child;

	pipe_make(ends);
	child = fork();
	CHECK(child >= 0);
	if (!child)
		_exit(wait_in_child(where, ends[0]));
	await_asleep(child);
	EQUAL(kill(child, SIGSTOP), 0);
	EQUAL(waitpid(child, &status, WUNTRACED), child);
	CHECK(WIFSTOPPED(status));
	EQUAL(kill(child, SIGCONT), 0);
	EQUAL(waitpid(child, &status, WCONTINUED), child);
	await_asleep(child);
	EQUAL(write(ends[1], "!", 1), 1);
	EQUAL(waitpid(child, &status, 0), child);
	EQUAL(status, 0);
	close(ends[0]);
	close(ends[1]);
}

static void stopped_process(void)
{
	four_each(goes_on_after_stop);
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

/* --- the load's numbers ------------------------------------------------------------------------ */

static void same_load(const struct bfk_result *run, const struct bfk_result *load)
{
	EQUAL(run->n_ops, load->n_ops);
	EQUAL(run->text_len, load->text_len);
	EQUAL(run->engine, load->engine);
}

static void keeps_load(enum bfk_where where)
{
	static const char source[] = "+[>+<-]", wrong[] = "+]";
	struct bfk_completion completion;
	struct bfk_result load, result;
	struct bfk_queue *queue;
	struct bfk *bfk;

	EQUAL(bfk_create(&bfk, where), 0);
	EQUAL(bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &load), 0);
	CHECK(load.n_ops);
	EQUAL(!load.text_len,
	      !IS_X86 || where == BFK_WHERE_KERNEL_INTERP || where == BFK_WHERE_INTERP);
	EQUAL(bfk_run(bfk, NULL, 0, UNLIMITED, 0, &result), 0);
	same_load(&result, &load);
	EQUAL(bfk_load(bfk, wrong, strlen(wrong), 0, BFK_ALLOW_ALL, &result), -ENOEXEC);
	EQUAL(bfk_run(bfk, NULL, 0, 1, 0, &result), -EBADFD);
	same_load(&result, &load);
	EQUAL(result.error, 0);
	EQUAL(bfk_reset(bfk, 0), 0);
	EQUAL(bfk_queue_create(&queue, 1, 0), 0);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, UNLIMITED, 0, NULL), 0);
	EQUAL(bfk_wait(queue, -1, &completion), 0);
	EQUAL(completion.result.status, BFK_STATUS_END);
	same_load(&completion.result, &load);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void load_numbers(void)
{
	four_each(keeps_load);
}

static const struct test tests[] = {
	{ "run to end (a program that ends) has the result of bfk_run()", same_result },
	{ "run to end (fuel used up) is 0, and can be continued", fuel },
	{ "run to end (BFK_RUN_STOP_OPS) stops at each operation", operations },
	{ "run to end (time up in a loop) stops it, and it can be continued", time_in_loop },
	{ "run to end (time up in a read) stops it, and nothing is lost", time_in_wait },
	{ "run to end (a signal handler runs) stops it, and it can be continued", handler },
	{ "run to end (the process is stopped and continued) continues to the end",
	  stopped_process },
	{ "run to end (bad files, flags, instances) is refused like bfk_run()", errors },
	{ "run to end leaves no descriptor, no thread and no signal handler behind", left },
	{ "a run (by bfk_run(), refused, in flight) keeps the numbers of the load", load_numbers },
};

FOUR_CASES(tests)
