// SPDX-License-Identifier: GPL-2.0-only
/* Do %g %p %l %z %t %y work at any position and size of a file, and fail where files have none? */
#include "file_ops.h"
#include <limits.h>

static void get_put(void)
{
	int fds[] = { file_make("0123456789", 10) };
	struct frame frame;

	dev = dev_open(0);
	frame = OP('g', fds, .off = 4, .cap = 3);
	WORKS(frame);
	EQUAL(frame.len, 3);
	EQUAL(frame.off, 7);
	CHECK(!memcmp(dev.tape + 16, "456\0", 4));
	frame = OP_TEXT('p', "ab", fds, .off = 2);
	WORKS(frame);
	EQUAL(frame.off, 4);
	CHECK(holds(fds[0], "01ab456789"));
	EQUAL(lseek(fds[0], 0, SEEK_CUR), 0);
	frame = OP('g', fds, .off = 10);
	EQUAL(frame.go + frame.err, 0);
	frame = OP('g', fds, .off = 1ull << 40);
	EQUAL(frame.go + frame.err, 0);
}

static void offsets(void)
{
	static const uint64_t bad[] = { 1ull << 63, ~0ull, ~0ull - 4095, (1ull << 63) + 5 };
	int fds[3] = { file_make("0123456789", 10) };
	struct frame frame;
	int i;

	pipe_make(fds + 1);
	dev = dev_open(0);
	for (i = 0; i < 4; i++) {
		FAILS(OP('g', fds, .off = bad[i]), EINVAL);
		frame = OP_TEXT('p', "x", fds, .off = bad[i]);
		FAILS(frame, EINVAL);
		EQUAL(frame.off, bad[i]);
	}
	FAILS(OP('g', fds, .off = LLONG_MAX), EINVAL);
	FAILS(OP_TEXT('p', "x", fds, .off = LLONG_MAX), EINVAL);
	FAILS(OP('g', fds, .slot = 1), ESPIPE);
	FAILS(OP_TEXT('p', "x", fds, .slot = 2), ESPIPE);
	CHECK(holds(fds[0], "0123456789"));
}

static void seek(void)
{
	static const struct {
		int whence;
		int64_t off, pos;
	} seeks[] = {
		{ SEEK_SET, 3, 3 },   { SEEK_CUR, 4, 7 },    { SEEK_CUR, -2, 5 },
		{ SEEK_END, -1, 9 },  { SEEK_END, 90, 100 }, { SEEK_DATA, 0, 0 },
		{ SEEK_HOLE, 0, 10 },
	};
	int fds[3] = { file_make("0123456789", 10) };
	unsigned int i;

	pipe_make(fds + 1);
	dev = dev_open(0);
	for (i = 0; i < 7; i++) {
		struct frame frame = OP('l', fds, .arg = seeks[i].whence, .off = seeks[i].off);

		WORKS(frame);
		EQUAL(frame.off, seeks[i].pos);
		EQUAL(lseek(fds[0], 0, SEEK_CUR), seeks[i].pos);
	}
	FAILS(OP('l', fds, .off = -1), EINVAL);
	FAILS(OP('l', fds, .off = 1ull << 63), EINVAL);
	FAILS(OP('l', fds, .arg = SEEK_DATA, .off = 11), ENXIO);
	for (i = 5; i < 256; i++)
		FAILS(OP('l', fds, .arg = i), EINVAL);
	FAILS(OP('l', fds, .slot = 1), ESPIPE);
}

static void seek_drops_read_ahead(void)
{
	int fds[] = { file_make("abcdef", 6) };
	static char source[200] = ",";

	dev = dev_open(0);
	strcat(source, chain_at("lr", 16, 32));
	dev_load(&dev, source);
	tape_put(dev.tape, 16, &(struct frame){ .go = 1, .off = 3 }, 16);
	tape_put(dev.tape, 48, &(struct frame){ .go = 1 }, 16);
	EQUAL(dev_run(&dev, fds, 1, 1).fail_errno, 0);
	EQUAL(dev.tape[0], 'a');
	EQUAL(frame_get(dev.tape, 48).len, 3);
	CHECK(!memcmp(dev.tape + 64, "def", 3));
}

static void size_truncate(void)
{
	int fds[5] = { file_make("0123456789", 10), open("/tmp", O_RDONLY),
		       open("/etc/passwd", O_RDONLY) };
	struct frame frame;

	pipe_make(fds + 3);
	dev = dev_open(0);
	frame = OP('z', fds);
	WORKS(frame);
	EQUAL(frame.off, 10);
	frame = OP('z', fds, .slot = 3, .off = 8);
	WORKS(frame);
	EQUAL(frame.off, 0);
	WORKS(OP('t', fds, .off = 4));
	CHECK(holds(fds[0], "0123"));
	WORKS(OP('t', fds, .off = 6));
	EQUAL(lseek(fds[0], 0, SEEK_END), 6);
	FAILS(OP('t', fds, .slot = 1), EINVAL);
	FAILS(OP('t', fds, .slot = 2), EINVAL);
	FAILS(OP('t', fds, .slot = 4), EINVAL);
	FAILS(OP('t', fds, .off = 1ull << 63), EINVAL);
	FAILS(OP('t', fds, .off = ~0ull), EINVAL);
	EQUAL(lseek(fds[0], 0, SEEK_END), 6);
}

static void sync_(void)
{
	int fds[3] = { file_make("x", 1) };

	pipe_make(fds + 1);
	dev = dev_open(0);
	WORKS(OP('y', fds));
	WORKS(OP('y', fds, .arg = 1));
	FAILS(OP('y', fds, .slot = 2), EINVAL);
}

static const struct test tests[] = {
	{ "%g and %p work at off, advance it, and leave the position", get_put },
	{ "%g and %p (negative or huge off, pipe) are EINVAL and ESPIPE", offsets },
	{ "%l seeks by every whence; others are EINVAL, pipes ESPIPE", seek },
	{ "%l (slot 0) drops what ',' has read ahead", seek_drops_read_ahead },
	{ "%z and %t get and set the size; read-only, pipe, directory, too big are EINVAL",
	  size_truncate },
	{ "%y works on a file and is EINVAL on a pipe", sync_ },
};

CASES(tests)
