// SPDX-License-Identifier: GPL-2.0-only
/*
 * %d and %s, which never wait: on each engine, on each kind of file, compared with preadv2(2) and
 * pwritev2(2) with RWF_NOWAIT; for sockets and pipes, with expected numbers. A run that waited
 * would never end by itself: nobody writes to what it reads, nor reads what it fills. A signal
 * wakes it, and it fails.
 */
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include "ext4.h"
#include "four.h"

#define TEXT_LEN 5u /* "hello" */

/* --- one operation on one file ----------------------------------------------------------------- */

/* Does the operation on slot 3. Returns its frame; @got gets 16 bytes of data. */
static struct frame do_now(enum bfk_where where, char letter, int fd, uint16_t n, uint8_t *got)
{
	static uint8_t data[60000];
	const char *what = note; /* four_make() sets it */
	struct four four = four_make(where, chain((char[]){ letter, 0 }));
	struct frame frame = { .slot = 3, .cap = n, .len = n };
	struct bfk_result result;
	struct waker waker;

	note = what;
	if (letter == 's')
		fill(data, n, 7);
	lay(&four.dev, 0, frame, data, letter == 's' ? n : 0);
	waker_start(&waker);
	result = four_run(&four, (int[]){ -1, -1, -1, fd }, 4, UNLIMITED);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_END); /* BFK_STATUS_SIGNAL: it waited */
	EQUAL(result.sysops, 1);
	frame = laid(&four.dev, 0);
	EQUAL(frame.cap, n);
	EQUAL(frame.slot, 3);
	EQUAL(result.fail_errno, frame.err);
	if (letter == 'd')
		EQUAL(result.read_len, frame.len);
	else
		EQUAL(result.write_len, frame.len);
	if (got)
		memcpy(got, four.dev.tape + 16, 16);
	bfk_destroy(four.bfk);
	return frame;
}

/* Compares go, err and len of a frame. */
static void is(struct frame frame, int go, int err, unsigned int len)
{
	EQUAL(frame.err, err);
	EQUAL(frame.go, go);
	EQUAL(frame.len, len);
}

/* --- pipes and sockets ------------------------------------------------------------------------- */

/* Two ends: the first one is read, the second one is written. */
struct channel {
	const char *name;
	void (*make)(int ends[2]);
	bool is_pipe, is_blocking;
};

static void make_pipe(int ends[2])
{
	pipe_make(ends);
}

