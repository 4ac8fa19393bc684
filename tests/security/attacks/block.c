// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks that block: files that never answer, and a machine that suspends.
 */
#include <linux/fuse.h>
#include <sys/mount.h>
#include "tests/kernel/device/ops.h"

/* --- a FUSE file that never answers ------------------------------------------------------------------ */

#define FUSE_FILE "/tmp/bfk-fuse"

/*
 * struct mute - a file system with one file, which answers all requests except READ
 * @fd: of /dev/fuse
 * @takes: it takes READ requests but does not answer them; otherwise it does not even take them
 * @gives_up: it answers an interrupted READ (INTERRUPT) with EINTR, and its third READ likewise
 *	without one
 * @reading: the last READ request that it has taken
 * @n_reads: number of READ requests taken
 */
struct mute {
	int fd;
	bool takes, gives_up;
	uint64_t reading;
	unsigned int n_reads;
};

static void reply(const struct mute *mute, uint64_t unique, int err, const void *data, size_t len)
{
	struct {
		struct fuse_out_header header;
		char data[200];
	} out = { { .len = sizeof(out.header) + len, .error = -err, .unique = unique } };

	memcpy(out.data, len ? data : "", len);
	if (write(mute->fd, &out, out.header.len) < 0)
		_exit(1);
}

static volatile int *n_taken; /* READ requests taken, in memory shared with the waiting process */

/* Leaves the first until interrupted, answers the second with a byte, the third with EINTR. */
static void answer_read(struct mute *mute, uint64_t unique)
{
	mute->reading = unique;
	mute->n_reads++;
	if (mute->n_reads == 2)
		reply(mute, unique, 0, "x", 1);
	if (mute->n_reads == 3)
		reply(mute, unique, EINTR, NULL, 0);
}

static bool answer(struct mute *mute, const struct fuse_in_header *in)
{
	static const struct fuse_open_out opened = {
		.fh = 1, .open_flags = FOPEN_DIRECT_IO | FOPEN_NOFLUSH
	};
	static const struct fuse_attr_out attr = {
		.attr = { .ino = 1, .mode = S_IFREG | 0666, .size = 1 << 20 }
	};
	static const struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
						   .minor = FUSE_KERNEL_MINOR_VERSION,
						   .max_write = 4096 };

	switch (in->opcode) {
	case FUSE_INIT:
		reply(mute, in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_OPEN:
		reply(mute, in->unique, 0, &opened, sizeof(opened));
		return !mute->takes;
	case FUSE_READ:
		if (n_taken)
			++*n_taken;
		if (mute->gives_up)
			answer_read(mute, in->unique);
		break;
	case FUSE_INTERRUPT:
		if (mute->gives_up)
			reply(mute, mute->reading, EINTR, NULL, 0);
		break;
	case FUSE_GETATTR:
		reply(mute, in->unique, 0, &attr, sizeof(attr));
		break;
	default:
		break;
	}
	return false;
}

static void serve(struct mute *mute)
{
	static char request[1 << 16];
	ssize_t len;

	do
		len = read(mute->fd, request, sizeof(request));
	while (len > 0 && !answer(mute, (void *)request));
	for (;;)
		pause();
}

/* Mounts the file in a process that serves it until it is killed. */
static pid_t fuse_mount(struct mute *mute)
{
	char options[80];
	pid_t pid;

	EQUAL(system("modprobe fuse 2>/dev/null; [ -e /dev/fuse ]"), 0);
	close(open(FUSE_FILE, O_CREAT | O_CLOEXEC, 0600));
	mute->fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	CHECK(mute->fd >= 0);
	snprintf(options, sizeof(options), "fd=%d,rootmode=100000,user_id=0,group_id=0", mute->fd);
	EQUAL(mount("mute", FUSE_FILE, "fuse", 0, options), 0);
	pid = fork();
	if (!pid)
		serve(mute);
	close(mute->fd);
	return pid;
}

/* Starts a child that RUNs %r on @fd. */
static pid_t reader(int fd)
{
	pid_t pid = fork();

	if (!pid) {
		struct dev dev = dev_open(0);

		dev_load(&dev, chain("r"));
		lay(&dev, 0, (struct frame){}, "", 0);
		dev_run(&dev, &fd, 1, UNLIMITED);
		_exit(1);
	}
	return pid;
}

