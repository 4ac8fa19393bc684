// SPDX-License-Identifier: GPL-2.0-only
/* Every operation: its effect, and each of its errnos, on every kind of file. */
#include "ext4.h"
#include <limits.h>
#include <netinet/in.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include "tests/harness/letters.h"

static struct dev dev;

static int tmp_open(const char *name, int flags)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/tmp/%s", name);
	fd = open(path, flags | O_CLOEXEC, 0666);
	CHECK(fd >= 0);
	return fd;
}

/* Makes a directory for this case below /tmp. */
static const char *dir_make(void)
{
	static char path[] = "/tmp/bfk-dir.XXXXXX";

	CHECK(mkdtemp(path));
	return path;
}

static void put_file(const char *dir, const char *name, const char *text)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file);
	fputs(text, file);
	fclose(file);
}

/* Does this file hold exactly this? */
static bool holds(int fd, const char *text)
{
	char is[200] = {};
	ssize_t len = pread(fd, is, sizeof(is), 0);

	if (len == (ssize_t)strlen(text) && !memcmp(is, text, len))
		return true;
	printf("# it holds '%.*s'\n", (int)len, is);
	fflush(stdout);
	return false;
}

#define OP(letter, fds, ...) \
	op(&dev, letter, (struct frame){ __VA_ARGS__ }, NULL, 0, fds, sizeof(fds) / sizeof(*(fds)))
#define OP_TEXT(letter, text, fds, ...)                                                            \
	op(&dev, letter, (struct frame){ .len = strlen(text), ##__VA_ARGS__ }, text, strlen(text), \
	   fds, sizeof(fds) / sizeof(*(fds)))

/* --- r w ------------------------------------------------------------------------------------- */

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

/* --- g p l z t y ------------------------------------------------------------------------------ */

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

/* --- x ---------------------------------------------------------------------------------------- */

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

/* A file with room for 4096 bytes. */
static int full_file(void)
{
	const char *path = dir_make();
	char file[100];
	int fd;

	EQUAL(mount("tmpfs", path, "tmpfs", 0, "size=4k"), 0);
	snprintf(file, sizeof(file), "%s/f", path);
	fd = open(file, O_RDWR | O_CREAT, 0600);
	CHECK(fd >= 0);
	umount2(path, MNT_DETACH);
	return fd;
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

/* --- o c -------------------------------------------------------------------------------------- */

#define R 0
#define W 1
#define RDWR 2
#define CREATE 4
#define TRUNCATE 8
#define APPEND 16
#define EXCLUSIVE 32
#define DIRECTORY 64
#define NONBLOCK 128

/* Does %o of @path below fds[0], then @letter on the slot it returns, the first free one of fds. */
static struct frame open_then(int dir, const char *path, int arg, char letter, const char *text)
{
	const char letters[3] = { 'o', letter, 0 };

	dev_load(&dev, chain(letters));
	lay_text(&dev, 0, (struct frame){ .arg = arg }, path);
	lay_text(&dev, 1, (struct frame){ .slot = 1 }, text);
	EQUAL(dev_run(&dev, &dir, 1, 1).status, BFK_STATUS_END);
	if (laid(&dev, 0).go)
		EQUAL(laid(&dev, 0).arg, 1);
	return laid(&dev, 0);
}

static bool data_is(const char *text)
{
	struct frame frame = laid(&dev, 1);

	return frame.len == strlen(text) && !memcmp(dev.tape + STEP + 16, text, frame.len);
}

static void open_modes(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY);
	struct stat stat_;

	dev = dev_open(0);
	mkdirat(dir, "sub", 0777);
	put_file(path, "sub/f", "text");
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("text"));
	WORKS(open_then(dir, "./sub/.//f", R, 'r', ""));
	CHECK(data_is("text"));
	FAILS((open_then(dir, "sub/f", R, 'w', "x"), laid(&dev, 1)), EBADF);
	FAILS((open_then(dir, "sub/f", W, 'r', ""), laid(&dev, 1)), EBADF);
	WORKS((open_then(dir, "sub/f", RDWR, 'w', "X"), laid(&dev, 1)));
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("Xext"));
	WORKS((open_then(dir, "sub/f", W | APPEND, 'w', "!"), laid(&dev, 1)));
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("Xext!"));
	WORKS(open_then(dir, "sub/f", W | TRUNCATE, 'z', ""));
	EQUAL(laid(&dev, 1).off, 0);

	FAILS(open_then(dir, "sub/new", W, 'z', ""), ENOENT);
	umask(022);
	WORKS(open_then(dir, "sub/new", W | CREATE, 'w', "new"));
	EQUAL(fstatat(dir, "sub/new", &stat_, 0), 0);
	EQUAL(stat_.st_mode, S_IFREG | 0644);
	EQUAL(stat_.st_size, 3);
	WORKS(open_then(dir, "sub/new", W | CREATE, 'z', ""));
	FAILS(open_then(dir, "sub/new", W | CREATE | EXCLUSIVE, 'z', ""), EEXIST);
	WORKS(open_then(dir, "sub/newer", W | CREATE | EXCLUSIVE, 'z', ""));
	WORKS(open_then(dir, "sub", R | DIRECTORY, 'z', ""));
	WORKS(open_then(dir, "sub/", R | DIRECTORY, 'z', ""));
	WORKS(open_then(dir, ".", R | DIRECTORY, 'z', ""));
	FAILS(open_then(dir, "sub/f", R | DIRECTORY, 'z', ""), ENOTDIR);
	FAILS(open_then(dir, "sub", W, 'z', ""), EISDIR);
	FAILS(open_then(dir, "sub/f/x", R, 'z', ""), ENOTDIR);
	FAILS(open_then(dir, "nothing/x", R, 'z', ""), ENOENT);
	mkfifoat(dir, "fifo", 0600);
	WORKS(open_then(dir, "fifo", R | NONBLOCK, 'z', ""));
	FAILS(open_then(dir, "fifo", W | NONBLOCK, 'z', ""), ENXIO);
	FAILS(open_then(dir, "sub/f", 3, 'z', ""), EINVAL);
	FAILS(open_then(dir, "x", CREATE | DIRECTORY, 'z', ""), EINVAL);
}

