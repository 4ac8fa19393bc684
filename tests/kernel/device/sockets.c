// SPDX-License-Identifier: GPL-2.0-only
/* What do %a and %h do to sockets, and what do they refuse? */
#include "server.h"
#include <linux/netlink.h>

static void accepts(void)
{
	static const struct {
		int family, type;
	} kinds[] = { { AF_UNIX, SOCK_STREAM },
		      { AF_UNIX, SOCK_SEQPACKET },
		      { AF_INET, SOCK_STREAM },
		      { AF_INET6, SOCK_STREAM } };
	char text[6] = {};
	unsigned int i;

	dev = dev_open(0);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct sockaddr_storage address;
		socklen_t len;
		int fds[3] = { -1, listener(kinds[i].family, kinds[i].type, &address, &len), -1 };
		int peer = client(&address, len, kinds[i].type);

		EQUAL(send(peer, "hello", 5, 0), 5);
		dev_load(&dev, chain("arwa"));
		lay(&dev, 0, (struct frame){ .slot = 1 }, NULL, 0);
		lay(&dev, 1, (struct frame){ .slot = 0, .cap = 5 }, NULL, 0);
		lay(&dev, 2, (struct frame){ .slot = 0, .len = 3 }, "yes", 3);
		lay(&dev, 3, (struct frame){ .slot = 1 }, NULL, 0);
		EQUAL(client(&address, len, kinds[i].type) >= 0, 1);
		EQUAL(dev_run(&dev, fds, 3, UNLIMITED).status, BFK_STATUS_END);
		WORKS(laid(&dev, 0));
		EQUAL(laid(&dev, 0).arg, 0); /* the lowest free slot */
		EQUAL(laid(&dev, 3).arg, 2); /* the next free slot */
		EQUAL(laid(&dev, 1).len, 5);
		CHECK(!memcmp(dev.tape + STEP + 16, "hello", 5));
		EQUAL(recv(peer, text, 3, MSG_WAITALL), 3);
		EQUAL(strcmp(text, "yes"), 0);
		CHECK(is_hung_up(peer)); /* the run is over */
		close(peer);
		close(fds[1]);
	}
}

static void accept_refused(void)
{
	int ends[2], sockets[2];
	struct sockaddr_storage address;
	socklen_t len;
	int fds[1] = { -1 };

	dev = dev_open(0);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, fds, 1), EBADF);
	FAILS(op(&dev, 'a', (struct frame){ .slot = 64 }, NULL, 0, fds, 1), EBADF);
	FAILS(op(&dev, 'a', (struct frame){ .slot = 255 }, NULL, 0, fds, 1), EBADF);
	pipe_make(ends);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, ends, 1), ENOTSOCK);
	fds[0] = open("/etc", O_RDONLY);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, fds, 1), ENOTSOCK);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, sockets, 1), EINVAL);
	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, fds, 1), EINVAL);
	fds[0] = listener(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, &address, &len);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, fds, 1), EAGAIN);
	fds[0] = listener(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, &address, &len);
	FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, fds, 1), EAGAIN);
}

/* Kinds of sockets that accept(2) also supports, and some that cannot listen. */
static void accept_others(void)
{
	static const struct {
		int family, type, protocol;
	} kinds[] = { { AF_INET, SOCK_STREAM, IPPROTO_MPTCP },
		      { AF_INET6, SOCK_STREAM, IPPROTO_MPTCP },
		      { AF_INET, SOCK_STREAM, IPPROTO_SCTP },
		      { AF_INET6, SOCK_SEQPACKET, IPPROTO_SCTP },
		      { AF_TIPC, SOCK_STREAM, 0 },
		      { AF_TIPC, SOCK_SEQPACKET, 0 },
		      { AF_VSOCK, SOCK_STREAM, 0 },
		      { AF_UNIX, SOCK_DGRAM, 0 },
		      { AF_INET, SOCK_DGRAM, 0 },
		      { AF_INET6, SOCK_DGRAM, 0 },
		      { AF_INET, SOCK_RAW, IPPROTO_TCP }, /* same protocol number as TCP */
		      { AF_PACKET, SOCK_DGRAM, 0 },
		      { AF_NETLINK, SOCK_RAW, NETLINK_XFRM } }; /* likewise */
	enum { N = sizeof(kinds) / sizeof(*kinds), N_LISTENING = 6 };
	static char text[60];
	int i, n_listening = 0;

	/* Debian's kernels do not load this module automatically. */
	EQUAL(system("modprobe tipc"), 0);
	note = text;
	dev = dev_open(0);
	for (i = 0; i < N; i++) {
		int fd = socket(kinds[i].family, kinds[i].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
				kinds[i].protocol);

		snprintf(text, sizeof(text), "family %d protocol %d", kinds[i].family,
			 kinds[i].protocol);
		CHECK(fd >= 0);
		n_listening += !listen(fd, 1);
		FAILS(op(&dev, 'a', (struct frame){}, NULL, 0, &fd, 1), EOPNOTSUPP);
		close(fd);
	}
	EQUAL(n_listening, N_LISTENING);
}