static void make_nonblocking(int ends[2])
{
	EQUAL(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
}

static void make_socket(int ends[2])
{
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static void make_nonblocking_socket(int ends[2])
{
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
}

static void make_tcp(int ends[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	EQUAL(bind(listener, (void *)&address, len), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	ends[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	EQUAL(connect(ends[1], (void *)&address, len), 0);
	ends[0] = accept(listener, NULL, NULL);
	CHECK(ends[0] >= 0);
	close(listener);
}

static const struct channel channels[] = {
	{ "pipe", make_pipe, .is_pipe = true, .is_blocking = true },
	{ "pipe (O_NONBLOCK)", make_nonblocking, .is_pipe = true },
	{ "socket", make_socket },
	{ "socket (O_NONBLOCK)", make_nonblocking_socket },
	{ "tcp", make_tcp },
};

#define N_CHANNELS (sizeof(channels) / sizeof(*channels))

static void ends_close(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Linux before 6.4 does not support RWF_NOWAIT on pipes. */
static bool pipes_know(void)
{
	int ends[2], err;
	char byte;

	pipe_make(ends);
	err = preadv2(ends[0], &(struct iovec){ &byte, 1 }, 1, -1, RWF_NOWAIT) < 0 ? errno : 0;
	CHECK(err == EAGAIN || err == EOPNOTSUPP);
	ends_close(ends);
	return err == EAGAIN;
}

/* Waits until data that was sent has arrived. */
static void await_readable(int fd)
{
	EQUAL(poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 1000 * SOON), 1);
}

static void await_writable(int fd)
{
	EQUAL(poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, 1000 * SOON), 1);
}

static void drain_channel(enum bfk_where where, const struct channel *channel)
{
	uint8_t got[16];
	int ends[2];

	channel->make(ends);
	if (channel->is_pipe && channel->is_blocking && !pipes_know()) {
		EQUAL(write(ends[1], "hello", TEXT_LEN), TEXT_LEN);
		is(do_now(where, 'd', ends[0], 100, NULL), 0, EOPNOTSUPP, 0);
		is(do_now(where, 's', ends[1], 100, NULL), 0, EOPNOTSUPP, 0);
		ends_close(ends);
		return;
	}
	is(do_now(where, 'd', ends[0], 100, NULL), 0, EAGAIN, 0);
	EQUAL(write(ends[1], "hello", TEXT_LEN), TEXT_LEN);
	await_readable(ends[0]);
	is(do_now(where, 'd', ends[0], 2, got), 1, 0, 2);
	CHECK(!memcmp(got, "he\0", 3));
	is(do_now(where, 'd', ends[0], 0, got), 1, 0, 3);
	CHECK(!memcmp(got, "llo\0", 4));
	is(do_now(where, 'd', ends[0], 100, NULL), 0, EAGAIN, 0);
	close(ends[1]);
	await_readable(ends[0]);
	is(do_now(where, 'd', ends[0], 100, NULL), 0, 0, 0);
	close(ends[0]);
}

static void drain_each(enum bfk_where where)
{
	size_t i;

	for (i = 0; i < N_CHANNELS; i++) {
		note = channels[i].name;
		drain_channel(where, &channels[i]);
	}
}

static void drain(void)
{
	four_each(drain_each);
}

/* Reads @len bytes from @fd, some of which may still be on their way, and then expects no more. */
static void take(int fd, uint8_t *bytes, size_t len)
{
	size_t taken = 0;
	ssize_t got;

	EQUAL(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while (taken < len) {
		await_readable(fd);
		got = read(fd, bytes + taken, len - taken);
		CHECK(got > 0);
		taken += got;
	}
	EQUAL(read(fd, bytes, 1), -1);
	EQUAL(errno, EAGAIN);
}

/*
 * Sends 50,000 bytes at a time until nothing fits, which must show as a short count or as none; the
 * bytes that arrive must be the bytes reported as sent.
 */
static void send_channel(enum bfk_where where, const struct channel *channel)
{
	enum { PIECE = 50000, ROOM = 64 << 20 };
	uint8_t *bytes = malloc(ROOM), piece[PIECE];
	size_t sent = 0;
	struct frame frame;
	int ends[2], n_short = 0;

	if (channel->is_pipe && channel->is_blocking && !pipes_know())
		return;
	fill(piece, PIECE, 7);
	channel->make(ends);
	is(do_now(where, 's', ends[1], 0, NULL), 1, 0, 0);
	do {
		frame = do_now(where, 's', ends[1], PIECE, NULL);
		CHECK(frame.go ? frame.len > 0 && frame.len <= PIECE : frame.err == EAGAIN);
		EQUAL(frame.err ? frame.len : 0, 0);
		n_short += frame.go && frame.len < PIECE;
		sent += frame.len;
	} while (frame.go);
	CHECK(sent >= PIECE && sent < ROOM);
	CHECK(n_short || !channel->is_pipe);
	is(do_now(where, 's', ends[1], 0, NULL), 1, 0, 0); /* zero bytes always fit */
	take(ends[0], bytes, sent);
	CHECK(!memcmp(bytes, piece, PIECE));
	await_writable(ends[1]); /* for TCP, until the other end has acknowledged everything */
	is(do_now(where, 's', ends[1], 100, NULL), 1, 0, 100);
	close(ends[0]);
	if (strcmp(channel->name, "tcp"))
		is(do_now(where, 's', ends[1], 100, NULL), 0, EPIPE, 0);
	close(ends[1]);
	free(bytes);
}

static void send_each(enum bfk_where where)
{
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < N_CHANNELS; i++) {
		note = channels[i].name;
		send_channel(where, &channels[i]);
	}
}

static void send_what_fits(void)
{
	four_each(send_each);
}

/* Like %w: after the pipe's reader is gone, SIGPIPE comes. */
static void broken_on(enum bfk_where where)
{
	int ends[2], status;
	pid_t pid;

	make_nonblocking(ends);
	close(ends[0]);
	pid = fork();
	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		do_now(where, 's', ends[1], 100, NULL);
		_exit(0);
	}
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, SIGPIPE);
	close(ends[1]);
}

static void broken(void)
{
	four_each(broken_on);
}

/* --- every kind of file, as by system calls ---------------------------------------------------- */

/* O_NONBLOCK already promises not to wait, whatever that means for a kind of file. */
static ssize_t plain_read(int fd, void *bytes, size_t len)
{
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return read(fd, bytes, len);
	return preadv2(fd, &(struct iovec){ bytes, len }, 1, -1, RWF_NOWAIT);
}

static ssize_t plain_write(int fd, void *bytes, size_t len)
{
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return write(fd, bytes, len);
	return pwritev2(fd, &(struct iovec){ bytes, len }, 1, -1, RWF_NOWAIT);
}

static int file_flags;

/* A file of 10 bytes, at position 3. */
static int file_in(const char *dir)
{
	char path[60];
	int fd;

	snprintf(path, sizeof(path), "%s/bfk-now.XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	CHECK(fd >= 0);
	EQUAL(write(fd, "0123456789", 10), 10);
	close(fd);
	fd = open(path, file_flags | O_CLOEXEC);
	CHECK(fd >= 0);
	unlink(path);
	EQUAL(lseek(fd, 3, SEEK_SET), 3);
	return fd;
}

static int make_file(void)
{
	return file_in("/tmp");
}

/* In the guest, on ext4, which supports RWF_NOWAIT; on this machine, on any file system. */
static int make_disk_file(void)
{
	if (four_first != BFK_WHERE_KERNEL)
		return file_in(".");
	ext4_mount();
	return file_in("/mnt");
}

static int make_zero(void)
{
	return open("/dev/zero", (file_flags & ~O_CREAT) | O_CLOEXEC);
}

static int make_null(void)
{
	return open("/dev/null", (file_flags & ~O_CREAT) | O_CLOEXEC);
}

/* A terminal. */
static int make_terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), unlock = 0, fd;
	char path[40];

	CHECK(master >= 0);
	EQUAL(ioctl(master, TIOCSPTLCK, &unlock), 0);
	EQUAL(ioctl(master, TIOCGPTN, &unlock), 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", unlock);
	fd = open(path, (file_flags & ~O_APPEND) | O_NOCTTY | O_CLOEXEC);
	CHECK(fd >= 0);
	EQUAL(write(master, "line\n", 5), 5);
	await_readable(fd);
	return fd; /* the master stays open until the case ends */
}

static int make_event(void)
{
	return eventfd(5, file_flags & O_NONBLOCK ? EFD_NONBLOCK : 0);
}

static int make_directory(void)
{
	return open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static const struct kind {
	const char *name;
	int (*make)(void);
} kinds[] = {
	{ "tmpfs", make_file },		 { "disk", make_disk_file }, { "zero", make_zero },
	{ "null", make_null },		 { "event", make_event },    { "terminal", make_terminal },
	{ "directory", make_directory },
};

/* Compares the results of one operation and the file position afterwards with the system call. */
static void same_as_plain(enum bfk_where where, char letter, const struct kind *kind, uint16_t n)
{
	uint8_t bytes[100], got[16];
	int plain = kind->make(), fd = kind->make(), err;
	struct frame frame;
	ssize_t ret;

	CHECK(plain >= 0 && fd >= 0);
	fill(bytes, sizeof(bytes), 7);
	ret = letter == 'd' ? plain_read(plain, bytes, n) : plain_write(plain, bytes, n);
	err = ret < 0 ? errno : 0;
	if (kind->make == make_directory && letter == 'd')
		err = EISDIR; /* where preadv2() has EOPNOTSUPP */
	frame = do_now(where, letter, fd, n, got);
	EQUAL(frame.err, err);
	EQUAL(frame.len, ret < 0 ? 0 : ret);
	EQUAL(frame.go, ret > 0);
	if (letter == 'd' && ret > 0)
		CHECK(!memcmp(got, bytes, ret < 16 ? ret : 16));
	EQUAL(lseek(fd, 0, SEEK_CUR), lseek(plain, 0, SEEK_CUR));
	close(plain);
	close(fd);
}

static void kinds_each(enum bfk_where where)
{
	static const int flags[] = { O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_NONBLOCK,
				     O_RDWR | O_APPEND };
	char text[80];
	size_t i, j;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		for (j = 0; j < sizeof(kinds) / sizeof(*kinds); j++) {
			snprintf(text, sizeof(text), "%s: %s, flags 0x%x", bfk_where_name(where),
				 kinds[j].name, flags[i]);
			note = text;
			file_flags = flags[i];
			same_as_plain(where, 'd', &kinds[j], 8);
			same_as_plain(where, 'd', &kinds[j], 50);
			if (kinds[j].make != make_event) /* the kernel cannot write to it */
				same_as_plain(where, 's', &kinds[j], 8);
		}
	note = "";
}

static void every_kind(void)
{
	four_each(kinds_each);
}

/* A file on a disk, with no page in memory, at position 3 of 10. */
static int make_cold_file(void)
{
	int fd;

	file_flags = O_RDWR;
	fd = make_disk_file();
	EQUAL(fsync(fd), 0);
	EQUAL(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	return fd;
}

/*
 * %d starts to read what it does not find in memory, so that a later %d finds it. In a process it
 * is preadv2(), which does not start to read on older kernels.
 */
static void cold_on(enum bfk_where where)
{
	int fd = make_cold_file();
	struct frame frame;

	do {
		frame = do_now(where, 'd', fd, 7, NULL);
		CHECK(frame.go || frame.err == EAGAIN);
	} while (!frame.go && where <= BFK_WHERE_KERNEL_INTERP);
	EQUAL(frame.len, frame.go ? 7 : 0);
	close(fd);
}

static void cold(void)
{
	four_each(cold_on);
}

/* --- with ',' ---------------------------------------------------------------------------------- */

/* ',' reads five bytes ahead; %d takes the rest of them, for any file, and then reads the file. */
static void ahead_on(enum bfk_where where)
{
	static const char source[] = ",>%d>>>>>>>>>>>>>>>>>>>>%d";
	struct frame frame = { .go = 1, .cap = 3 };
	struct four four = four_make(where, source);
	int fd = file_make("hello", TEXT_LEN);

	tape_put(four.dev.tape, 1, &frame, sizeof(frame));
	frame.cap = 100;
	tape_put(four.dev.tape, 21, &frame, sizeof(frame));
	EQUAL(four_run(&four, &fd, 1, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(four.dev.tape[0], 'h');
	is(frame_get(four.dev.tape, 1), 1, 0, 3);
	CHECK(!memcmp(four.dev.tape + 17, "ell", 3));
	is(frame_get(four.dev.tape, 21), 1, 0, 1);
	EQUAL(four.dev.tape[37], 'o');
	EQUAL(bfk_reset(four.bfk, 0), 0);
	bfk_destroy(four.bfk);
	close(fd);
}

static void ahead(void)
{
	four_each(ahead_on);
}

/* The output of '.' is written first, and waits as usual. */
static void flushed_on(enum bfk_where where)
{
	struct four four = four_make(where, "+.%s");
	int out = file_make("", 0), ends[2];
	uint8_t byte;

	make_socket(ends);
	tape_put(four.dev.tape, 0, &(struct frame){ .slot = 3, .len = 2 }, sizeof(struct frame));
	EQUAL(four_run(&four, (int[]){ -1, out, -1, ends[1] }, 4, 1).write_len, 3);
	EQUAL(pread(out, &byte, 1, 0), 1);
	EQUAL(byte, 1);
	bfk_destroy(four.bfk);
	ends_close(ends);
	close(out);
}

static void flushed(void)
{
	four_each(flushed_on);
}

/*
 * A step of a server: data that one peer does not take now is kept, and the other peer gets its
 * own.
 */
static void two_peers_on(enum bfk_where where)
{
	struct four four = four_make(where, chain("ss"));
	struct frame frame = { .slot = 0, .len = 3000 };
	int slow[2], fast[2];
	uint8_t bytes[4096];

	make_socket(slow);
	make_socket(fast);
	EQUAL(fcntl(slow[1], F_SETFL, O_NONBLOCK), 0);
	while (write(slow[1], bytes, sizeof(bytes)) > 0)
		;
	EQUAL(fcntl(slow[1], F_SETFL, 0), 0);
	lay(&four.dev, 0, frame, "", 0);
	frame.slot = 1;
	lay(&four.dev, 1, frame, "", 0);
	EQUAL(four_run(&four, (int[]){ slow[1], fast[1] }, 2, 1).status, BFK_STATUS_END);
	is(laid(&four.dev, 0), 0, EAGAIN, 0);
	is(laid(&four.dev, 1), 1, 0, 3000);
	EQUAL(read(fast[0], bytes, sizeof(bytes)), 3000);
	bfk_destroy(four.bfk);
	ends_close(slow);
	ends_close(fast);
}

static void two_peers(void)
{
	four_each(two_peers_on);
}

static const struct test tests[] = {
	{ "%d (pipe and socket: empty, with less and more than cap, at its end) takes what is there",
	  drain, 60 },
	{ "%s (pipe and socket: empty, nearly full, full, without a reader) reports how much was sent",
	  send_what_fits, 60 },
	{ "%s (no reader, SIGPIPE not ignored) is killed by it, like %w", broken },
	{ "%d and %s (every kind of file, each mode, O_NONBLOCK) do the same as preadv2 and pwritev2",
	  every_kind, 120 },
	{ "%d (a file on a disk, not in memory) is EAGAIN until it is in memory", cold, 60 },
	{ "%d (slot 0, bytes read ahead) takes those, whatever the file is", ahead },
	{ "%s (output of '.' buffered) comes after that output", flushed },
	{ "%s (one of two peers does not read) serves the other", two_peers },
};

FOUR_CASES(tests)