static void open_escapes(void)
{
	static const char *const links[] = { "/etc",
					     "/etc/passwd",
					     "..",
					     "../bfk-secret",
					     "sub",
					     "sub/f",
					     "/proc/self/root/etc/passwd",
					     "." };
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), proc = open("/proc/self", O_RDONLY);
	char through[100];
	unsigned int i;

	dev = dev_open(0);
	mkdirat(dir, "sub", 0777);
	put_file(path, "sub/f", "text");
	put_file("/tmp", "bfk-secret", "secret");
	FAILS(open_then(dir, "..", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "../bfk-secret", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/..", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/../sub/f", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/../../bfk-secret", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "/etc/passwd", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "//etc/passwd", R, 'z', ""), EXDEV);
	for (i = 0; i < sizeof(links) / sizeof(*links); i++) {
		note = links[i];
		unlinkat(dir, "link", 0);
		EQUAL(symlinkat(links[i], dir, "link"), 0);
		FAILS(open_then(dir, "link", R, 'z', ""), ELOOP);
		FAILS(open_then(dir, "link", W | CREATE, 'z', ""), ELOOP);
		FAILS(open_then(dir, "link", R | DIRECTORY, 'z', ""), ENOTDIR);
		FAILS(open_then(dir, "link/.", R, 'z', ""), ENOTDIR);
		snprintf(through, sizeof(through), "link/%s", "passwd");
		FAILS(open_then(dir, through, R, 'z', ""), ENOTDIR);
	}
	note = "proc";
	FAILS(open_then(proc, "root/etc/passwd", R, 'z', ""), ENOTDIR);
	FAILS(open_then(proc, "cwd", R, 'z', ""), ELOOP);
	FAILS(open_then(proc, "fd/0", R, 'z', ""), ELOOP);
}

static void open_strange(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), file = file_make("", 0);
	static char name[5000];
	struct frame frame = { .len = 3 };

	dev = dev_open(0);
	put_file(path, "a", "text");
	FAILS(open_then(dir, "", R, 'z', ""), ENOENT);
	FAILS(op(&dev, 'o', frame, "a\0b", 3, &dir, 1), ENOENT);
	FAILS(op(&dev, 'o', frame, "a\0\0", 3, &dir, 1), ENOENT);
	FAILS(op(&dev, 'o', frame, "\0a", 3, &dir, 1), ENOENT);
	FAILS(open_then(file, "a", R, 'z', ""), ENOTDIR);
	memset(name, 'n', 256);
	FAILS(open_then(dir, name, R, 'z', ""), ENAMETOOLONG);
	memset(name, 'n', 4999);
	frame.len = 4096;
	FAILS(op(&dev, 'o', frame, name, 4096, &dir, 1), ENAMETOOLONG);
	frame.len = 65520;
	FAILS(op(&dev, 'o', frame, name, 100, &dir, 1), ENAMETOOLONG);
	frame.len = 65521;
	FAILS(op(&dev, 'o', frame, name, 100, &dir, 1), EINVAL);
}

