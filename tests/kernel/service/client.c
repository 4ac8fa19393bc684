// SPDX-License-Identifier: GPL-2.0-only
/*
 * client SOCKET CASE [NUMBER] - a badly behaved client of bfkd. If something goes wrong, it prints
 * what and exits 1. The cases are the functions named in `cases`.
 */
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "userspace/include/libbfk.h"
#include "userspace/lib/service.h"

static const char *path;
static const char hello[] = "+++[>+++<-]>.";

#define HELLO_LEN (sizeof(hello) - 1)

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (void *)&address, sizeof(address)))
		die("connect: %s", strerror(errno));
	return fd;
}

static struct service_request request(void)
{
	return (struct service_request){ .magic = SERVICE_MAGIC,
					 .version = SERVICE_VERSION,
					 .allowed = BFK_ALLOW_ALL,
					 .source_len = HELLO_LEN };
}

/* Returns the errno of the reply; 0 for an instance, its descriptor in *instance_fd; -1: no reply. */
static int receive(int fd, int *instance_fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct service_reply reply;
	struct iovec iovec = { &reply, sizeof(reply) };
	struct msghdr message = { .msg_iov = &iovec,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	*instance_fd = -1;
	if (recvmsg(fd, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC) != sizeof(reply))
		return -1;
	if (CMSG_FIRSTHDR(&message))
		memcpy(instance_fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	if ((*instance_fd >= 0) != !reply.err)
		die("errno %u, and descriptor %d", reply.err, *instance_fd);
	return reply.err;
}

static void put(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		die("send: %s", strerror(errno));
}

/* Sends @from and a good source. Returns the errno of the reply. */
static int ask(struct service_request from, int *instance_fd)
{
	int fd = dial(), err;

	put(fd, &from, sizeof(from));
	send(fd, hello, HELLO_LEN, MSG_NOSIGNAL);
	err = receive(fd, instance_fd);
	close(fd);
	return err;
}

static void expect(const char *what, struct service_request from, int wanted)
{
	int instance_fd, err = ask(from, &instance_fd);

	close(instance_fd);
	if (err != wanted)
		die("%s: %s, expected %s", what, err < 0 ? "no reply" : strerror(err),
		    strerror(wanted));
}

static void served(int unused)
{
	(void)unused;
	expect("a good request", request(), 0);
}

/* @n connections of a user that policy refuses: each gets its reply before sending anything. */
static void refused(int n)
{
	int fd, instance_fd;

	for (; n; n--) {
		fd = dial();
		if (receive(fd, &instance_fd) != EACCES)
			die("no refusal");
		close(fd);
	}
}

#define FIELD(name) #name, offsetof(struct service_request, name)

static void malformed(int unused)
{
	static const struct {
		const char *name;
		size_t off;
		uint32_t value;
		int err;
	} fields[] = {
		{ FIELD(magic), 0, EPROTO },
		{ FIELD(version), 2, EPROTO },
		{ FIELD(flags), BFK_LOAD_SEAL, EINVAL },
		{ FIELD(flags), BFK_LOAD_OPS, EINVAL },
		{ FIELD(flags), 1u << 31, EINVAL },
		{ FIELD(flags), BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP, EINVAL },
		{ FIELD(passes), 64, EINVAL },
		{ FIELD(allowed), ~0u, EINVAL },
		{ FIELD(reserved), 1, EINVAL },
		{ FIELD(source_len), 65537, E2BIG },
		{ FIELD(source_len), ~0u, E2BIG },
		{ FIELD(tape_len), 65537, E2BIG },
		{ FIELD(tape_len), ~0u, E2BIG },
		{ FIELD(source_len), 0, 0 },
	};
	struct service_request bad;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		bad = request();
		memcpy((char *)&bad + fields[i].off, &fields[i].value, sizeof(uint32_t));
		expect(fields[i].name, bad, fields[i].err);
	}
}

/* Sends every beginning of a request and no more: no reply, and the next client is served. */
static void truncated(int unused)
{
	struct service_request good = request();
	char whole[sizeof(good) + HELLO_LEN];
	int fd, instance_fd;
	size_t len;

	(void)unused;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (len = 0; len < sizeof(whole); len++) {
		fd = dial();
		if (len)
			put(fd, whole, len);
		shutdown(fd, SHUT_WR);
		if (receive(fd, &instance_fd) != -1)
			die("a reply to %zu bytes", len);
		close(fd);
	}
	served(0);
}

/* Sends the same request cut in two, at every place. */
static void pieces(int unused)
{
	struct service_request good = request();
	char whole[sizeof(good) + HELLO_LEN];
	struct timespec pause = { .tv_nsec = 2000000 };
	int fd, instance_fd;
	size_t len;

	(void)unused;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (len = 1; len < sizeof(whole); len++) {
		fd = dial();
		put(fd, whole, len);
		nanosleep(&pause, NULL);
		put(fd, whole + len, sizeof(whole) - len);
		if (receive(fd, &instance_fd))
			die("refused when cut after %zu bytes", len);
		close(instance_fd);
		close(fd);
	}
}

/* Sends one of 32 bytes every 300 ms: bfkd drops it before the end, and serves others. */
static void slow(int unused)
{
	struct service_request good = request();
	struct timespec pause = { .tv_nsec = 300000000 };
	int fd = dial();
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(good); i++) {
		if (send(fd, (char *)&good + i, 1, MSG_NOSIGNAL) != 1) {
			if (errno != EPIPE && errno != ECONNRESET)
				die("send: %s", strerror(errno));
			return;
		}
		served(0);
		nanosleep(&pause, NULL);
	}
	die("it was not dropped");
}

