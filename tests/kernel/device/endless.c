// SPDX-License-Identifier: GPL-2.0-only
/* Do programs that never end die soon, and leave the machine responsive? */
#include "spawn.h"

static void kill_loops(void)
{
	static const char *const loops[] = { "+[]",
					     "+[>+<]",
					     "+[[-]+]",
					     "+[>+]",
					     "-[<-]",
					     "+[>[-]+[<]>]",
					     "+[>>>>+<<<<%m[-]+]",
					     "+[%r[-]+]" };
	int i, j;

	for (i = 0; i < 8; i++) {
		for (j = 0; j < 2; j++) {
			struct dev dev = dev_open(engines[j]);
			pid_t pid = spawn(&dev, loops[i], NULL, 0);

			note = loops[i];
			if (i == 3 || i == 4) /* these would end after one round */
				memset(dev.tape, 1, TAPE_CELLS);
			nap(20);
			kill(pid, SIGKILL);
			CHECK(child_wait(pid, SOON) != -1);
			dev_close(&dev);
		}
	}
}

static void terminate(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = spawn(&dev, "+[]", NULL, 0);

	nap(20);
	kill(pid, SIGTERM);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGTERM);
	signal(SIGTERM, SIG_IGN); /* the case for `timeout -k` */
	pid = spawn(&dev, "+[]", NULL, 0);
	nap(20);
	kill(pid, SIGTERM);
	EQUAL(child_wait(pid, 0.3), -1);
	kill(pid, SIGKILL);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
}

/* 6.1 only moves from regular files; later kernels also move from /dev/zero, endlessly. */
static void move_endless(void)
{
	int fds[2] = { open("/dev/zero", O_RDONLY | O_CLOEXEC),
		       open("/dev/null", O_WRONLY | O_CLOEXEC) };
	struct dev dev = dev_open(0);
	int status;
	pid_t pid;

	dev_load(&dev, "%x");
	lay(&dev, 0, (struct frame){ .arg = 1 }, NULL, 0);
	pid = fork();
	if (!pid)
		run_to_end(&dev, fds, 2);
	nap(100);
	kill(pid, SIGKILL);
	status = child_wait(pid, SOON);
	CHECK(status == SIGKILL || (!status && laid(&dev, 0).err == EINVAL));
}

/* More programs that never yield than CPUs, with the watchdogs set to seconds. */
static void every_cpu(void)
{
	int n = 2 * sysconf(_SC_NPROCESSORS_ONLN), i, ticks = 0;
	double end;
	pid_t pids[64];

	put_text("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "3");
	put_text("/proc/sys/kernel/watchdog_thresh", "1");
	for (i = 0; i < n; i++) {
		struct dev dev = dev_open(engines[i % 2]);

		pids[i] = spawn(&dev, "+[]", NULL, 0);
	}
	for (end = now() + 8; now() < end || ticks <= 20; ticks++) {
		double start = now();
		char state[10];
		int fd = open("/proc/loadavg", O_RDONLY);

		EQUAL(read(fd, state, 4), 4);
		close(fd);
		nap(10);
		CHECK(now() - start < SOON);
	}
	for (i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		CHECK(child_wait(pids[i], 2 * SOON) != -1);
	}
	put_text("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "21");
	put_text("/proc/sys/kernel/watchdog_thresh", "10");
}

/* A short loop around the largest body must not run long between two checks for signals. */
static void large_body(void)
{
	static char source[2000000];
	size_t n = 400000, i;
	int j;

	source[0] = '+';
	source[1] = '[';
	for (i = 0; i < n; i++)
		memcpy(source + 2 + 4 * i, ">+>-", 4);
	memset(source + 2 + 4 * n, '<', 1);
	memcpy(source + 3 + 4 * n, "[-]+]", 6);
	for (j = 0; j < 2; j++) {
		struct dev dev = dev_open(engines[j]);
		pid_t pid = spawn(&dev, source, NULL, 0);

		nap(100);
		kill(pid, SIGKILL);
		CHECK(child_wait(pid, SOON) != -1);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "run (SIGKILL in a tight loop of any kind) dies soon", kill_loops },
	{ "run (SIGTERM) dies soon, or, if the signal is ignored, by SIGKILL", terminate },
	{ "%x (endless source) is refused, or dies soon after SIGKILL", move_endless },
	{ "programs that loop on every CPU leave the machine responsive", every_cpu, 60 },
	{ "run (loop with a body of 1.6 MB) dies soon after SIGKILL", large_body, 40 },
};

CASES(tests)