static void open_long_path(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), i;
	static char name[4096];

	dev = dev_open(0);
	put_file(path, "f", "text");
	for (i = 0; i < 4070; i += 2)
		memcpy(name + i, "./", 2);
	strcpy(name + i, "f");
	dev_load(&dev, chain_at("or", 0, 2 * STEP));
	lay_text(&dev, 0, (struct frame){}, name);
	lay(&dev, 2, (struct frame){ .slot = 1 }, NULL, 0);
	dev_run(&dev, &dir, 1, 1);
	WORKS(laid(&dev, 0));
	EQUAL(laid(&dev, 2).len, 4);
}

static void open_rights(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	put_file(path, "f", "root's");
	put_file(path, "mine", "mine");
	fchmodat(dir, "f", 0600, 0);
	mkdirat(dir, "closed", 0700);
	put_file(path, "closed/x", "x");
	fchmodat(dir, "mine", 0644, 0);
	chmod(path, 0755);
	dev = dev_open(0);
	EQUAL(setresgid(1000, 1000, 1000), 0);
	EQUAL(setresuid(1000, 1000, 1000), 0);
	FAILS(open_then(dir, "f", R, 'z', ""), EACCES);
	FAILS(open_then(dir, "closed/x", R, 'z', ""), EACCES);
	FAILS(open_then(dir, "new", W | CREATE, 'z', ""), EACCES);
	FAILS(open_then(dir, "mine", W, 'z', ""), EACCES);
	WORKS(open_then(dir, "mine", R, 'z', ""));
}

static void open_slots(void)
{
	int fds[64], i, dir = open("/etc", O_RDONLY | O_DIRECTORY);

	dev = dev_open(0);
	for (i = 0; i < 64; i++)
		fds[i] = dir;
	dev_load(&dev, chain("o"));
	lay_text(&dev, 0, (struct frame){}, "passwd");
	dev_run(&dev, fds, 64, 1);
	FAILS(laid(&dev, 0), EMFILE);
	dev_load(&dev, chain("oo"));
	lay_text(&dev, 0, (struct frame){}, "passwd");
	lay_text(&dev, 1, (struct frame){}, "passwd");
	dev_run(&dev, fds, 63, 1);
	WORKS(laid(&dev, 0));
	EQUAL(laid(&dev, 0).arg, 63);
	FAILS(laid(&dev, 1), EMFILE);
	fds[5] = -1; /* the lowest free slot, free again after %c */
	dev_load(&dev, chain("oocoo"));
	for (i = 0; i < 5; i++)
		lay_text(&dev, i, (struct frame){ .slot = i == 2 ? 9 : 0 }, "passwd");
	dev_run(&dev, fds, 64, 1);
	EQUAL(laid(&dev, 0).arg, 5);
	FAILS(laid(&dev, 1), EMFILE);
	WORKS(laid(&dev, 2));
	EQUAL(laid(&dev, 3).arg, 9);
	FAILS(laid(&dev, 4), EMFILE);
}

