// SPDX-License-Identifier: GPL-2.0-only
/* Does a blocked operation end at SIGKILL, and continue after any other signal? */
#include "spawn.h"

/* Programs that block on fds 0 (an end of an empty pipe) or 1 (of a full one). */
static const struct {
	const char *name, *source;
	struct frame frame;
} blockers[] = {
	{ "%r", "%r", { .go = 1 } },
	{ "%w", "%w", { .go = 1, .slot = 1, .len = 1 } },
	{ ",", ",", {} },
	{ ".", "[.]", { .go = 1 } },
	{ "%x", "%x", { .go = 1, .slot = 2, .arg = 1 } },
	{ "%o", "%o", { .go = 1, .slot = 3, .len = 8 } },
	{ ". at the end", "+.", {} },
};

static void block_files(int fds[4], int *feed, int *drain)
{
	static char bytes[65536];
	int ends[2];

	pipe_make(ends);
	fds[0] = ends[0];
	*feed = ends[1];
	pipe_make(ends);
	fds[1] = ends[1];
	*drain = ends[0];
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	while (write(fds[1], bytes, sizeof(bytes)) > 0)
		;
	fcntl(fds[1], F_SETFL, 0);
	fds[2] = file_make(bytes, 100);
	mkfifo("/tmp/bfk-fifo", 0600);
	fds[3] = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void block_load(struct dev *dev, int i)
{
	note = blockers[i].name;
	dev_load(dev, blockers[i].source);
	tape_put(dev->tape, 0, &blockers[i].frame, 16);
	tape_put(dev->tape, 16, "bfk-fifo", 8);
}

static void kill_blocked(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(blockers) / sizeof(*blockers); i++) {
		struct dev dev = dev_open(engines[i % 2]);
		int fds[4], feed, drain;
		pid_t pid;

		block_files(fds, &feed, &drain);
		block_load(&dev, i);
		pid = fork();
		if (!pid)
			run_to_end(&dev, fds, 4);
		await_blocked(pid);
		kill(pid, SIGKILL);
		EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
		dev_close(&dev);
	}
}

/* A signal ends the wait, nothing has moved, and the next RUN does the operation. */
static void resume_blocked(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(blockers) / sizeof(*blockers); i++) {
		struct dev dev = dev_open(engines[i % 2]);
		struct bfk_run_args args;
		static char bytes[70000];
		int fds[4], feed, drain, fifo;

		block_files(fds, &feed, &drain);
		block_load(&dev, i);
		tick(60000);
		args = dev_run(&dev, fds, 4, UNLIMITED);
		tick(0);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.sysops, 0);
		EQUAL(args.read_len + args.write_len, 0);
		if (i == 3)
			dev.tape[0] = 0;
		EQUAL(write(feed, "Z", 1), 1);
		EQUAL(read(drain, bytes, 65536), 65536);
		fifo = open("/tmp/bfk-fifo", O_RDWR);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_END);
		if (i == 0)
			EQUAL(dev.tape[16], 'Z');
		if (i == 2)
			EQUAL(dev.tape[0], 'Z');
		if (i == 1 || i == 3 || i == 6)
			CHECK(read(drain, bytes, 65536) == (i == 3 ? 4097 : 1) || i == 3);
		if (i == 4)
			EQUAL(read(drain, bytes, 65536), 100);
		close(fifo);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "run (SIGKILL while blocked in each operation that can block) dies soon", kill_blocked },
	{ "run (signal while blocked in each operation) moves nothing, and gets its data when continued",
	  resume_blocked },
};

CASES(tests)
