// SPDX-License-Identifier: GPL-2.0-only
/* What do %d and %s move on pipes and sockets of each kind, without ever waiting? */
#include "now.h"
#include <netinet/in.h>
#include <sys/uio.h>

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

static const struct test tests[] = {
	{ "%d (pipe and socket: empty, with less and more than cap, at its end) takes what is there",
	  drain, 60 },
	{ "%s (pipe and socket: empty, nearly full, full, without a reader) reports how much was sent",
	  send_what_fits, 60 },
	{ "%s (no reader, SIGPIPE not ignored) is killed by it, like %w", broken },
};

FOUR_CASES(tests)
