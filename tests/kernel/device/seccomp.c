// SPDX-License-Identifier: GPL-2.0-only
/* RUN by tasks under seccomp is always refused, unless the administrator allows it. */
#include "uring.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>

/* A filter that allows every call: all that counts is that there is one. */
static void filter(uint32_t flags)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { .len = 1, .filter = &allow };

	long thread;

	EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	/* A joined thread exists a moment longer, and with another filter it makes TSYNC fail. */
	do
		thread = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
	while (thread > 0 && !sched_yield());
	EQUAL(thread, 0);
}

static int run(int fd, uint64_t fuel)
{
	struct bfk_run_args args = run_args(NULL, 0, fuel);

	return dev_call(fd, BFK_RUN, &args);
}

/* Returns the result of RUN through @ring. */
static int run_by(struct uring *ring, int fd, uint16_t personality)
{
	struct bfk_run_args args = run_args(NULL, 0, 1);
	struct io_uring_sqe sqe = uring_call(fd, BFK_RUN, &args);

	sqe.personality = personality;
	uring_submit(ring, sqe);
	return uring_result(ring);
}

/* An instance with a stopped run. */
static int stopped(void)
{
	int fd = dev_fd();

	EQUAL(fd_load(fd, "+[]", 0), 0);
	EQUAL(run(fd, 1), 0);
	return fd;
}

static void refused(void)
{
	struct dev dev = dev_open(0);

	filter(0);
	dev_load(&dev, "+");
	EQUAL(run(dev.fd, 1), -EACCES);
	EQUAL(dev.tape[0], 0);
	EQUAL(dev_info(dev.fd).slots, 64);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(fd_load(dev.fd, "]", 0), -ENOEXEC);
}

static void refused_first(void)
{
	int fd = dev_fd();

	filter(0);
	EQUAL(run(fd, 1), -EACCES); /* there is no program */
	EQUAL(dev_call(fd, BFK_RUN, NULL), -EACCES);
}

static void continued(void)
{
	int fd = stopped();
	struct bfk_run_args args = run_args(NULL, 0, 1);
	pid_t pid;

	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		filter(0);
		_exit(-run(fd, 1));
	}
	EQUAL(child_wait(pid, SOON), EACCES << 8);
	EQUAL(dev_call(fd, BFK_RUN, &args), 0);
	EQUAL(args.status, BFK_STATUS_FUEL);
}

/* Strict mode allows read, write and exit, but not ioctl. */
static void strict(void)
{
	int fd = stopped();
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		ioctl(fd, BFK_RUN, NULL);
		syscall(SYS_exit, 0);
	}
	EQUAL(child_wait(pid, SOON), SIGKILL);
}

static void *filtered_thread(void *fd)
{
	filter(0);
	return (void *)(intptr_t)run(*(int *)fd, 1);
}

static void one_thread(void)
{
	int fd = stopped();
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, filtered_thread, &fd);
	pthread_join(thread, &result);
	EQUAL((intptr_t)result, -EACCES);
	EQUAL(run(fd, 1), 0);
	filter(SECCOMP_FILTER_FLAG_TSYNC);
	EQUAL(run(fd, 1), -EACCES);
}

static void by_uring(void)
{
	struct uring ring = uring_open(0);
	int fd = stopped(), personality;

	personality = syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0);
	CHECK(personality > 0);
	EQUAL(run_by(&ring, fd, 0), 0);
	EQUAL(run_by(&ring, fd, personality), 0);
	filter(0);
	EQUAL(run_by(&ring, fd, 0), -EACCES);
	EQUAL(run_by(&ring, fd, personality),
	      -EACCES); /* a personality restores credentials only */
}

/* The ring belongs to a process without a filter; what counts is the submitter. */
static void by_child(void)
{
	struct uring ring = uring_open(0);
	int fd = dev_fd();
	pid_t pid;

	EQUAL(fd_load(fd, "+[]", 0), 0);
	pid = fork();
	if (!pid) {
		filter(0);
		_exit(-run_by(&ring, fd, 0));
	}
	EQUAL(child_wait(pid, SOON), EACCES << 8);
	EQUAL(run_by(&ring, fd, 0), 0);
}