static void vanish(int n)
{
	struct service_request good = request();
	int fd;

	for (; n; n--) {
		fd = dial();
		put(fd, &good, sizeof(good));
		put(fd, hello, HELLO_LEN);
		close(fd);
	}
}

/* @n connections at a time: all have begun before the first ends. */
static void many(int n)
{
	struct service_request good = request();
	int *fds = calloc(n, sizeof(*fds)), i, err, instance_fd;

	for (i = 0; i < n; i++) {
		fds[i] = dial();
		put(fds[i], &good, sizeof(good));
	}
	for (i = 0; i < n; i++)
		put(fds[i], hello, HELLO_LEN);
	for (i = 0; i < n; i++) {
		err = receive(fds[i], &instance_fd);
		if (err)
			die("client %d: %d", i, err);
		close(fds[i]);
	}
	free(fds); /* the instances are closed at exit */
}

/* Always asks for more than it may have, and never reads a reply, until it is killed. */
static void flood(int n)
{
	static char source[60000];
	struct service_request from = request();
	int *fds = calloc(n, sizeof(*fds)), i;
	unsigned int turn;

	from.source_len = sizeof(source);
	from.passes = BFK_LEVEL_2;
	for (i = 0; i < n; i++)
		fds[i] = -1;
	printf("flooding\n");
	fflush(stdout);
	for (turn = 0;; turn++) {
		memset(source, "+>-<."[turn % 5], sizeof(source));
		memcpy(source, &turn, sizeof(turn)); /* every source is different */
		i = turn % n;
		close(fds[i]);
		fds[i] = dial();
		send(fds[i], &from, sizeof(from), MSG_NOSIGNAL);
		send(fds[i], source, sizeof(source), MSG_NOSIGNAL);
	}
}

static uint64_t next_random(void)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* Corrupts a few bytes of a good request, which may make it shorter or longer than its lengths. */
static size_t spoil(char *whole, size_t room)
{
	struct service_request good = request();
	size_t len = sizeof(good) + HELLO_LEN, i, n = next_random() % 4;

	memset(whole, '+', room);
	good.source_len = next_random() % 4 ? HELLO_LEN : next_random() % room;
	good.tape_len = next_random() % 4 ? 0 : next_random() % room;
	good.passes = next_random() & BFK_LEVEL_2;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (i = 0; i < n; i++)
		whole[next_random() % len] = next_random();
	return next_random() % 2 ? len : next_random() % room;
}

/* Sends @n of those: each gets a whole reply or none, and afterwards a good one is served. */
static void fuzz(int n)
{
	struct service_request good = request();
	int fd, instance_fd, before = ask(good, &instance_fd);
	char whole[400];
	size_t len;

	close(instance_fd);
	for (; n; n--) {
		len = spoil(whole, sizeof(whole));
		fd = dial();
		send(fd, whole, len, MSG_NOSIGNAL);
		if (next_random() % 64)
			shutdown(fd, SHUT_WR);
		if (next_random() % 8)
			receive(fd, &instance_fd);
		close(instance_fd);
		close(fd);
	}
	expect("a good request", good, before);
}

static void sealed(int unused)
{
	struct bfk_load_args args = { .source = (uintptr_t)hello,
				      .source_len = HELLO_LEN,
				      .allowed = BFK_ALLOW_ALL };
	struct bfk_result result;
	struct bfk *bfk;
	int fd;

	(void)unused;
	if (ask(request(), &fd))
		die("refused");
	if (!ioctl(fd, BFK_LOAD, &args) || errno != EPERM)
		die("LOAD: %s", strerror(errno));
	if (bfk_adopt(&bfk, fd) || bfk_load(bfk, hello, HELLO_LEN, 0, 0, &result) != -EPERM)
		die("bfk_load() does not return EPERM");
	if (bfk_run(bfk, NULL, 0, BFK_FUEL_UNLIMITED, 0, &result) || result.fail_errno != EBADF)
		die("it does not run: errno %u", result.fail_errno);
	bfk_destroy(bfk);
}

static int quota(void)
{
	int fd, err = ask(request(), &fd);

	close(fd);
	return err;
}