static void open_instance(void)
{
	int dir = open("/dev", O_RDONLY | O_DIRECTORY);

	dev = dev_open(0);
	FAILS(open_then(dir, "bfk", RDWR, 'z', ""), EINVAL);
	FAILS(laid(&dev, 1), EBADF);
}

/* The other thread of open_race(): swaps the names of a directory and of a link to elsewhere. */
static void *trade(void *arg)
{
	int dir = *(int *)arg;

	for (;;)
		renameat2(dir, "d", dir, "link", RENAME_EXCHANGE);
	return NULL;
}

static void open_race(void)
{
	const char *path = dir_make();
	int dir, opened = 0, refused = 0;
	double end = now() + 2;
	pthread_t thread;
	char name[200];

	snprintf(name, sizeof(name), "%s/jail", path);
	mkdir(name, 0777);
	dir = open(name, O_RDONLY | O_DIRECTORY);
	mkdirat(dir, "d", 0777);
	put_file(path, "jail/d/f", "inside");
	put_file(path, "f", "outside");
	EQUAL(symlinkat("..", dir, "link"), 0);
	dev = dev_open(0);
	EQUAL(pthread_create(&thread, NULL, trade, &dir), 0);
	while (now() < end || opened <= 10 || refused <= 10) {
		struct frame frame = open_then(dir, "d/f", R, 'r', "");

		opened += frame.go;
		refused += frame.err == ENOTDIR;
		CHECK(frame.go || frame.err == ENOTDIR);
		CHECK(!frame.go || data_is("inside"));
	}
}

/* Moves a directory of the path out and back: only files beneath may be found. */
static void *move_out(void *arg)
{
	int dir = *(int *)arg;

	for (;;) {
		renameat(dir, "d/e", dir, "../e");
		renameat(dir, "../e", dir, "d/e");
	}
	return NULL;
}

static void open_moved(void)
{
	const char *path = dir_make();
	double end = now() + 1;
	pthread_t thread;
	char name[200];
	int dir;

	snprintf(name, sizeof(name), "%s/jail", path);
	mkdir(name, 0777);
	dir = open(name, O_RDONLY | O_DIRECTORY);
	mkdirat(dir, "d", 0777);
	mkdirat(dir, "d/e", 0777);
	put_file(path, "jail/d/e/f", "inside");
	put_file(path, "f", "outside");
	dev = dev_open(0);
	EQUAL(pthread_create(&thread, NULL, move_out, &dir), 0);
	while (now() < end) {
		struct frame frame = open_then(dir, "d/e/../f", R, 'r', "");

		CHECK(frame.err == EXDEV || frame.err == ENOENT);
		frame = open_then(dir, "d/e/f", R, 'r', "");
		CHECK(frame.go ? data_is("inside") : frame.err == ENOENT);
	}
}

static void close_slot(void)
{
	int ends[2], i;

	for (i = 0; i < 2; i++) {
		pipe_make(ends);
		dev = dev_open(i ? BFK_LOAD_INTERP : 0);
		dev_load(&dev, "%c%c[-]+[]");
		lay(&dev, 0, (struct frame){}, NULL, 0);
		EQUAL(dev_run(&dev, &ends[1], 1, 1).status, BFK_STATUS_FUEL);
		close(ends[1]);
		CHECK(is_hung_up(ends[0])); /* while the run continues */
		dev_close(&dev);
	}
	dev = dev_open(0);
	dev_load(&dev, chain("cc"));
	lay(&dev, 0, (struct frame){}, NULL, 0);
	lay(&dev, 1, (struct frame){}, NULL, 0);
	dev_run(&dev, ends, 1, 1);
	WORKS(laid(&dev, 0));
	FAILS(laid(&dev, 1), EBADF);
	EQUAL(fcntl(ends[0], F_GETFD), FD_CLOEXEC); /* the caller's descriptor stays open */
}

