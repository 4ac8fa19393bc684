/* SPDX-License-Identifier: GPL-2.0-only */
/* Work that each operation does on the files of a place, and the same work by system calls. */
#ifndef BFK_TESTS_WORKS_H
#define BFK_TESTS_WORKS_H

#include "seen.h"
#include <sys/sendfile.h>
#include <sys/uio.h>

#define BUFFER_LEN 4096 /* of ',' and '.' */

static char bytes[IN_LEN];

/* --- the same by system calls, on the files of a place ------------------------------------------ */

static void none(const int *fds)
{
	(void)fds;
}

/* Does the kernel support RWF_NOWAIT on sockets? Tested once, as the test is counted too. */
static bool sockets_know(void)
{
	static int err;
	int ends[2];

	if (!err) {
		EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
		EQUAL(preadv2(ends[0], &(struct iovec){ bytes, 1 }, 1, -1, RWF_NOWAIT), -1);
		err = errno;
		close(ends[0]);
		close(ends[1]);
	}
	return err == EAGAIN;
}

static void by_read(const int *fds)
{
	EQUAL(read(fds[IN], bytes, 100), 100);
}

static void by_read_end(const int *fds)
{
	EQUAL(read(fds[EMPTY], bytes, 100), 0);
}

static void by_read_none(const int *fds)
{
	EQUAL(read(fds[PIPE_EMPTY], bytes, 100), -1);
}

static void by_receive(const int *fds)
{
	EQUAL(read(fds[SOCKET], bytes, 100), 8);
}

static void by_pread(const int *fds)
{
	EQUAL(pread(fds[IN], bytes, 100, 50), 100);
}

static void by_pread_end(const int *fds)
{
	EQUAL(pread(fds[IN], bytes, 100, IN_LEN), 0);
}

static void by_write(const int *fds)
{
	EQUAL(write(fds[OUT], bytes, 5), 5);
}

static void by_write_none(const int *fds)
{
	EQUAL(write(fds[PIPE_FULL], bytes, 5), -1);
}

static void by_pwrite(const int *fds)
{
	EQUAL(pwrite(fds[OUT], bytes, 5, 50), 5);
}

static void by_seek(const int *fds)
{
	EQUAL(lseek(fds[IN], 7, SEEK_SET), 7);
}

static void by_open(const int *fds)
{
	close(openat(fds[DIRECTORY], "in", O_RDONLY));
}

static void by_open_deep(const int *fds)
{
	close(openat(fds[DIRECTORY], "sub/file", O_RDONLY));
}

static void by_create(const int *fds)
{
	close(openat(fds[DIRECTORY], "new", O_WRONLY | O_CREAT, 0666));
}

static void by_empty(const int *fds)
{
	close(openat(fds[DIRECTORY], "in", O_RDWR | O_TRUNC));
}

static void by_open_directory(const int *fds)
{
	close(openat(fds[DIRECTORY], "sub", O_RDONLY | O_DIRECTORY));
}

static void by_sync(const int *fds)
{
	EQUAL(fsync(fds[OUT]), 0);
}

static void by_size(const int *fds)
{
	struct stat stat;

	EQUAL(fstat(fds[IN], &stat), 0);
}

static void by_truncate(const int *fds)
{
	EQUAL(ftruncate(fds[OUT], 5), 0);
}

static void by_sendfile(const int *fds)
{
	EQUAL(sendfile(fds[OUT], fds[IN], NULL, 100), 100);
}

/* In pieces of 1 MiB, until one reaches the end. */
static void by_sendfiles(const int *fds)
{
	while (sendfile(fds[OUT], fds[IN], NULL, 1 << 20) > 0)
		;
}

static void by_sendfile_end(const int *fds)
{
	EQUAL(sendfile(fds[OUT], fds[EMPTY], NULL, 100), 0);
}

static void by_sendfile_failing(const int *fds)
{
	EQUAL(sendfile(fds[OUT], fds[PIPE_EMPTY], NULL, 100), -1);
}

static void by_accept(const int *fds)
{
	close(accept4(fds[LISTENER], NULL, NULL, SOCK_CLOEXEC));
}

static void by_shutdown(const int *fds)
{
	EQUAL(shutdown(fds[SOCKET], SHUT_WR), 0);
}

static void by_read_now(const int *fds)
{
	EQUAL(read(fds[IN_NOW], bytes, 100), 100);
}

static void by_write_now(const int *fds)
{
	EQUAL(write(fds[OUT_NOW], bytes, 5), 5);
}

/* If the kernel does not support RWF_NOWAIT on sockets (before 6.4), by a call that is counted. */
static void by_receive_now(const int *fds)
{
	struct iovec vec = { bytes, 100 };

	EQUAL(sockets_know() ? preadv2(fds[SOCKET], &vec, 1, -1, RWF_NOWAIT) :
			       read(fds[SOCKET], bytes, 100),
	      8);
}

static void by_send_now(const int *fds)
{
	struct iovec vec = { bytes, 5 };

	EQUAL(sockets_know() ? pwritev2(fds[SOCKET], &vec, 1, -1, RWF_NOWAIT) :
			       write(fds[SOCKET], bytes, 5),
	      5);
}

static void by_reads(const int *fds)
{
	EQUAL(read(fds[IN], bytes, BUFFER_LEN), BUFFER_LEN);
	EQUAL(read(fds[IN], bytes, BUFFER_LEN), BUFFER_LEN);
}