/* Policy allows @max instances; an instance counts wherever a reference to it can hide. */
static void hidden(int max)
{
	int *fds = calloc(max, sizeof(*fds)), pair[2], i;
	struct iovec iovec = { "x", 1 };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct msghdr message = { .msg_iov = &iovec,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	void *map;

	for (i = 0; i < max; i++)
		if (ask(request(), &fds[i]))
			die("instance %d of %d is refused", i + 1, max);
	if (quota() != EDQUOT)
		die("one more than policy allows is served");
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fds[0], 0);
	close(fds[0]);
	if (map == MAP_FAILED || quota() != EDQUOT)
		die("a mapped instance does not count");
	munmap(map, 4096);
	if (quota())
		die("an unmapped instance counts");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("socketpair: %s", strerror(errno));
	if (ask(request(), &fds[0]))
		die("refused although there is room for one");
	memcpy(CMSG_DATA(&control.header), &fds[0], sizeof(int));
	if (sendmsg(pair[0], &message, 0) != 1)
		die("sendmsg: %s", strerror(errno));
	close(fds[0]);
	if (quota() != EDQUOT)
		die("an instance in flight in a socket does not count");
	close(pair[0]);
	close(pair[1]);
	if (quota())
		die("an instance in a closed socket counts");
	free(fds);
}

/* Replies that nobody reads hold instances, and count. */
static void untaken(int max)
{
	struct service_request good = request();
	int *fds = calloc(max, sizeof(*fds)), i;
	struct pollfd pollfd = { .events = POLLIN };

	for (i = 0; i < max; i++) {
		fds[i] = dial();
		put(fds[i], &good, sizeof(good));
		put(fds[i], hello, HELLO_LEN);
		pollfd.fd = fds[i];
		poll(&pollfd, 1, -1);
	}
	if (quota() != EDQUOT)
		die("instances in unread replies do not count");
	for (i = 0; i < max; i++)
		close(fds[i]);
	if (quota())
		die("instances in discarded replies count");
	free(fds);
}

/* A connection whose peer accepts nothing more, and that lingers for @seconds when it is closed. */
static int clogged_socket(int seconds)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct linger linger = { .l_onoff = 1, .l_linger = seconds };
	socklen_t len = sizeof(address);
	int listen_fd = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);
	static char bytes[65536];

	if (bind(listen_fd, (void *)&address, len) || listen(listen_fd, 1) ||
	    getsockname(listen_fd, (void *)&address, &len) ||
	    connect(fd, (void *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("socket: %s", strerror(errno));
	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	if (fork())
		return fd;
	close(fd);
	printf("holding\n");
	fflush(stdout);
	for (;;)
		pause(); /* keep the listener */
}

/*
 * Tries to leave behind a stopped run that only bfkd refers to, and whose one file takes @seconds
 * to close: a registered file of io_uring is released without a close(2). But the run ends when RUN
 * returns, as its process has no descriptor of the instance.
 */
static void linger(int seconds)
{
	struct bfk_run_args args = { .n_fds = 1, .fuel = 1 };
	struct service_request from = request();
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	int32_t slot = clogged_socket(seconds);
	int fd, socket_fd;

	args.fds = (uintptr_t)&slot;
	from.source_len = 4;
	socket_fd = dial();
	put(socket_fd, &from, sizeof(from));
	put(socket_fd, "+[]+", 4);
	if (receive(socket_fd, &fd))
		die("refused");
	if (io_uring_queue_init(1, &ring, 0) || io_uring_register_files(&ring, &fd, 1))
		die("io_uring: %s", strerror(errno));
	close(fd);
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, 0, NULL, 0, 0);
	sqe->flags = IOSQE_FIXED_FILE | IOSQE_ASYNC;
	sqe->cmd_op = BFK_RUN;
	memcpy(sqe->cmd, &(uint64_t){ (uintptr_t)&args }, sizeof(uint64_t));
	if (io_uring_submit_and_wait(&ring, 1) != 1 || io_uring_peek_cqe(&ring, &cqe) || cqe->res)
		die("RUN: it does not stop");
	if (args.status != BFK_STATUS_FUEL)
		die("RUN: status %u", args.status);
}

/* Prints "connected", and then how the service ends the connection. */
static void idle(int unused)
{
	int fd = dial(), instance_fd;

	(void)unused;
	printf("connected\n");
	fflush(stdout);
	if (receive(fd, &instance_fd) != -1)
		die("a reply to nothing");
}

static const struct {
	const char *name;
	void (*run)(int n);
} cases[] = {
	{ "served", served }, { "malformed", malformed }, { "truncated", truncated },
	{ "pieces", pieces }, { "slow", slow },		  { "vanish", vanish },
	{ "many", many },     { "flood", flood },	  { "sealed", sealed },
	{ "hidden", hidden }, { "untaken", untaken },	  { "idle", idle },
	{ "fuzz", fuzz },     { "linger", linger },	  { "refused", refused },
};

int main(int argc, char **argv)
{
	size_t i;

	path = argc > 1 ? argv[1] : "";
	for (i = 0; argc > 2 && i < sizeof(cases) / sizeof(*cases); i++) {
		if (strcmp(cases[i].name, argv[2]))
			continue;
		cases[i].run(argc > 3 ? atoi(argv[3]) : 0);
		return 0;
	}
	die("usage: client SOCKET CASE [NUMBER]");
}