/* Submitted without a filter, linked after a request that completes when there is a filter. */
static void begun_later(void)
{
	struct uring ring = uring_open(0);
	struct bfk_run_args args = run_args(NULL, 0, 1);
	struct io_uring_sqe sqe = { .opcode = IORING_OP_POLL_ADD, .poll32_events = POLLIN };
	int fd = stopped(), ends[2];
	uint32_t *tail = uring_at(&ring, ring.params.sq_off.tail);

	pipe_make(ends);
	sqe.fd = ends[0];
	sqe.flags = IOSQE_IO_LINK;
	ring.sqes[0] = sqe;
	ring.sqes[1] = uring_call(fd, BFK_RUN, &args);
	uring_at(&ring, ring.params.sq_off.array)[1] = 1;
	__atomic_store_n(tail, 2, __ATOMIC_RELEASE);
	EQUAL(syscall(SYS_io_uring_enter, ring.fd, 2, 0, 0, NULL, 0), 2);
	filter(0);
	EQUAL(write(ends[1], "x", 1), 1);
	syscall(SYS_io_uring_enter, ring.fd, 0, 2, IORING_ENTER_GETEVENTS, NULL, 0);
	EQUAL(uring_result(&ring), POLLIN);
	EQUAL(uring_result(&ring), -EACCES);
}

/*
 * The thread of such a ring is a separate task: like any other thread it has the filters that its
 * creator had at that moment, and those of SECCOMP_FILTER_FLAG_TSYNC.
 */
static void by_thread_of_ring(void)
{
	struct uring before = uring_open(IORING_SETUP_SQPOLL), after;
	int fd = stopped();

	EQUAL(run_by(&before, fd, 0), 0);
	filter(0);
	EQUAL(run_by(&before, fd, 0), 0);
	after = uring_open(IORING_SETUP_SQPOLL);
	EQUAL(run_by(&after, fd, 0), -EACCES);
	filter(SECCOMP_FILTER_FLAG_TSYNC);
	EQUAL(run_by(&before, fd, 0), -EACCES);
}

static void allow(const char *yes)
{
	int fd = open("/sys/module/bfk/parameters/allow_seccomp", O_WRONLY | O_CLOEXEC);

	EQUAL(write(fd, yes, 1), 1);
	close(fd);
}

static void allowed(void)
{
	int fd = stopped(), status;
	pid_t pid = fork();

	if (!pid) {
		struct uring ring = uring_open(0);

		filter(0);
		fd = dev_fd();
		EQUAL(fd_load(fd, "+[]", 0), 0);
		allow("Y");
		EQUAL(run(fd, 1), 0);
		EQUAL(run_by(&ring, fd, 0), 0);
		allow("N");
		EQUAL(run(fd, 1), -EACCES);
		EQUAL(run_by(&ring, fd, 0), -EACCES);
		_exit(0);
	}
	status = child_wait(pid, 4 * SOON);
	allow("N");
	EQUAL(status, 0);
}

static const struct test tests[] = {
	{ "run (task with a filter) is EACCES; load, reset and info work", refused },
	{ "run (task with a filter) is EACCES before any other error", refused_first },
	{ "run (stopped, continued by a task with a filter) is EACCES, and continues without",
	  continued },
	{ "run (task in strict mode) kills the task, like any ioctl", strict },
	{ "run (one thread with a filter) is EACCES for that thread, with TSYNC for all",
	  one_thread },
	{ "run by io_uring (submitter with a filter, also with an older personality) is EACCES",
	  by_uring },
	{ "run by io_uring (the ring of a parent without a filter) is EACCES", by_child },
	{ "run by io_uring (submitted before the filter, begun after it) is EACCES", begun_later },
	{ "run by io_uring (by the ring's thread) checks the filters of that thread",
	  by_thread_of_ring },
	{ "run (task with a filter, allow_seccomp) works, also by io_uring, until the parameter is off",
	  allowed },
};

CASES(tests)
