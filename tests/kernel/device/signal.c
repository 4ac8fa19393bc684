// SPDX-License-Identifier: GPL-2.0-only
/* Does a run return for a handled signal, stop for SIGSTOP, tracer and freezer, and continue? */
#include "spawn.h"
#include <sys/ptrace.h>

static void handled(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args args;

		tick(50000);
		dev_load(&dev, "+[]>+");
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.source_off, 2);
		CHECK(args.fuel < UNLIMITED);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		dev.tape[0] = 0;
		do
			args = dev_run(&dev, NULL, 0, UNLIMITED);
		while (args.status == BFK_STATUS_SIGNAL);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(dev.tape[1], 1);
		dev_close(&dev);
	}
}

static void fuel_adds_up(void)
{
	static const char body[] = "[>-[>-[>+>[-]<<-]<-]<-]";
	char source[100];
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args args;
		uint64_t whole, used = 0, stops = 0;

		memset(source, '+', 40);
		strcpy(source + (i ? 12 : 40),
		       body); /* more than one slice, also when interpreted */
		dev_load(&dev, source);
		whole = UNLIMITED - dev_run(&dev, NULL, 0, UNLIMITED).fuel;
		tick(500);
		dev_load(&dev, source);
		do {
			args = dev_run(&dev, NULL, 0, UNLIMITED);
			used += UNLIMITED - args.fuel;
			stops++;
		} while (args.status == BFK_STATUS_SIGNAL);
		EQUAL(used, whole);
		tick(0);
		CHECK(stops > 1);
		dev_close(&dev);
	}
}

static void stop_cont(int stop_signal)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		pid_t pid = spawn(&dev, "+[]", NULL, 0);

		await_cell(dev.tape, 0);
		kill(pid, stop_signal);
		EQUAL(child_state(pid, 'T'), 'T');
		kill(pid, SIGCONT);
		EQUAL(child_state(pid, 'R'), 'R');
		nap(20);
		dev.tape[0] = 0;
		EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
		dev_close(&dev);
	}
}

static void sigstop(void)
{
	stop_cont(SIGSTOP);
}

/* Ctrl-Z; the group needs a parent in another group of the session, as under a shell. */
static void sigtstp(void)
{
	stop_cont(SIGTSTP);
}

static void traced(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = spawn(&dev, "+[]", NULL, 0);
	int status;

	await_cell(dev.tape, 0);
	EQUAL(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	EQUAL(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	EQUAL(waitpid(pid, &status, __WALL), pid);
	CHECK(WIFSTOPPED(status));
	EQUAL(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	nap(20);
	dev.tape[0] = 0;
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
}

static void frozen(void)
{
	static const char group[] = "/sys/fs/cgroup/bfk-frozen";
	static const char *const sources[] = { "+[]", "%r>[]" };
	char path[100], text[100] = "";
	int i, ends[2];

	pipe_make(ends);
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(0);
		double end;
		pid_t pid;

		CHECK(!mkdir(group, 0755) || errno == EEXIST);
		dev_load(&dev, sources[i]);
		dev.tape[0] = 1;
		pid = fork();
		if (!pid)
			run_to_end(&dev, ends, 1);
		snprintf(path, sizeof(path), "%s/cgroup.procs", group);
		snprintf(text, sizeof(text), "%d", pid);
		put_text(path, text);
		await_runs(dev.fd, 1);
		if (!i)
			await_cell(dev.tape, 1);
		snprintf(path, sizeof(path), "%s/cgroup.freeze", group);
		put_text(path, "1");
		for (end = now() + SOON; now() < end && !strstr(text, "frozen 1"); nap(5)) {
			char events[100];
			int fd;

			snprintf(events, sizeof(events), "%s/cgroup.events", group);
			fd = open(events, O_RDONLY | O_CLOEXEC);
			text[read(fd, text, sizeof(text) - 1)] = 0;
			close(fd);
		}
		CHECK(strstr(text, "frozen 1"));
		put_text(path, "0");
		if (i)
			EQUAL(write(ends[1], "x", 1), 1);
		else
			dev.tape[0] = 0;
		EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
		dir_remove(group);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "run (handled signal) returns with its status, and can be continued", handled },
	{ "run (stopped by signals) uses as much fuel as without stops", fuel_adds_up },
	{ "run (SIGSTOP) is soon in state T, and continues after SIGCONT", sigstop },
	{ "run (SIGTSTP) is soon in state T, and continues after SIGCONT", sigtstp },
	{ "run (traced) stops for the tracer, and continues", traced },
	{ "run (cgroup frozen) soon freezes, looping or blocked, and continues", frozen },
};

CASES(tests)