static void close_after_output(void)
{
	int fds[2] = { -1, file_make("", 0) };

	dev = dev_open(0);
	dev_load(&dev, ".>%c>>>>>>>>>>>>>>>>>>>.");
	dev.tape[0] = 'x';
	tape_put(dev.tape, 1, &(struct frame){ .go = 1, .slot = 1 }, 16);
	EQUAL(dev_run(&dev, fds, 2, 1).fail_errno, EBADF); /* from the last '.' */
	EQUAL(frame_get(dev.tape, 1).go, 1);
	CHECK(holds(fds[1], "x"));
}

static void close_drops_read_ahead(void)
{
	int fds[2] = { file_make("abc", 3), open("/etc", O_RDONLY | O_DIRECTORY) };

	dev = dev_open(0);
	dev_load(&dev, ",>%c>>>>>>>>>>>>>>>>>%o>>>>>>>>>>>>>>>>>>>>>>>>,");
	tape_put(dev.tape, 1, &(struct frame){ .go = 1, .slot = 0 }, 16);
	tape_put(dev.tape, 18, &(struct frame){ .go = 1, .slot = 1, .len = 6 }, 16);
	tape_put(dev.tape, 34, "passwd", 6);
	EQUAL(dev_run(&dev, fds, 2, 1).fail_errno, 0);
	EQUAL(frame_get(dev.tape, 18).arg, 0);
	EQUAL(dev.tape[42], 'r'); /* from "root", not the 'b' read ahead */
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

static void closed_at_end(void)
{
	static const char *const ends_of_run[] = { "", "%q", "+[]" };
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), fifo, i;
	static char source[2 * STEP];

	mkfifoat(dir, "fifo", 0600);
	for (i = 0; i < 3; i++) {
		note = ends_of_run[i];
		dev = dev_open(0);
		strcat(strcpy(source, chain("o")), ends_of_run[i]);
		dev_load(&dev, source);
		lay_text(&dev, 0, (struct frame){ .arg = R | NONBLOCK }, "fifo");
		dev.tape[STEP] = i == 1;
		dev_run(&dev, &dir, 1, 3);
		WORKS(laid(&dev, 0));
		fifo = openat(dir, "fifo", O_WRONLY | O_NONBLOCK);
		if (i == 2) { /* only stopped: the run still holds it */
			CHECK(fifo >= 0);
			close(dev.fd);
			CHECK(is_broken(fifo));
		} else {
			EQUAL(fifo, -1);
			EQUAL(errno, ENXIO);
		}
		close(dev.fd);
	}
}

/* Value of a field of this instance's fdinfo. */
static long long fdinfo_of(int fd, const char *field)
{
	char path[64], line[200];
	long long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	CHECK(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			value = strtoll(line + strlen(field), NULL, 10);
	fclose(file);
	return value;
}

/* Number of open files of the whole system. */
static long files_open(void)
{
	FILE *file = fopen("/proc/sys/fs/file-nr", "r");
	long n;

	CHECK(file && fscanf(file, "%ld", &n) == 1);
	fclose(file);
	return n;
}

static void *run_for_ever(void *fd)
{
	dev_run(&dev, fd, 1, UNLIMITED);
	return NULL;
}

/* A program opens and closes a file, and two directories on its path, for ever. */
static void closed_meanwhile(void)
{
	const char *path = dir_make();
	long before;
	pthread_t thread;
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	mkdirat(dir, "a", 0777);
	mkdirat(dir, "a/b", 0777);
	put_file(path, "a/b/f", "here");
	dev = dev_open(0);
	dev_load(&dev, "+[%o>>+<<%c>>->[-]<<<]");
	lay_text(&dev, 0, (struct frame){ .arg = R }, "a/b/f");
	before = files_open();
	EQUAL(pthread_create(&thread, NULL, run_for_ever, &dir), 0);
	while (fdinfo_of(dev.fd, "sysops:") < 4000) /* 6,000 files have been opened */
		CHECK(files_open() < before + 600);
}

/* A run accepts and closes a connection, and then spins. */
static void accepted_closed(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "" };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);
	pthread_t thread;

	EQUAL(bind(listener, (void *)&address, sizeof(sa_family_t)), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	dev = dev_open(0);
	dev_load(&dev, "%a>>+<<%c[]");
	lay(&dev, 0, (struct frame){}, NULL, 0);
	EQUAL(pthread_create(&thread, NULL, run_for_ever, &listener), 0);
	EQUAL(connect(peer, (void *)&address, len), 0);
	CHECK(is_hung_up(peer));
	while (fdinfo_of(dev.fd, "sysops:") < 2) /* it continues, and counts the close */
		nap(1);
}

