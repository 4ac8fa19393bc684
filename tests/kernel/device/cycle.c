// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cycles of references through an instance: a slot holds something that holds the instance. None
 * outlives the processes, because a run, with all its slots, ends with the process it belongs to.
 */
#include "leaks.h"
#include "pass.h"
#include "uring.h"
#include <sys/epoll.h>
#include <sys/un.h>

static void sockets_make(int ends[2])
{
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

/* Starts and stops a run with @fds in its slots. */
static void hold(int fd, const int *fds, uint32_t n_fds)
{
	struct bfk_run_args args = run_args(fds, n_fds, 1);

	EQUAL(fd_load(fd, "+[]", 0), 0);
	EQUAL(dev_call(fd, BFK_RUN, &args), 0);
	EQUAL(args.status, BFK_STATUS_FUEL);
}

/* --- shapes: each is made in a process that ends right afterwards --------------------------------- */

static void both_ends(void)
{
	int fd = dev_fd(), ends[2];

	sockets_make(ends);
	hold(fd, ends, 2);
	CHECK(fd_send(ends[0], fd, 0));
	CHECK(fd_send(ends[1], fd, 0));
	close(ends[0]);
	close(ends[1]);
}

/* A ring of @n instances: the socket in each one's slot has the next one in flight to it. */
static void each_other(void)
{
	enum { N = 10 };
	int fds[N], ends[N][2], i;

	for (i = 0; i < N; i++) {
		fds[i] = dev_fd();
		sockets_make(ends[i]);
		hold(fds[i], ends[i], 2);
	}
	for (i = 0; i < N; i++) {
		CHECK(fd_send(ends[i][0], fds[(i + 1) % N], 0));
		close(ends[i][0]);
		close(ends[i][1]);
	}
}

/* The connection that carries the instance has not been accepted. */
static void embryo(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);
	int fds[2] = { socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
		       socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	int fd = dev_fd();

	EQUAL(bind(fds[0], (void *)&address, sizeof(address.sun_family)), 0);
	EQUAL(listen(fds[0], 1), 0);
	EQUAL(getsockname(fds[0], (void *)&address, &len), 0);
	EQUAL(connect(fds[1], (void *)&address, len), 0);
	CHECK(fd_send(fds[1], fd, 0));
	hold(fd, fds, 2);
	close(fds[0]);
	close(fds[1]);
}

/* A socket is in flight, and the instance is in flight to that socket. */
static void nested(void)
{
	int fd = dev_fd(), inner[2], outer[2];

	sockets_make(inner);
	sockets_make(outer);
	CHECK(fd_send(inner[0], fd, 0));
	CHECK(fd_send(outer[0], inner[1], 0));
	CHECK(fd_send(outer[1], inner[0], 0));
	hold(fd, outer, 2);
}

/* An io_uring with @fds as its fixed files, itself in slot 0 of @fd. */
static struct uring ring_of(int fd, int *fds, uint32_t n_fds, uint32_t flags)
{
	struct uring ring = uring_open(flags);

	EQUAL(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, fds, n_fds), 0);
	hold(fd, &ring.fd, 1);
	return ring;
}

static void registered(void)
{
	int fd = dev_fd();
	struct uring ring = ring_of(fd, &fd, 1, 0);

	close(ring.fd);
}

/* The same with a socket between: slot, ring, its file, and the instance in flight to that. */
static void registered_socket(void)
{
	int fd = dev_fd(), ends[2];

	sockets_make(ends);
	CHECK(fd_send(ends[0], fd, 0));
	CHECK(fd_send(ends[1], fd, 0));
	ring_of(fd, ends, 2, 0);
}

/* The ring in slot 0 runs the instance it has registered; all descriptors are closed. */
static void run_by_ring(uint32_t flags, const char *source)
{
	struct uring ring = uring_open(flags);
	struct dev dev = dev_open(0);
	int ends[2], fds[2];
	struct bfk_run_args args = run_args(fds, 2, UNLIMITED);
	struct io_uring_sqe sqe = uring_call(0, BFK_RUN, &args);

	pipe_make(ends);
	fds[0] = ends[0];
	fds[1] = ring.fd;
	dev_load(&dev, source);
	tape_put(dev.tape, 1, &(struct frame){ .go = 1 }, 16);
	EQUAL(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &dev.fd, 1), 0);
	sqe.flags |= IOSQE_FIXED_FILE;
	uring_submit(&ring, sqe);
	while (!dev.tape[0]) /* until it has begun */
		nap(1);
	nap(20);
	close(ring.fd);
	dev_close(&dev);
}

