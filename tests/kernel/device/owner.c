// SPDX-License-Identifier: GPL-2.0-only
/* Who owns a stopped run after fork, exit, close and LOAD, and when are its files released? */
#include "owner.h"

static void fork_exits(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
	dev.tape[0] = 0;
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_END);
	CHECK(is_hung_up(end));
}

static void fork_closes(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid = fork();

	if (!pid) {
		close(dup(dev.fd));
		close(dev.fd);
		nap(20);
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void fork_continues(void)
{
	struct dev dev = dev_open(0);
	pid_t pid;
	int end;

	end = stopped_run(&dev);
	pid = fork();
	if (!pid)
		_exit(-run(dev.fd, NULL, 0, 3));
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void fork_takes_over(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev), sync[2];
	pid_t pid;
	char byte;

	pipe_make(sync);
	pid = fork();
	if (!pid) {
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		EQUAL(write(sync[1], "x", 1), 1);
		pause();
		_exit(0);
	}
	EQUAL(read(sync[0], &byte, 1), 1);
	CHECK(is_hung_up(end)); /* RESET has ended the parent's run */
	EQUAL(run(dev.fd, NULL, 0, 3), -EPERM);
	kill(pid, SIGKILL);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
}

/* A process that shares the file table may continue the run; one that has unshared it may not. */
static void shared_files(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev), status;
	pid_t pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (!pid) {
		status = run(dev.fd, NULL, 0, 3);
		if (!status && !unshare(CLONE_FILES))
			status = run(dev.fd, NULL, 0, 3);
		_exit(-status);
	}
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(run(dev.fd, NULL, 0, 3), 0);
}

static void fork_while_running(void)
{
	struct dev dev = dev_open(0);
	pid_t runner, pid;
	int i, sync[2];

	pipe_make(sync);
	dev_load(&dev, "+[]");
	runner = fork();
	if (!runner) {
		uint64_t stops = 0;

		for (i = 0; i < 5; i++) { /* children that exit while it runs */
			pid = fork();
			if (!pid) {
				nap(30 * i);
				_exit(0);
			}
		}
		_exit(dev_run_on(&dev, NULL, 0, &stops).status == BFK_STATUS_END ? 0 : 1);
	}
	await_cell(dev.tape, 0);
	nap(300);
	dev.tape[0] = 0;
	EQUAL(child_wait(runner, SOON), 0);
}

static void exit_ends(void)
{
	int how;

	for (how = 0; how < 2; how++) {
		struct dev dev = dev_open(0);
		int ends[2];
		pid_t pid;

		pipe_make(ends);
		dev_load(&dev, "+[]");
		pid = fork();
		if (!pid) {
			dev_run(&dev, &ends[1], 1, how ? UNLIMITED : 3);
			_exit(0);
		}
		close(ends[1]);
		if (how) { /* killed in the loop */
			await_runs(dev.fd, 1);
			CHECK(is_quiet(ends[0]));
			kill(pid, SIGKILL);
		}
		CHECK(child_wait(pid, SOON) != -1);
		CHECK(is_hung_up(ends[0]));
		EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(run(dev.fd, NULL, 0, 3), 0);
		dev_close(&dev);
	}
}

static void close_copy(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);

	close(dup(dev.fd));
	CHECK(is_hung_up(end));
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(run(dev.fd, NULL, 0, 3), 0);
}

static void end_releases(void)
{
	static const char *const sources[] = { "+", "%q", ".>>," };
	int i, ends[2];

	for (i = 0; i < 3; i++) {
		struct dev dev = dev_open(0);

		pipe_make(ends);
		dev_load(&dev, sources[i]);
		dev.tape[0] = i == 1;
		EQUAL(run(dev.fd, &ends[1], 1, 3), 0);
		close(ends[1]);
		CHECK(is_hung_up(ends[0]));
	}
}

static void load_releases(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);

	dev_load(&dev, "++");
	CHECK(is_hung_up(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
}

static const struct test tests[] = {
	{ "fork (child exits, run stopped) does not end the parent's run", fork_exits },
	{ "fork (child closes the descriptor) does not end the parent's run", fork_closes },
	{ "run (a stopped run of the parent) is EPERM", fork_continues },
	{ "run (after the child has reset and run) is EPERM, and EBADFD after the child's death",
	  fork_takes_over },
	{ "run (a process that shares the file table) continues, until it unshares it",
	  shared_files },
	{ "fork (children exit while the parent runs) does not end the run", fork_while_running },
	{ "exit or kill of the owner ends the run although another process has the instance",
	  exit_ends },
	{ "close (a copy, by the owner) ends the run", close_copy },
	{ "the end of a run releases its files", end_releases },
	{ "load (run stopped) releases its files and starts over", load_releases },
};

CASES(tests)