/* Closing this connection waits for a peer that never reads, until SIGKILL ends the wait. */
static void lingering_killed(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer, small = 2048;
	struct linger linger = { 1, 1000 };
	socklen_t len = sizeof(address);
	pid_t pid;

	EQUAL(setsockopt(listener, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	EQUAL(bind(listener, (void *)&address, len), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	dev = dev_open(0);
	dev_load(&dev, "%a>>+<<%w%c");
	lay(&dev, 0, (struct frame){ .len = 65520 }, NULL, 0);
	pid = fork();
	if (!pid) {
		dev_run(&dev, &listener, 1, UNLIMITED);
		_exit(0);
	}
	peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	EQUAL(setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	EQUAL(connect(peer, (void *)&address, len), 0);
	EQUAL(child_wait(pid, 0.5), -1); /* it lingers */
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
}

static void opened_lock_released(void)
{
	struct dev other;
	int fd = tmp_open("bfk-count", O_RDWR | O_CREAT), i;

	(void)fd;
	dev = other = dev_open(0);
	for (i = 0; i < 200; i++) { /* far more than there are slots */
		int dir = open("/tmp", O_RDONLY | O_DIRECTORY);

		WORKS(open_then(dir, "bfk-count", R, 'z', ""));
		close(dir);
	}
}

/* --- m u q ------------------------------------------------------------------------------------ */

static void clocks(void)
{
	static const int ids[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME };
	int fds[1] = { -1 }, i;

	dev = dev_open(0);
	for (i = 0; i < 3; i++) {
		struct timespec before, after;
		struct frame frame;

		clock_gettime(ids[i], &before);
		frame = OP('m', fds, .arg = ids[i]);
		clock_gettime(ids[i], &after);
		WORKS(frame);
		CHECK(frame.off + 4000000 >= before.tv_sec * 1000000000ull + before.tv_nsec);
		CHECK(frame.off <= after.tv_sec * 1000000000ull + after.tv_nsec);
	}
	for (i = 2; i < 256; i++)
		if (i != CLOCK_BOOTTIME)
			FAILS(OP('m', fds, .arg = i), EINVAL);
}

static void random_bytes(void)
{
	static const struct {
		int cap, len;
	} caps[] = { { 100, 100 }, { 0, 32768 }, { 65535, 65520 } };
	int fds[1] = { -1 }, i, j, zeros;
	uint8_t first[100];

	dev = dev_open(0);
	for (i = 0; i < 3; i++) {
		struct frame frame = OP('u', fds, .cap = caps[i].cap);

		WORKS(frame);
		EQUAL(frame.len, caps[i].len);
		EQUAL(frame.cap, caps[i].cap);
		for (j = zeros = 0; j < frame.len; j++)
			zeros += !dev.tape[16 + j];
		CHECK(zeros < frame.len / 16);
		for (; j < 65520; j++)
			EQUAL(dev.tape[16 + j], 0);
		if (i)
			CHECK(memcmp(first, dev.tape + 16, 100));
		memcpy(first, dev.tape + 16, 100);
	}
}

static void quit_status(void)
{
	struct bfk_run_args args;
	int i;

	dev = dev_open(0);
	for (i = 0; i < 256; i += 51) {
		dev_load(&dev, "%q");
		lay(&dev, 0, (struct frame){ .arg = i }, NULL, 0);
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_QUIT);
		EQUAL(args.exit_code, i);
	}
}

/* --- file systems ----------------------------------------------------------------------------- */

/* %w %p %g %r %x %z %t %y on a file of that file system, with these flags of open(2). */
static void on_file_system(const char *dir, int flags)
{
	static uint8_t bytes[8192];
	char path[200];
	int fds[3];

	note = dir;
	snprintf(path, sizeof(path), "%s/bfk-file", dir);
	fds[0] = open(path, O_RDWR | O_CREAT | O_TRUNC | flags, 0600);
	CHECK(fds[0] >= 0);
	fds[1] = file_make("", 0);
	fds[2] = open(dir, O_RDONLY | O_DIRECTORY);
	fill(bytes, sizeof(bytes), 6);
	/* O_DIRECT needs data at a multiple of 512, so the frame is 16 cells before one */
	EQUAL(fd_load(dev.fd, chain_at("w", 4096 - 16, 0), 0), 0);
	tape_put(dev.tape, 4096 - 16, &(struct frame){ .go = 1, .len = 8192 }, 16);
	tape_put(dev.tape, 4096, bytes, 8192);
	dev_run(&dev, fds, 3, 1);
	WORKS(frame_get(dev.tape, 4096 - 16));
	EQUAL(fd_load(dev.fd, chain_at("g", 65536 - 16, 0), 0), 0);
	tape_put(dev.tape, 65536 - 16, &(struct frame){ .go = 1, .cap = 8192 }, 16);
	dev_run(&dev, fds, 3, 1);
	WORKS(frame_get(dev.tape, 65536 - 16));
	CHECK(!memcmp(dev.tape, bytes, 8192));
	lseek(fds[0], 0, SEEK_SET);
	EQUAL(OP('x', fds, .slot = 0, .arg = 1).off, 8192);
	EQUAL(OP('z', fds).off, 8192);
	WORKS(OP('t', fds, .off = 512));
	WORKS(OP('y', fds));
	EQUAL(OP('z', fds).off, 512);
	dev_load(&dev, "%o");
	lay_text(&dev, 0, (struct frame){ .slot = 2, .arg = RDWR }, "bfk-file");
	dev_run(&dev, fds, 3, 1);
	WORKS(laid(&dev, 0));
	unlink(path);
	close(fds[0]);
}

static void file_systems(void)
{
	int fds[1];

	dev = dev_open(0);
	on_file_system("/tmp", 0);
	on_file_system("/var/tmp", 0); /* the guest's overlay */
	ext4_mount();
	on_file_system("/mnt", 0);
	fds[0] = open("/mnt/limit", O_RDWR | O_CREAT, 0600);
	FAILS(OP('t', fds, .off = 1ull << 60), EFBIG);
	FAILS(OP_TEXT('p', "x", fds, .off = 1ull << 60), EFBIG);
	close(fds[0]);
	fds[0] = open("/mnt", O_RDONLY | O_DIRECTORY);
	FAILS(open_then(fds[0], "../etc", R, 'z', ""), EXDEV);
}

/* Direct I/O on 6.1 does not support kernel addresses (ITER_KVEC); bfk(7) documents that. */
static void direct(void)
{
	struct utsname kernel;
	int fds[1];

	dev = dev_open(0);
	ext4_mount();
	if (uname(&kernel) || strncmp(kernel.release, "6.1.", 4)) {
		on_file_system("/mnt", O_DIRECT);
		return;
	}
	put_file("/mnt", "direct", "bytes");
	fds[0] = open("/mnt/direct", O_RDWR | O_DIRECT);
	CHECK(fds[0] >= 0);
	EQUAL(fd_load(dev.fd, chain_at("w", 4096 - 16, 0), 0), 0);
	tape_put(dev.tape, 4096 - 16, &(struct frame){ .go = 1, .len = 4096 }, 16);
	dev_run(&dev, fds, 1, 1);
	FAILS(frame_get(dev.tape, 4096 - 16), EFAULT);
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
	{ "%r and %w (file without read_iter, write_iter) are EINVAL", no_read_iter },
	{ "%w and %p (O_APPEND) append", append },
	{ "%w %p %t (RLIMIT_FSIZE, SIGXFSZ handled) are EFBIG, and len is what was written",
	  file_size_limit },
	{ "%w (RLIMIT_FSIZE, SIGXFSZ not handled) kills", file_size_kills },
	{ "%r %w work on /dev/zero and /dev/null, and are EINVAL on /dev/full", devices },
	{ "%r %w (non-blocking pipe) are EAGAIN, and len is what was transferred", nonblocking },
	{ "%w and '.' (reader gone, SIGPIPE ignored) are EPIPE in frame and report", broken_pipe },
	{ "%w and '.' (reader gone) kill by SIGPIPE", broken_pipe_kills },
	{ "%r %w work on a socket, a terminal and a FIFO", streams },
	{ "%g and %p work at off, advance it, and leave the position", get_put },
	{ "%g and %p (negative or huge off, pipe) are EINVAL and ESPIPE", offsets },
	{ "%l seeks by every whence; others are EINVAL, pipes ESPIPE", seek },
	{ "%l (slot 0) drops what ',' has read ahead", seek_drops_read_ahead },
	{ "%z and %t get and set the size; read-only, pipe, directory, too big are EINVAL",
	  size_truncate },
	{ "%y works on a file and is EINVAL on a pipe", sync_ },
	{ "%w and %p (file system full) are ENOSPC, and len is what was written", no_space },
	{ "%x moves off bytes or everything to a file, a pipe, a socket", move },
	{ "%x (pipe, directory, append, full device) is refused", move_refused },
	{ "%x (pipe fills up) reports how much was moved and leaves the position there",
	  move_full_pipe },
	{ "%o opens in every mode", open_modes },
	{ "%o (dot-dot, absolute, symbolic link anywhere) is EXDEV, ELOOP or ENOTDIR",
	  open_escapes },
	{ "%o (empty, NUL inside, too long, not in a directory) is refused", open_strange },
	{ "%o (path of 4,071 bytes) opens", open_long_path },
	{ "%o (caller without the right) is EACCES", open_rights },
	{ "%o takes the lowest free slot; with 64 taken it is EMFILE", open_slots },
	{ "%o (/dev/bfk) is EINVAL", open_instance },
	{ "%o (directory and link swap names meanwhile) never gets outside", open_race },
	{ "%o (directory moved outside meanwhile) never opens files there", open_moved },
	{ "%c empties a passed slot at once, and is EBADF on an empty one", close_slot },
	{ "%c (slot 1) first writes what '.' has buffered", close_after_output },
	{ "%c (slot 0) drops what ',' has read ahead", close_drops_read_ahead },
	{ "%w and another process's write share a position without overwriting", shared_position },
	{ "%x (a file to its own end) stops at the limit, as cat would", move_to_own_end },
	{ "files opened by the program are closed when it ends, quits or is released",
	  closed_at_end },
	{ "%o and %c (in an endless run) hold no more files than are open", closed_meanwhile },
	{ "%a and %c (in an endless run) close at once, as the peer sees", accepted_closed },
	{ "%c (a lingering connection) ends at SIGKILL", lingering_killed },
	{ "%o (200 runs) leaves no file open", opened_lock_released },
	{ "%m reads three clocks; others are EINVAL", clocks },
	{ "%u fills cap bytes with random data, and nothing after them", random_bytes },
	{ "%q ends with any status", quit_status },
	{ "file operations work on tmpfs, overlay and ext4", file_systems, 60 },
	{ "file operations (O_DIRECT) work on ext4, and are EFAULT on 6.1", direct, 60 },
};

CASES(tests)
