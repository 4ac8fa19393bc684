// SPDX-License-Identifier: GPL-2.0-only
/* What do %r and %w move, at which position, and which slots do they refuse? */
#include "file_ops.h"
#include "tests/harness/letters.h"

static void read_file(void)
{
	int fds[] = { file_make("hello", 5) };
	struct frame frame;

	dev = dev_open(0);
	frame = OP('r', fds, .off = 99, .arg = 77);
	WORKS(frame);
	EQUAL(frame.len, 5);
	EQUAL(frame.cap, 0);
	EQUAL(frame.off, 99);
	EQUAL(frame.arg, 77);
	CHECK(!memcmp(dev.tape + 16, "hello\0", 6));
	frame = OP('r', fds); /* at the end */
	EQUAL(frame.go, 0);
	EQUAL(frame.err, 0);
	EQUAL(frame.len, 0);
}

static void read_cap(void)
{
	static uint8_t bytes[70000];
	static const struct {
		int cap, len;
	} caps[] = { { 1, 1 },	       { 0, 32768 },	 { 32769, 32769 },
		     { 65520, 65520 }, { 65521, 65520 }, { 65535, 65520 } };
	unsigned int i;

	dev = dev_open(0);
	fill(bytes, sizeof(bytes), 1);
	for (i = 0; i < 6; i++) {
		int fds[] = { file_make(bytes, sizeof(bytes)) };
		struct frame frame = OP('r', fds, .cap = caps[i].cap);

		WORKS(frame);
		EQUAL(frame.len, caps[i].len);
		EQUAL(frame.cap, caps[i].cap);
		CHECK(!memcmp(dev.tape + 16, bytes, caps[i].len));
		if (caps[i].len < 65520)
			EQUAL(dev.tape[16 + caps[i].len], 0);
		close(fds[0]);
	}
}

static void write_file(void)
{
	int fds[] = { -1, file_make("", 0) };
	struct frame frame;

	dev = dev_open(0);
	frame = OP_TEXT('w', "hello", fds, .slot = 1, .cap = 3);
	WORKS(frame);
	EQUAL(frame.len, 5);
	CHECK(holds(fds[1], "hello"));
	WORKS(OP('w', fds, .slot = 1, .len = 0));
	CHECK(holds(fds[1], "hello"));
}

static void write_len(void)
{
	int fds[] = { file_make("", 0) };
	static uint8_t bytes[65536], got[65536];
	int len;

	dev = dev_open(0);
	fill(bytes, sizeof(bytes), 2);
	for (len = 65521; len < 65536; len += 7)
		FAILS(OP('w', fds, .len = len), EINVAL);
	EQUAL(lseek(fds[0], 0, SEEK_END), 0);
	WORKS(op(&dev, 'w', (struct frame){ .len = 65520 }, bytes, 65520, fds, 1));
	EQUAL(pread(fds[0], got, 65536, 0), 65520);
	CHECK(!memcmp(got, bytes, 65520));
}

static void seam(void)
{
	static uint8_t bytes[1000], got[1000];
	static const uint32_t heads[] = { 65535, 65530, 65521, 65520, 65500, 64800 };
	uint32_t i;
	uint32_t flags;

	fill(bytes, sizeof(bytes), 3);
	for (flags = 0; flags <= BFK_LOAD_INTERP; flags += BFK_LOAD_INTERP) {
		dev = dev_open(flags);
		for (i = 0; i < 6; i++) {
			int fds[] = { file_make(bytes, 1000), file_make("", 0) };
			struct frame frame = { .go = 1, .cap = 1000 };

			EQUAL(fd_load(dev.fd, chain_at("r", heads[i], 0), flags), 0);
			tape_put(dev.tape, heads[i], &frame, 16);
			EQUAL(dev_run(&dev, fds, 2, 1).head, heads[i]);
			frame = frame_get(dev.tape, heads[i]);
			WORKS(frame);
			EQUAL(frame.len, 1000);
			tape_get(dev.tape, heads[i] + 16, got, 1000);
			CHECK(!memcmp(bytes, got, 1000));
			EQUAL(dev.tape[(heads[i] + 1016) % TAPE_CELLS], 0);
			EQUAL(dev.tape[heads[i] - 1], 0);

			EQUAL(fd_load(dev.fd, chain_at("w", heads[i], 0), flags), 0);
			frame = (struct frame){ .go = 1, .slot = 1, .len = 1000 };
			tape_put(dev.tape, heads[i], &frame, 16);
			tape_put(dev.tape, heads[i] + 16, bytes, 1000);
			WORKS((dev_run(&dev, fds, 2, 1), frame_get(dev.tape, heads[i])));
			memset(got, 0, 1000);
			EQUAL(pread(fds[1], got, 1000, 0), 1000);
			CHECK(!memcmp(bytes, got, 1000));
			close(fds[0]);
			close(fds[1]);
		}
		dev_close(&dev);
	}
}

