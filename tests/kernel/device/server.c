// SPDX-License-Identifier: GPL-2.0-only
/* %a %h %e %n %i: results, every errno, and that no signal makes a wait longer. */
#include "dev.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/un.h>

#define SLOTS 64
#define NAP 0.3 /* seconds; duration of waits that end by themselves */
#define NAP_NS 300000000ull

static struct dev dev;

/* The kernel chooses the address; *len bytes of @address are the place to connect to. */
static int listener(int family, int type, struct sockaddr_storage *address, socklen_t *len)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	*len = sizeof(*address);
	if (family == AF_INET)
		EQUAL(bind(fd, (void *)&in, sizeof(in)), 0);
	else if (family == AF_INET6)
		EQUAL(bind(fd, (void *)&in6, sizeof(in6)), 0);
	else
		EQUAL(bind(fd, (void *)&un, sizeof(un.sun_family)), 0);
	EQUAL(listen(fd, 100), 0);
	EQUAL(getsockname(fd, (void *)address, len), 0);
	return fd;
}

static int client(const struct sockaddr_storage *address, socklen_t len, int type)
{
	int fd = socket(address->ss_family, type | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	EQUAL(connect(fd, (void *)address, len), 0);
	return fd;
}

static int connect_to(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	EQUAL(getsockname(fd, (void *)&address, &len), 0);
	return client(&address, len, SOCK_STREAM);
}

/* A listening Unix socket, and one that is connected to it, as most cases need. */
static int pair_listener(int *peer)
{
	struct sockaddr_storage address;
	socklen_t len;
	int fd = listener(AF_UNIX, SOCK_STREAM, &address, &len);

	if (peer)
		*peer = client(&address, len, SOCK_STREAM);
	return fd;
}

/* --- %a ------------------------------------------------------------------------------------------ */

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

/* --- %h ------------------------------------------------------------------------------------------ */

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

/* --- %e ------------------------------------------------------------------------------------------ */

/* Does %e on @n pairs of @slots; the results are in dev.tape after the frame. */
static struct frame events(const uint8_t *slots, int n, struct frame frame, const int *fds,
			   uint32_t n_fds)
{
	uint8_t pairs[2 * SLOTS];
	int i;

	for (i = 0; i < n; i++) {
		pairs[2 * i] = slots[i];
		pairs[2 * i + 1] = 0xaa; /* ignored by %e */
	}
	frame.len = 2 * n;
	return op(&dev, 'e', frame, pairs, 2 * n, fds, n_fds);
}

static uint8_t revents(int ix)
{
	return dev.tape[16 + 2 * ix + 1];
}

static void ready(void)
{
	static const uint8_t slots[] = { 0, 1, 2, 3, 4, 63, 64, 255 };
	int fds[5], ends[2], sockets[2], i;
	struct frame frame;

	dev = dev_open(0);
	pipe_make(ends);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	fds[0] = ends[0];			/* nothing to read; cannot be written */
	fds[1] = ends[1];			/* can be written */
	fds[2] = sockets[0];			/* can be written */
	fds[3] = eventfd(1, EFD_CLOEXEC);	/* both */
	fds[4] = open("/etc/passwd", O_RDONLY); /* always both */

	frame = events(slots, 5, (struct frame){ .arg = POLLIN, .off = 1 }, fds, 5);
	WORKS(frame);
	EQUAL(frame.len, 10);
	EQUAL(frame.off, 1);
	for (i = 0; i < 5; i++) {
		EQUAL(dev.tape[16 + 2 * i], i);
		EQUAL(revents(i), i < 3 ? 0 : POLLIN);
	}
	WORKS(events(slots, 5, (struct frame){ .arg = POLLOUT, .off = 1 }, fds, 5));
	for (i = 0; i < 5; i++)
		EQUAL(revents(i), i < 1 ? 0 : POLLOUT);
	WORKS(events(slots, 8, (struct frame){ .off = 1 }, fds, 5)); /* 0 is POLLIN */
	for (i = 0; i < 8; i++)
		EQUAL(revents(i), i < 3 ? 0 : i < 5 ? POLLIN : POLLNVAL);
	close(sockets[1]); /* reported although not requested */
	close(ends[0]);
	fds[0] = -1;
	WORKS(events(slots + 1, 2, (struct frame){ .arg = POLLPRI }, fds, 5));
	EQUAL(revents(0), POLLERR);
	EQUAL(revents(1), POLLHUP);
}

static void none_ready(void)
{
	static const uint8_t slots[] = { 0, 0 };
	double start = now();
	int ends[2];
	struct frame frame;

	dev = dev_open(0);
	pipe_make(ends);
	frame = events(slots, 2, (struct frame){ .off = NAP_NS }, ends, 1);
	CHECK(now() - start >= NAP);
	EQUAL(frame.go, 0);
	EQUAL(frame.err, 0);
	EQUAL(revents(0), 0);
	EQUAL(revents(1), 0);
	frame = events(NULL, 0, (struct frame){ .off = 1 }, ends, 1); /* nothing to wait for */
	EQUAL(frame.go, 0);
	EQUAL(frame.err, 0);
}

static void events_refused(void)
{
	static const uint16_t lens[] = { 1, 3, 127, 129, 130, 256, 65520 };
	uint8_t slots[SLOTS];
	unsigned int i;
	int fd = eventfd(1, EFD_CLOEXEC);

	dev = dev_open(0);
	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++)
		FAILS(op(&dev, 'e', (struct frame){ .len = lens[i] }, NULL, 0, &fd, 1), EINVAL);
	FAILS(op(&dev, 'e', (struct frame){ .len = 65521 }, NULL, 0, &fd, 1), EINVAL);
	memset(slots, 0, sizeof(slots));
	WORKS(events(slots, SLOTS, (struct frame){ .slot = 200 }, &fd, 1)); /* the maximum */
	for (i = 0; i < SLOTS; i++)
		EQUAL(revents(i), POLLIN);
}

