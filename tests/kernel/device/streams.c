// SPDX-License-Identifier: GPL-2.0-only
/* Do %r and %w treat devices, pipes, sockets and terminals as read(2) and write(2) do? */
#include "file_ops.h"
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

static void no_read_iter(void)
{
	int fds[] = { inotify_init1(IN_NONBLOCK), eventfd(5, 0) };
	uint64_t value = 0;
	struct frame frame;

	dev = dev_open(0);
	FAILS(OP('r', fds), EINVAL);
	frame = OP('r', fds, .slot = 1);
	WORKS(frame);
	EQUAL(frame.len, 8);
	memcpy(&value, dev.tape + 16, 8);
	EQUAL(value, 5);
	FAILS(OP('w', fds, .slot = 1, .len = 8), EINVAL);
}

static void devices(void)
{
	int fds[] = { open("/dev/zero", O_RDWR), open("/dev/null", O_RDWR),
		      open("/dev/full", O_RDWR) };
	struct frame frame;

	dev = dev_open(0);
	memset(dev.tape, 1, TAPE_CELLS);
	frame = OP('r', fds, .cap = 5000);
	WORKS(frame);
	EQUAL(frame.len, 5000);
	WORKS(OP('w', fds, .slot = 1, .len = 5000));
	frame = OP('r', fds, .slot = 1);
	EQUAL(frame.go + frame.err, 0);
	FAILS(OP('w', fds, .slot = 2, .len = 5000), EINVAL); /* it has no write_iter */
}

static void nonblocking(void)
{
	struct frame frame;
	int ends[2];

	EQUAL(pipe2(ends, O_NONBLOCK), 0);
	fcntl(ends[1], F_SETPIPE_SZ, 4096);
	dev = dev_open(0);
	frame = OP('r', ends);
	FAILS(frame, EAGAIN);
	EQUAL(frame.len, 0);
	frame = OP('w', ends, .slot = 1, .len = 6000);
	FAILS(frame, EAGAIN);
	EQUAL(frame.len, 4096);
	frame = OP('r', ends);
	WORKS(frame);
	EQUAL(frame.len, 4096);
}

static void broken_pipe(void)
{
	struct bfk_run_args args;
	int ends[2];

	pipe_make(ends);
	close(ends[0]);
	ends[0] = -1;
	signal(SIGPIPE, SIG_IGN);
	dev = dev_open(0);
	FAILS(OP_TEXT('w', "x", ends, .slot = 1), EPIPE);
	dev_load(&dev, "+%w");
	tape_put(dev.tape, 0, &(struct frame){ .slot = 1, .len = 1 }, 16);
	args = dev_run(&dev, ends, 2, 1);
	EQUAL(args.fail_errno, EPIPE);
	EQUAL(args.fail_letter, 'w');
	EQUAL(args.fail_off, 1);
	dev_load(&dev, "+.>[]");
	args = dev_run(&dev, ends, 2, 1);
	EQUAL(args.status, BFK_STATUS_FAILED);
	EQUAL(args.fail_errno, EPIPE);
	EQUAL(args.fail_letter, '.');
}

static void broken_pipe_kills(void)
{
	int ends[2], i;

	for (i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (!pid) {
			pipe_make(ends);
			close(ends[0]);
			ends[0] = -1;
			dev = dev_open(0);
			if (i)
				OP_TEXT('w', "x", ends, .slot = 1);
			dev_load(&dev, "+.>[]");
			dev_run(&dev, ends, 2, 1);
			_exit(0);
		}
		EQUAL(WTERMSIG(child_wait(pid, 2 * SOON)), SIGPIPE);
	}
}

static void streams(void)
{
	char path[100], text[20] = {};
	int fds[2], master, slave, fifo;
	struct frame frame;
	ssize_t len, got;

	dev = dev_open(0);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	WORKS(OP_TEXT('w', "hello", fds, .slot = 1));
	frame = OP('r', fds);
	WORKS(frame);
	EQUAL(frame.len, 5);
	FAILS(OP('g', fds), ESPIPE);
	FAILS(OP('l', fds), ESPIPE);
	shutdown(fds[1], SHUT_WR);
	frame = OP('r', fds);
	EQUAL(frame.go + frame.err, 0);

	EQUAL(openpty(&master, &slave, NULL, NULL, NULL), 0);
	fds[0] = fds[1] = slave;
	WORKS(OP_TEXT('w', "hi\n", fds));
	for (len = 0; len < 4; len += got) {
		got = read(master, text + len, sizeof(text) - len);
		CHECK(got > 0);
	}
	CHECK(!memcmp(text, "hi\r\n", 4));
	EQUAL(write(master, "yo\n", 3), 3);
	frame = OP('r', fds);
	WORKS(frame);
	CHECK(frame.len == 3 && !memcmp(dev.tape + 16, "yo\n", 3));

	snprintf(path, sizeof(path), "%s/fifo", dir_make());
	EQUAL(mkfifo(path, 0600), 0);
	fifo = open(path, O_RDWR);
	fds[0] = fds[1] = fifo;
	WORKS(OP_TEXT('w', "in", fds));
	EQUAL(OP('r', fds).len, 2);
}

static const struct test tests[] = {
	{ "%r and %w (file without read_iter, write_iter) are EINVAL", no_read_iter },
	{ "%r %w work on /dev/zero and /dev/null, and are EINVAL on /dev/full", devices },
	{ "%r %w (non-blocking pipe) are EAGAIN, and len is what was transferred", nonblocking },
	{ "%w and '.' (reader gone, SIGPIPE ignored) are EPIPE in frame and report", broken_pipe },
	{ "%w and '.' (reader gone) kill by SIGPIPE", broken_pipe_kills },
	{ "%r %w work on a socket, a terminal and a FIFO", streams },
};

CASES(tests)