static void mode_of_slot(void)
{
	int fds[] = { open("/dev/null", O_RDONLY), open("/dev/null", O_WRONLY) };

	dev = dev_open(0);
	FAILS(OP_TEXT('w', "x", fds, .slot = 0), EBADF);
	FAILS(OP_TEXT('p', "x", fds, .slot = 0), EBADF);
	FAILS(OP('r', fds, .slot = 1), EBADF);
	FAILS(OP('g', fds, .slot = 1), EBADF);
	FAILS(OP('x', fds, .slot = 1, .arg = 1), EBADF);
	FAILS(OP('x', fds, .slot = 0, .arg = 0), EBADF);
}

static void no_such_slot(void)
{
	static const uint8_t slots[] = { 1, 63, 64, 65, 127, 128, 255 };
	char letters[27];
	int fds[] = { file_make("abc", 3) };
	const char *letter;
	unsigned int i;

	dev = dev_open(0);
	letters_if(letter_needs_file, letters);
	for (letter = letters; *letter; letter++) {
		note = letter;
		for (i = 0; i < sizeof(slots); i++)
			FAILS(OP_TEXT(*letter, "x", fds, .slot = slots[i]), EBADF);
	}
	for (i = 0; i < sizeof(slots); i++)
		FAILS(OP('x', fds, .arg = slots[i]), EBADF);
}

static void directory(void)
{
	int fds[] = { open("/tmp", O_RDONLY) };

	dev = dev_open(0);
	FAILS(OP('r', fds), EISDIR);
	FAILS(OP('g', fds), EISDIR);
	FAILS(OP_TEXT('w', "x", fds), EBADF);
}

static void append(void)
{
	const char *dir = dir_make();
	char path[100];
	int fds[1];

	put_file(dir, "log", "one\n");
	snprintf(path, sizeof(path), "%s/log", dir);
	fds[0] = open(path, O_RDWR | O_APPEND);
	dev = dev_open(0);
	WORKS(OP_TEXT('w', "two\n", fds));
	lseek(fds[0], 0, SEEK_SET);
	WORKS(OP_TEXT('w', "three\n", fds));
	WORKS(OP_TEXT('p', "four\n", fds, .off = 0)); /* as pwrite(2) */
	CHECK(holds(fds[0], "one\ntwo\nthree\nfour\n"));
}

/* Two writers to one open file, one by %w and one by write(2): neither overwrites the other. */
static void shared_position(void)
{
	int fds[1] = { file_make("", 0) }, i;
	pid_t pid = fork();
	const char *text = "write(2)!\n";

	if (!pid) {
		for (i = 0; i < 3000; i++)
			EQUAL(write(fds[0], text, 10), 10);
		_exit(0);
	}
	dev = dev_open(0);
	for (i = 0; i < 300; i++) {
		dev_load(&dev, chain("wwwwwwwwww"));
		for (int j = 0; j < 10; j++)
			lay_text(&dev, j, (struct frame){}, "operation\n");
		EQUAL(dev_run(&dev, fds, 1, 1).write_len, 100);
	}
	EQUAL(child_wait(pid, 4 * SOON), 0);
	EQUAL(lseek(fds[0], 0, SEEK_END), 60000);
}

static const struct test tests[] = {
	{ "%r reads, and reports the end by go = 0 and err = 0", read_file },
	{ "%r (cap 0, small, above 65,520) reads no more than cap, and no more than fits",
	  read_cap },
	{ "%w writes all len bytes", write_file },
	{ "%w (len above 65,520) is EINVAL, 65,520 are written", write_len },
	{ "%r and %w (frame or data across the ring's seam) work on both engines", seam },
	{ "%r %g %w %p %x (slot not open for it) are EBADF", mode_of_slot },
	{ "every file operation (empty slot, slot 64 and up) is EBADF", no_such_slot },
	{ "%r and %g (directory) are EISDIR", directory },
	{ "%w and %p (O_APPEND) append", append },
	{ "%w and another process's write share a position without overwriting", shared_position },
};

CASES(tests)