static void by_writes(const int *fds)
{
	EQUAL(write(fds[OUT], bytes, BUFFER_LEN), BUFFER_LEN);
	EQUAL(write(fds[OUT], bytes, 5), 5);
}

/* --- the table ----------------------------------------------------------------------------------- */

/*
 * struct work - some work of an operation
 * @letter: the operation, or ',' or '.'
 * @repeat: how often it is done
 * @frame: its frame; data and len are @text
 * @plain: does the same by system calls
 * @of_socket: without RWF_NOWAIT a process can only use recv(2) and send(2), which are not counted
 */
struct work {
	const char *name;
	char letter;
	unsigned int repeat;
	struct frame frame;
	const char *text;
	void (*plain)(const int *fds);
	bool of_socket;
};

static const struct work works[] = {
	{ "%r", 'r', 1, { .slot = IN, .cap = 100 }, "", by_read },
	{ "%r at the end", 'r', 1, { .slot = EMPTY, .cap = 100 }, "", by_read_end },
	{ "%r that fails", 'r', 1, { .slot = PIPE_EMPTY, .cap = 100 }, "", by_read_none },
	{ "%r from a socket", 'r', 1, { .slot = SOCKET, .cap = 100 }, "", by_receive },
	{ "%d", 'd', 1, { .slot = IN_NOW, .cap = 100 }, "", by_read_now },
	{ "%d that finds nothing", 'd', 1, { .slot = PIPE_EMPTY, .cap = 100 }, "", by_read_none },
	{ "%d from a socket", 'd', 1, { .slot = SOCKET, .cap = 100 }, "", by_receive_now, true },
	{ "%s", 's', 1, { .slot = OUT_NOW }, "bytes", by_write_now },
	{ "%s of nothing", 's', 1, { .slot = OUT_NOW }, "", none },
	{ "%s that finds no room", 's', 1, { .slot = PIPE_FULL }, "bytes", by_write_none },
	{ "%s to a socket", 's', 1, { .slot = SOCKET }, "bytes", by_send_now, true },
	{ "%g", 'g', 1, { .slot = IN, .cap = 100, .off = 50 }, "", by_pread },
	{ "%g at the end", 'g', 1, { .slot = IN, .cap = 100, .off = IN_LEN }, "", by_pread_end },
	{ "%w", 'w', 1, { .slot = OUT }, "bytes", by_write },
	{ "%w of nothing", 'w', 1, { .slot = OUT }, "", none },
	{ "%w that fails", 'w', 1, { .slot = PIPE_FULL }, "bytes", by_write_none },
	{ "%p", 'p', 1, { .slot = OUT, .off = 50 }, "bytes", by_pwrite },
	{ "%p of nothing", 'p', 1, { .slot = OUT, .off = 50 }, "", none },
	{ "%l", 'l', 1, { .slot = IN, .off = 7 }, "", by_seek },
	{ "%o to read", 'o', 1, { .slot = DIRECTORY }, "in", by_open },
	{ "%o below a directory", 'o', 1, { .slot = DIRECTORY }, "sub/file", by_open_deep },
	{ "%o that creates", 'o', 1, { .slot = DIRECTORY, .arg = 5 }, "new", by_create },
	{ "%o that empties", 'o', 1, { .slot = DIRECTORY, .arg = 10 }, "in", by_empty },
	{ "%o a directory", 'o', 1, { .slot = DIRECTORY, .arg = 64 }, "sub", by_open_directory },
	{ "%c", 'c', 1, { .slot = OUT }, "", none },
	{ "%y", 'y', 1, { .slot = OUT }, "", by_sync },
	{ "%z", 'z', 1, { .slot = IN }, "", by_size },
	{ "%t", 't', 1, { .slot = OUT, .off = 5 }, "", by_truncate },
	{ "%x", 'x', 1, { .slot = IN, .arg = OUT, .off = 100 }, "", by_sendfile },
	{ "%x of all", 'x', 1, { .slot = IN, .arg = OUT }, "", by_sendfiles },
	{ "%x at the end", 'x', 1, { .slot = EMPTY, .arg = OUT, .off = 100 }, "", by_sendfile_end },
	{ "%x that fails",
	  'x',
	  1,
	  { .slot = PIPE_EMPTY, .arg = OUT, .off = 100 },
	  "",
	  by_sendfile_failing },
	{ "%a", 'a', 1, { .slot = LISTENER }, "", by_accept },
	{ "%h", 'h', 1, { .slot = SOCKET, .arg = SHUT_WR }, "", by_shutdown },
	{ "%e", 'e', 1, { .arg = 1 }, "\0\0", none },
	{ "%n", 'n', 1, { .off = 1 }, "", none },
	{ "%k", 'k', 1, {}, "bytes", none },
	{ "%f", 'f', 1, { .off = 6 }, "bytes", none },
	{ "%i", 'i', 1, {}, "", none },
	{ "%m", 'm', 1, {}, "", none },
	{ "%u", 'u', 1, { .cap = 100 }, "", none },
	{ "%q", 'q', 1, {}, "", none },
	{ ", in two buffers", ',', BUFFER_LEN + 1, {}, "", by_reads },
	{ ". in two buffers", '.', BUFFER_LEN + 5, {}, "", by_writes },
};

#define N_WORKS (sizeof(works) / sizeof(*works))

#endif
