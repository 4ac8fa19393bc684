// SPDX-License-Identifier: GPL-2.0-only
/* What happens when a file cannot grow: which errno, which signal, and how much is written? */
#include "file_ops.h"
#include <sys/resource.h>

static void file_size_limit(void)
{
	int fds[] = { file_make("", 0) };
	struct frame frame;

	dev = dev_open(0);
	handle(SIGXFSZ);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 50, 50 });
	frame = op(&dev, 'w', (struct frame){ .len = 80 }, NULL, 0, fds, 1);
	FAILS(frame, EFBIG);
	EQUAL(frame.len, 50);
	FAILS(OP('p', fds, .len = 1, .off = 50), EFBIG);
	FAILS(OP('t', fds, .off = 51), EFBIG);
	WORKS(OP('t', fds, .off = 50));
	EQUAL(lseek(fds[0], 0, SEEK_END), 50);
}

static void file_size_kills(void)
{
	int fds[] = { file_make("", 0) };
	pid_t pid;

	setrlimit(RLIMIT_CORE, &(struct rlimit){});
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 50, 50 });
		dev = dev_open(0);
		OP('w', fds, .len = 80);
		_exit(0);
	}
	EQUAL(WTERMSIG(child_wait(pid, 2 * SOON)), SIGXFSZ);
}

static void no_space(void)
{
	int fds[1] = { full_file() };
	struct frame frame;

	dev = dev_open(0);
	frame = OP('w', fds, .len = 5000);
	FAILS(frame, ENOSPC);
	EQUAL(frame.len, 4096);
	frame = OP('p', fds, .len = 5, .off = 4096);
	FAILS(frame, ENOSPC);
	EQUAL(frame.len, 0);
	EQUAL(frame.off, 4096);
}

static void move_to_own_end(void)
{
	static char bytes[100000];
	int fds[2] = { file_make(bytes, sizeof(bytes)) };
	char path[50];
	struct frame frame;
	uint64_t stops = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	fds[1] = open(path, O_RDWR);
	lseek(fds[1], 0, SEEK_END);
	handle(SIGXFSZ);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 10 << 20, 10 << 20 });
	dev = dev_open(0);
	dev_load(&dev, "%x");
	lay(&dev, 0, (struct frame){ .arg = 1 }, NULL, 0);
	EQUAL(dev_run_on(&dev, fds, 2, &stops).status, BFK_STATUS_END); /* SIGXFSZ stops it too */
	frame = laid(&dev, 0);
	FAILS(frame, EFBIG);
	EQUAL(frame.off, (10 << 20) - 100000);
	lseek(fds[0], 0, SEEK_SET); /* and with one position for both */
	WORKS(OP('x', fds, .arg = 0));
	EQUAL(lseek(fds[0], 0, SEEK_END), 10 << 20);
}

static const struct test tests[] = {
	{ "%w %p %t (RLIMIT_FSIZE, SIGXFSZ handled) are EFBIG, and len is what was written",
	  file_size_limit },
	{ "%w (RLIMIT_FSIZE, SIGXFSZ not handled) kills", file_size_kills },
	{ "%w and %p (file system full) are ENOSPC, and len is what was written", no_space },
	{ "%x (a file to its own end) stops at the limit, as cat would", move_to_own_end },
};

CASES(tests)
