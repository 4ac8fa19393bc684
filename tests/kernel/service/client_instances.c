// SPDX-License-Identifier: GPL-2.0-only
/* What a client does with an instance: sealed, hidden from the quota, left stopped in a lingering socket. */
#include <liburing.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "client.h"

void sealed(int unused)
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
void hidden(int max)
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
void untaken(int max)
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

/*
 * Policy allows memory for fewer than @n instances. Takes all there is, is refused, closes its instances, and then
 * there is room at once; ten times, as bfkd does not look at all instances for each request.
 */
void reused(int n)
{
	int *fds = calloc(n, sizeof(*fds)), round, i;

	for (round = 0; round < 10; round++) {
		for (i = 0; i < n && !ask(request(), &fds[i]); i++)
			;
		if (!i || i == n)
			die("round %d: %d of %d instances are served", round, i, n);
		while (i)
			close(fds[--i]);
		if (quota())
			die("round %d: instances that were closed count", round);
	}
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
void linger(int seconds)
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