/* The frame is at cell 0; ',' stores one of the two bytes far behind it. */
static void read_ahead(void)
{
	int ends[2];

	pipe_make(ends);
	EQUAL(write(ends[1], "ab", 2), 2);
	dev = dev_open(0);
	dev_load(&dev, ">>>>>>>>>>>>>>>>>>>>,<<<<<<<<<<<<<<<<<<<<%e");
	tape_put(dev.tape, 0, &(struct frame){ .go = 1, .len = 2, .off = 1 }, 16);
	dev_run(&dev, ends, 1, UNLIMITED);
	WORKS(frame_get(dev.tape, 0));
	EQUAL(revents(0), POLLIN);
	EQUAL(dev.tape[20], 'a');
}

static volatile uint64_t *n_stops; /* of the child */

/* A child that runs the loaded program, with a signal every 20 ms, and continues it to the end. */
static pid_t stopped_often(const int *fds, uint32_t n_fds)
{
	pid_t pid;

	n_stops = mmap(NULL, sizeof(*n_stops), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(n_stops != MAP_FAILED);
	pid = fork();
	if (pid)
		return pid;
	tick(20000);
	EQUAL(dev_run_on(&dev, fds, n_fds, (uint64_t *)n_stops).status, BFK_STATUS_END);
	_exit(0);
}

/* One wait of @ns, stopped often; it must not end early. */
static void wait_stopped(bool is_nap, uint64_t ns, const int *fds)
{
	double start = now();

	dev = dev_open(0);
	dev_load(&dev, chain(is_nap ? "n" : "e"));
	lay(&dev, 0, (struct frame){ .off = ns, .len = is_nap ? 0 : 2 }, "", 1);
	EQUAL(child_wait(stopped_often(fds, 1), SOON), 0);
	CHECK(now() - start >= ns / 1e9);
	EQUAL(laid(&dev, 0).go, is_nap);
	EQUAL(laid(&dev, 0).err, 0);
	EQUAL(laid(&dev, 0).off, ns);
	dev_close(&dev);
}

/*
 * If each signal restarted them, these waits would never end. Waits longer if a busy machine sent
 * too few.
 */
static void waits_stopped(void)
{
	int ends[2], is_nap;
	uint64_t ns;

	pipe_make(ends);
	for (is_nap = 0; is_nap < 2; is_nap++) {
		ns = NAP_NS;
		do {
			wait_stopped(is_nap, ns, ends);
			ns *= 2;
		} while (*n_stops < 3);
	}
}

static void connects_stopped(void)
{
	int fds[2] = { -1, pair_listener(NULL) }, peer, is_poll;
	pid_t pid;

	for (is_poll = 0; is_poll < 2; is_poll++) { /* without a time limit */
		dev = dev_open(0);
		dev_load(&dev, chain(is_poll ? "ea" : "a"));
		lay(&dev, 0, (struct frame){ .slot = 1, .len = 2 }, "\1", 1);
		lay(&dev, 1, (struct frame){ .slot = 1 }, NULL, 0);
		pid = stopped_often(fds, 2);
		while (*n_stops < 3)
			nap(5);
		peer = connect_to(fds[1]);
		EQUAL(child_wait(pid, SOON), 0);
		WORKS(laid(&dev, 0));
		EQUAL(laid(&dev, is_poll).arg, 0);
		CHECK(is_hung_up(peer));
		close(peer);
		dev_close(&dev);
	}
}

/* A child blocked in the first operation of the loaded program. */
static pid_t blocked(const int *fds, uint32_t n_fds)
{
	pid_t pid = fork();

	if (!pid)
		_exit(dev_run(&dev, fds, n_fds, UNLIMITED).status);
	await_blocked(pid);
	return pid;
}

static void waits_killed(void)
{
	static const char *const letters[] = { "a", "e", "n" };
	int fds[2] = { -1, pair_listener(NULL) }, i;

	for (i = 0; i < 3; i++) {
		pid_t pid;

		note = letters[i];
		dev = dev_open(0);
		dev_load(&dev, chain(letters[i]));
		lay(&dev, 0, (struct frame){ .slot = 1, .off = i == 2 ? ~0ull : 0, .len = 2 }, "\1",
		    1);
		pid = blocked(fds, 2);
		kill(pid, SIGKILL);
		EQUAL(child_wait(pid, SOON), SIGKILL);
		dev_close(&dev);
	}
}

/* An operation uses the frame as it was when it began, even when it writes it back. */
static void rewritten_while_blocked(void)
{
	struct frame evil = { .go = 1, .slot = 63, .arg = 77, .cap = 5, .off = 1, .len = 65535 };
	int fds[2] = { -1, pair_listener(NULL) };
	struct frame frame;
	pid_t pid;

	dev = dev_open(0);
	dev_load(&dev, chain("a"));
	lay(&dev, 0, (struct frame){ .slot = 1, .off = 9 }, NULL, 0);
	pid = blocked(fds, 2);
	tape_put(dev.tape, 0, &evil, sizeof(evil));
	connect_to(fds[1]);
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END);
	frame = laid(&dev, 0);
	WORKS(frame);
	EQUAL(frame.slot, 1);
	EQUAL(frame.arg, 0);
	EQUAL(frame.off, 9);

	dev_load(&dev, chain("e"));
	lay(&dev, 0, (struct frame){ .len = 4 }, "\1\0\1", 4);
	pid = blocked(fds, 2);
	tape_put(dev.tape, 0, &evil, sizeof(evil));
	tape_put(dev.tape, 16, "\2", 1); /* a pair: read again when the other one wakes it */
	connect_to(fds[1]);
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END);
	frame = laid(&dev, 0);
	WORKS(frame);
	EQUAL(frame.len, 4);
	EQUAL(revents(0), POLLNVAL);
	EQUAL(revents(1), POLLIN);
}

