// SPDX-License-Identifier: GPL-2.0-only
/* What does %x move between two slots, and what does it refuse? */
#include "file_ops.h"

static void move(void)
{
	static uint8_t bytes[40000], got[40001];
	int fds[6] = { file_make(bytes, 40000), file_make("", 0) };
	struct bfk_run_args args;
	struct frame frame;

	fill(bytes, sizeof(bytes), 4);
	pwrite(fds[0], bytes, sizeof(bytes), 0);
	pipe_make(fds + 2);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds + 4), 0);
	dev = dev_open(0);
	frame = OP('x', fds, .arg = 1, .off = 10);
	WORKS(frame);
	EQUAL(frame.off, 10);
	EQUAL(lseek(fds[0], 0, SEEK_CUR), 10);
	EQUAL(lseek(fds[1], 0, SEEK_CUR), 10);
	dev_load(&dev, "%x");
	lay(&dev, 0, (struct frame){ .arg = 1 }, NULL, 0);
	args = dev_run(&dev, fds, 6, 1);
	EQUAL(laid(&dev, 0).off, 39990);
	EQUAL(args.read_len, 39990);
	EQUAL(args.write_len, 39990);
	EQUAL(pread(fds[1], got, 40001, 0), 40000);
	CHECK(!memcmp(got, bytes, 40000));
	frame = OP('x', fds, .arg = 1, .off = 10); /* at the end */
	EQUAL(frame.go + frame.err, 0);
	EQUAL(frame.off, 0);

	lseek(fds[0], 100, SEEK_SET);
	frame = OP('x', fds, .arg = 3, .off = 5000); /* to a pipe */
	WORKS(frame);
	EQUAL(read(fds[2], got, 40000), 5000);
	CHECK(!memcmp(got, bytes + 100, 5000));
	WORKS(OP('x', fds, .arg = 4, .off = 7)); /* to a socket */
	EQUAL(read(fds[5], got, 40000), 7);
	CHECK(!memcmp(got, bytes + 5100, 7));
}

static void move_refused(void)
{
	int fds[7] = { file_make("0123456789", 10), open("/tmp", O_RDONLY) };
	struct frame frame;

	pipe_make(fds + 2);
	fds[4] = tmp_open("bfk-append", O_RDWR | O_CREAT | O_APPEND);
	fds[5] = full_file();
	fds[6] = open("/dev/null", O_WRONLY);
	dev = dev_open(0);
	EQUAL(write(fds[3], "abc", 3), 3);
	FAILS(OP('x', fds, .slot = 2, .arg = 6), EINVAL); /* from a pipe */
	FAILS(OP('x', fds, .slot = 1, .arg = 6), EISDIR);
	FAILS(OP('x', fds, .slot = 0, .arg = 1), EBADF);  /* not open for writing */
	FAILS(OP('x', fds, .slot = 0, .arg = 4), EINVAL); /* appending */
	EQUAL(lseek(fds[0], 0, SEEK_CUR), 0);
	frame = OP('x', fds, .slot = 0, .arg = 5);
	WORKS(frame);
	EQUAL(frame.off, 10);
	lseek(fds[0], 0, SEEK_SET);
	lseek(fds[5], 4096, SEEK_SET);
	frame = OP('x', fds, .slot = 0, .arg = 5);
	FAILS(frame, ENOSPC);
	EQUAL(frame.off, 0);
	lseek(fds[0], 0, SEEK_SET);
	frame = OP('x', fds, .slot = 0, .arg = 6, .off = ~0ull);
	EQUAL(frame.err, 0);
	EQUAL(frame.off, 10);
}

static void move_full_pipe(void)
{
	static uint8_t bytes[10000];
	int fds[3] = { file_make(bytes, 10000) };
	struct frame frame;

	EQUAL(pipe2(fds + 1, O_NONBLOCK), 0);
	fcntl(fds[2], F_SETPIPE_SZ, 4096);
	dev = dev_open(0);
	frame = OP('x', fds, .arg = 2);
	EQUAL(frame.go, 0);
	EQUAL(frame.err, EAGAIN);
	EQUAL(frame.off, 4096);
	EQUAL(lseek(fds[0], 0, SEEK_CUR), 4096);
}

static const struct test tests[] = {
	{ "%x moves off bytes or everything to a file, a pipe, a socket", move },
	{ "%x (pipe, directory, append, full device) is refused", move_refused },
	{ "%x (pipe fills up) reports how much was moved and leaves the position there",
	  move_full_pipe },
};

CASES(tests)
