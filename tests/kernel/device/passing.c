// SPDX-License-Identifier: GPL-2.0-only
/* Does an instance that is passed on work, and is one in flight to its own slot freed? */
#include "owner.h"
#include "leaks.h"
#include "pass.h"
#include "slow_page.h"

/* Waits for the module's reference count to fall to @want. */
static bool refcount_falls_to(long want)
{
	double end = now() + SOON;

	while (refcount() != want && now() < end)
		nap(5);
	return refcount() == want;
}

/* As bfkd does: load, seal, pass on; the client may load nothing and runs with its own files. */
static void passed_sealed(void)
{
	int sockets[2];
	pid_t pid;

	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	pid = fork();
	if (!pid) {
		struct dev dev = {};
		int file = file_make("", 0), fds[2] = { -1, file };
		char byte = 0;

		EQUAL(setresuid(1000, 1000, 1000), 0);
		EQUAL(open("/dev/bfk", O_RDWR), -1);
		dev.fd = fd_receive(sockets[1], 0);
		EQUAL(fd_load(dev.fd, "+", 0), -EPERM);
		EQUAL(dev_run(&dev, fds, 2, 5).status, BFK_STATUS_FUEL);
		EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
		EQUAL(pread(file, &byte, 1, 0), 1);
		EQUAL(byte, 20);
		_exit(0);
	} else {
		int fd = dev_fd();

		EQUAL(fd_load(fd, "++++++++++[>+>[-]++<<-]>[<++>-]<.", BFK_LOAD_SEAL), 0);
		CHECK(fd_send(sockets[0], fd, 0));
		close(fd);
	}
	EQUAL(child_wait(pid, SOON), 0);
}

/* An instance in flight to a socket in its own slot: no cycle remains. */
static void in_flight(void)
{
	long before = refcount();
	int stopped;

	for (stopped = 0; stopped < 2; stopped++) {
		struct dev dev = dev_open(0);
		int sockets[2];

		EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
		dev_load(&dev, stopped ? "+[]" : "+");
		EQUAL(run(dev.fd, sockets, 2, 3), 0);
		CHECK(fd_send(sockets[0], dev.fd, 0));
		close(sockets[0]);
		close(sockets[1]);
		EQUAL(refcount(), before + 1);
		dev_close(&dev);
		CHECK(refcount_falls_to(before));
	}
}

/* Two instances, each in flight to a socket in the other's slot. */
static void in_flight_twice(void)
{
	long before = refcount();
	struct dev a = dev_open(0), b = dev_open(0);
	int sockets[4];

	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets + 2), 0);
	dev_load(&a, "+[]");
	dev_load(&b, "+[]");
	EQUAL(run(a.fd, sockets, 2, 3), 0);
	EQUAL(run(b.fd, sockets + 2, 2, 3), 0);
	CHECK(fd_send(sockets[0], b.fd, 0));
	CHECK(fd_send(sockets[2], a.fd, 0));
	for (int i = 0; i < 4; i++)
		close(sockets[i]);
	dev_close(&a);
	EQUAL(refcount(), before + 2); /* a is in flight to a socket that b's run holds */
	dev_close(&b);
	CHECK(refcount_falls_to(before));
}

static void in_flight_exit(void)
{
	long before = refcount();
	pid_t pid = fork();

	if (!pid) {
		struct dev dev = dev_open(0);
		int sockets[2];

		EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
		dev_load(&dev, "+[]");
		EQUAL(run(dev.fd, sockets, 2, 3), 0);
		CHECK(fd_send(sockets[0], dev.fd, 0));
		CHECK(fd_send(sockets[1], dev.fd, 0));
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(refcount_falls_to(before));
}

struct late_run {
	int fd;
	struct bfk_run_args args;
};

static void *late_run_main(void *arg)
{
	struct late_run *late = arg;

	dev_call(late->fd, BFK_RUN, &late->args);
	return NULL;
}

/* Like in_flight(), but the descriptor is closed after RUN is entered and before the run begins. */
static void in_flight_late(void)
{
	static char fds_page[4096] __attribute__((aligned(4096)));
	struct slow_page slow = slow_page();
	long before = refcount();
	struct late_run late = { .fd = dev_fd() };
	pthread_t thread;
	int sockets[2];

	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	memcpy(fds_page, sockets, sizeof(sockets));
	EQUAL(fd_load(late.fd, "+[]", 0), 0);
	late.args = run_args(slow.page, 2, 3);
	pthread_create(&thread, NULL, late_run_main, &late);
	slow_page_await(&slow);
	CHECK(fd_send(sockets[0], late.fd, 0));
	close(late.fd);
	slow_page_give(&slow, fds_page);
	pthread_join(thread, NULL);
	close(sockets[0]);
	close(sockets[1]);
	CHECK(refcount_falls_to(before));
}

static const struct test tests[] = {
	{ "a sealed instance that is passed on runs for an unprivileged process with the latter's files",
	  passed_sealed },
	{ "an instance in flight to a socket in its own slot is freed when closed", in_flight },
	{ "two instances in flight to sockets in each other's slots are freed when closed",
	  in_flight_twice },
	{ "an instance in flight to a socket in its own slot is freed at exit", in_flight_exit },
	{ "an instance in flight, closed before its run began, is freed", in_flight_late },
};

CASES(tests)