/* --- %i ------------------------------------------------------------------------------------------ */

static uint64_t id(int arg)
{
	struct frame frame =
		op(&dev, 'i', (struct frame){ .arg = arg, .slot = 99 }, NULL, 0, NULL, 0);

	WORKS(frame);
	return frame.off;
}

static void ids_here(void)
{
	EQUAL(id(0), getpid());
	EQUAL(id(1), getppid());
	EQUAL(id(2), getuid());
	EQUAL(id(3), getgid());
}

static void ids(void)
{
	int arg, status;

	dev = dev_open(0);
	ids_here();
	for (arg = 4; arg < 256; arg++)
		FAILS(op(&dev, 'i', (struct frame){ .arg = arg }, NULL, 0, NULL, 0), EINVAL);
	if (!fork()) { /* the real IDs, not the effective ones */
		CHECK(!setresgid(101, 102, 103) && !setresuid(104, 105, 106));
		ids_here();
		EQUAL(id(2), 104);
		EQUAL(id(3), 101);
		_exit(0);
	}
	wait(&status);
	EQUAL(status, 0);
	EQUAL(unshare(CLONE_NEWUSER | CLONE_NEWPID), 0); /* without mapped IDs */
	if (!fork()) {
		ids_here();
		EQUAL(id(0), 1);
		EQUAL(id(1), 0);
		EQUAL(id(2), 65534);
		_exit(0);
	}
	wait(&status);
	EQUAL(status, 0);
}

static const struct test tests[] = {
	{ "%a accepts Unix and TCP connections into the lowest free slot", accepts },
	{ "%a (no file, no socket, not listening, no connection) is refused", accept_refused },
	{ "%a (SCTP, TIPC, VSOCK, MPTCP, datagrams, raw, netlink) is EOPNOTSUPP", accept_others },
	{ "%a (64 slots taken) is EMFILE and leaves the connection waiting", accept_full },
	{ "%h ends either direction or both", shuts_down },
	{ "%h (no file, no socket, no peer, arg above 2) is refused", shutdown_refused },
	{ "%e reports which slots are ready, have failed or are empty", ready },
	{ "%e (none ready) is go 0 and err 0 when the time is up", none_ready },
	{ "%e (len odd or above 128) is EINVAL, with 64 pairs it works", events_refused },
	{ "%e (bytes read ahead by ',') reports slot 0 readable", read_ahead },
	{ "%e and %n (a signal every 20 ms) take no longer", waits_stopped },
	{ "%a and %e without a limit (a signal every 20 ms) get their connection",
	  connects_stopped },
	{ "%a %e %n (SIGKILL while they wait) die soon", waits_killed },
	{ "%a and %e (frame and pairs rewritten while they wait) reach no other file",
	  rewritten_while_blocked },
	{ "%i returns process, parent, real user and group as seen in their namespaces", ids },
};

CASES(tests)
