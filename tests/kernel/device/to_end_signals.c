// SPDX-License-Identifier: GPL-2.0-only
/* Does bfk_run_to_end() stop for a signal handler, and continue when its process does? */
#include "to_end.h"
#include <dirent.h>

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

static const struct test tests[] = {
	{ "run to end (a signal handler runs) stops it, and it can be continued", handler },
	{ "run to end (the process is stopped and continued) continues to the end",
	  stopped_process },
};

FOUR_CASES(tests)