static void spins_in_ring(void)
{
	run_by_ring(0, "+[]");
}

static void waits_in_ring(void)
{
	run_by_ring(0, "+>%r");
}

static void spins_in_thread_of_ring(void)
{
	run_by_ring(IORING_SETUP_SQPOLL, "+[]");
}

static void waits_in_thread_of_ring(void)
{
	run_by_ring(IORING_SETUP_SQPOLL, "+>%r");
}

static void *blocked_main(void *arg)
{
	dev_call(((int *)arg)[0], BFK_RUN,
		 &(struct bfk_run_args){ .fds = (uintptr_t)arg + 4, .n_fds = 3, .fuel = UNLIMITED });
	return NULL;
}

/* A thread waits in RUN, and the only descriptor of its instance is in flight. */
static void waits_in_thread(void)
{
	static int fds[4]; /* the instance, and its slots */
	pthread_t thread;
	int ends[2], i;

	fds[0] = dev_fd();
	pipe_make(ends);
	fds[1] = ends[0];
	sockets_make(fds + 2);
	EQUAL(fd_load(fds[0], ",", 0), 0);
	pthread_create(&thread, NULL, blocked_main, fds);
	await_runs(fds[0], 1);
	CHECK(fd_send(fds[2], fds[0], 0));
	for (i = 0; i < 4; i++)
		close(fds[i]);
}

/* --- cases --------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*make)(void);
} shapes[] = { { "both ends in slots", both_ends },
	       { "ten instances", each_other },
	       { "connection not accepted", embryo },
	       { "socket in flight", nested },
	       { "registered with a ring", registered },
	       { "socket registered with a ring", registered_socket },
	       { "spins in a ring", spins_in_ring },
	       { "waits in a ring", waits_in_ring },
	       { "spins in a ring with a thread", spins_in_thread_of_ring },
	       { "waits in a ring with a thread", waits_in_thread_of_ring },
	       { "waits in a thread", waits_in_thread } };

/*
 * How the processes end: they exit, are killed, or are killed with a child that has all
 * descriptors.
 */
enum ending { EXITS, IS_KILLED, CHILD_TOO, ENDINGS };

static void shape_ends(void (*make)(void), enum ending ending)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		make();
		if (ending == CHILD_TOO && !fork()) {
			nap(50);
			_exit(0);
		}
		if (ending != EXITS)
			kill(getpid(), SIGKILL);
		_exit(0);
	}
	status = child_wait(pid, SOON);
	EQUAL(status, ending == EXITS ? 0 : SIGKILL);
}

static void nothing_stays(void)
{
	struct counts before;
	const char *what;
	unsigned int i;
	enum ending ending;

	shape_ends(shapes[0].make, EXITS); /* so that the kernel has filled its caches */
	before = counts();
	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		for (ending = 0; ending < ENDINGS; ending++) {
			double end = now() + SOON;

			note = shapes[i].name;
			shape_ends(shapes[i].make, ending);
			while (refcount() != before.refcount && now() < end)
				nap(5);
			EQUAL(refcount(), before.refcount);
		}
	note = "";
	what = leaked(&before);
	if (what)
		fail(__FILE__, __LINE__, "leaked: %s", what);
}

/* Files that may go into a slot, and files that may not. */
static void in_slots(void)
{
	int fds[1], other, epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };
	struct dev dev = dev_open(0);
	struct bfk_run_args args = run_args(fds, 1, 1);
	char path[40];

	dev_load(&dev, "+");
	fds[0] = dev.fd;
	EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EINVAL);
	fds[0] = dup(dev.fd);
	EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EINVAL);
	fds[0] = other = dev_fd();
	EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EINVAL);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", other);
	fds[0] = open(path, O_RDWR | O_CLOEXEC);
	CHECK(fds[0] >= 0);
	EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EINVAL);
	fds[0] = open("/dev/bfk", O_PATH | O_CLOEXEC);
	EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EBADF);
	/* Files that poll(2) cannot wait for cannot be watched either. */
	EQUAL(epoll_ctl(epoll, EPOLL_CTL_ADD, dev.fd, &event), -1);
	EQUAL(errno, EPERM);
	EQUAL(dev_run(&dev, &epoll, 1, 1).status, BFK_STATUS_END);
}

static const struct test tests[] = {
	{ "no kind of instance can be in a slot, or be watched by epoll", in_slots },
	{ "cycles of every shape end with the processes, however these end", nothing_stays, 60 },
};

CASES(tests)