/* One child reads a file that does not answer; another waits for the position it holds. */
static void fuse_read(bool takes)
{
	struct mute mute = { .takes = takes };
	pid_t first, second, server;
	int fd;

	n_taken = mmap(NULL, sizeof(*n_taken), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(n_taken != MAP_FAILED);
	server = fuse_mount(&mute);
	fd = open(FUSE_FILE, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	first = reader(fd);
	await_blocked(first);
	while (takes && !*n_taken)
		nap(5);
	second = reader(fd);
	await_blocked(second);
	EQUAL(waitpid(first, NULL, WNOHANG), 0);
	kill(second, SIGKILL);
	EQUAL(child_wait(second, SOON), SIGKILL);
	kill(first, SIGKILL);
	/* As with read(2), FUSE waits for a taken request until the server is gone. */
	if (takes)
		EQUAL(child_wait(first, 0.5), -1);
	if (takes)
		kill(server, SIGKILL);
	EQUAL(child_wait(first, SOON), SIGKILL);
	kill(server, SIGKILL);
	child_wait(server, SOON);
	close(fd);
	EQUAL(umount2(FUSE_FILE, MNT_DETACH), 0);
}

static void fuse_never_takes(void)
{
	fuse_read(false);
}

static void fuse_never_answers(void)
{
	fuse_read(true);
}

/*
 * A file system that gives up a request returns EINTR itself. With a signal pending, the next RUN
 * repeats the operation as if it had never begun; without one, EINTR is its result.
 */
static void fuse_gives_up(void)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct mute mute = { .takes = true, .gives_up = true };
		pid_t server = fuse_mount(&mute);
		int fd = open(FUSE_FILE, O_RDONLY | O_CLOEXEC);
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args args;

		CHECK(fd >= 0);
		dev_load(&dev, chain("rr"));
		lay(&dev, 0, (struct frame){ .cap = 8 }, "", 0);
		lay(&dev, 1, (struct frame){ .cap = 8 }, "", 0);
		tick(200000 * slow());
		args = dev_run(&dev, &fd, 1, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.fail_errno, 0);
		tick(0);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(laid(&dev, 0).err, 0);
		EQUAL(laid(&dev, 0).len, 1);
		EQUAL(laid(&dev, 1).err, EINTR);
		EQUAL(args.fail_errno, EINTR);
		EQUAL(args.fail_letter, 'r');
		dev_close(&dev);
		close(fd);
		kill(server, SIGKILL);
		child_wait(server, SOON);
		EQUAL(umount2(FUSE_FILE, MNT_DETACH), 0);
	}
}

/* --- suspend ------------------------------------------------------------------------------------------ */

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	note = path;
	CHECK(fd >= 0);
	EQUAL(write(fd, text, strlen(text)), strlen(text));
	note = "";
	close(fd);
}

/* Starts a child that continues @source after each signal, until it ends. */
static pid_t sleeper(const char *source, uint32_t flags, const int *fds, uint32_t n_fds)
{
	pid_t pid = fork();

	if (!pid) {
		struct dev dev = dev_open(flags);
		uint64_t stops = 0;

		dev_load(&dev, source);
		lay(&dev, 0, (struct frame){}, "", 0);
		dev_run_on(&dev, fds, n_fds, &stops);
		_exit(3);
	}
	return pid;
}

/*
 * The machine freezes all tasks, and thaws them (pm_test makes it go no further). If one cannot be
 * frozen the kernel gives up, and the write fails.
 */
static void suspend(void)
{
	int ends[2];
	pid_t pids[4];
	int i;

	pipe_make(ends);
	pids[0] = sleeper("+[]", 0, NULL, 0);
	pids[1] = sleeper("+[]", BFK_LOAD_INTERP, NULL, 0);
	pids[2] = sleeper(">%r", 0, ends, 1);
	pids[3] = sleeper("%r", 0, ends, 1);
	nap(200);
	write_to("/sys/module/suspend/parameters/pm_test_delay", "1");
	write_to("/sys/power/pm_test", "freezer");
	write_to("/sys/power/state", "freeze");
	write_to("/sys/power/pm_test", "none");
	EQUAL(write(ends[1], "x", 1), 1);
	EQUAL(child_wait(pids[3], SOON), 3 << 8); /* it continued, and read the byte */
	EQUAL(child_wait(pids[2], SOON), 3 << 8); /* its frame has go = 0 */
	for (i = 0; i < 2; i++) {
		EQUAL(waitpid(pids[i], NULL, WNOHANG), 0);
		kill(pids[i], SIGKILL);
		EQUAL(child_wait(pids[i], SOON), SIGKILL);
	}
}

static const struct test tests[] = {
	{ "FUSE block that never ends (nobody takes the request): SIGKILL ends it",
	  fuse_never_takes },
	{ "FUSE block that never ends (the request is taken): SIGKILL ends the process that waits for the position, and the "
	  "other one when the server is gone",
	  fuse_never_answers },
	{ "FUSE block that is given up (with or without a signal): the read is repeated, or is EINTR",
	  fuse_gives_up },
	{ "suspend (looping and blocked programs) freezes them, and they continue", suspend, 60 },
};

CASES(tests)