static void accept_full(void)
{
	int fds[SLOTS], peer, i;

	fds[0] = pair_listener(&peer);
	for (i = 1; i < SLOTS; i++)
		fds[i] = fds[0];
	dev = dev_open(0);
	FAILS(op(&dev, 'a', (struct frame){ .slot = 63 }, NULL, 0, fds, SLOTS), EMFILE);
	CHECK(is_quiet(peer));
	fds[40] = -1;
	WORKS(op(&dev, 'a', (struct frame){ .slot = 63 }, NULL, 0, fds, SLOTS));
	CHECK(is_hung_up(peer));
	fds[0] = pair_listener(&peer); /* one slot is free, but not for the second connection */
	CHECK(connect_to(fds[0]) >= 0);
	dev_load(&dev, chain("aa"));
	lay(&dev, 0, (struct frame){}, NULL, 0);
	lay(&dev, 1, (struct frame){}, NULL, 0);
	dev_run(&dev, fds, SLOTS, UNLIMITED);
	WORKS(laid(&dev, 0));
	EQUAL(laid(&dev, 0).arg, 40);
	FAILS(laid(&dev, 1), EMFILE);
}

static void shuts_down(void)
{
	int how, sockets[2];
	char byte;

	dev = dev_open(0);
	for (how = 0; how < 3; how++) {
		EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
		WORKS(op(&dev, 'h', (struct frame){ .arg = how }, NULL, 0, sockets, 1));
		EQUAL(send(sockets[1], "x", 1, MSG_NOSIGNAL), how == 1 ? 1 : -1);
		EQUAL(send(sockets[0], "x", 1, MSG_NOSIGNAL), how == 0 ? 1 : -1);
		EQUAL(recv(sockets[1], &byte, 1, MSG_DONTWAIT), how == 0 ? 1 : 0);
		close(sockets[0]);
		close(sockets[1]);
	}
}

static void shutdown_refused(void)
{
	int sockets[2], ends[2], fd = -1, arg;

	dev = dev_open(0);
	FAILS(op(&dev, 'h', (struct frame){}, NULL, 0, &fd, 1), EBADF);
	FAILS(op(&dev, 'h', (struct frame){ .slot = 64 }, NULL, 0, &fd, 1), EBADF);
	pipe_make(ends);
	FAILS(op(&dev, 'h', (struct frame){}, NULL, 0, ends, 1), ENOTSOCK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FAILS(op(&dev, 'h', (struct frame){}, NULL, 0, &fd, 1), ENOTCONN);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	for (arg = 3; arg < 256; arg++)
		FAILS(op(&dev, 'h', (struct frame){ .arg = arg }, NULL, 0, sockets, 1), EINVAL);
	EQUAL(send(sockets[0], "x", 1, MSG_NOSIGNAL), 1);
}

static const struct test tests[] = {
	{ "%a accepts Unix and TCP connections into the lowest free slot", accepts },
	{ "%a (no file, no socket, not listening, no connection) is refused", accept_refused },
	{ "%a (SCTP, TIPC, VSOCK, MPTCP, datagrams, raw, netlink) is EOPNOTSUPP", accept_others },
	{ "%a (64 slots taken) is EMFILE and leaves the connection waiting", accept_full },
	{ "%h ends either direction or both", shuts_down },
	{ "%h (no file, no socket, no peer, arg above 2) is refused", shutdown_refused },
};

CASES(tests)
