// SPDX-License-Identifier: GPL-2.0-only
/* Who owns an instance and a run: fork, exec, exit, close, passing on, rmmod, leaks. */
#include "leaks.h"
#include "pass.h"
#include "slow_page.h"
#include <sched.h>
#include <sys/syscall.h>

/* Waits for the module's reference count to fall to @want. */
static bool refcount_falls_to(long want)
{
	double end = now() + SOON;

	while (refcount() != want && now() < end)
		nap(5);
	return refcount() == want;
}

static int run(int fd, const int *fds, uint32_t n_fds, uint64_t fuel)
{
	struct bfk_run_args args = run_args(fds, n_fds, fuel);

	return dev_call(fd, BFK_RUN, &args);
}

/*
 * Leaves a run of "+[]" stopped by fuel that holds the writing end of a pipe; returns the other
 * end.
 */
static int stopped_run(struct dev *dev)
{
	int ends[2];

	pipe_make(ends);
	dev_load(dev, "+[]");
	EQUAL(dev_run(dev, &ends[1], 1, 3).status, BFK_STATUS_FUEL);
	close(ends[1]);
	return ends[0];
}

static void fork_exits(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
	dev.tape[0] = 0;
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_END);
	CHECK(is_hung_up(end));
}

static void fork_closes(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid = fork();

	if (!pid) {
		close(dup(dev.fd));
		close(dev.fd);
		nap(20);
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void fork_continues(void)
{
	struct dev dev = dev_open(0);
	pid_t pid;
	int end;

	end = stopped_run(&dev);
	pid = fork();
	if (!pid)
		_exit(-run(dev.fd, NULL, 0, 3));
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void fork_takes_over(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev), sync[2];
	pid_t pid;
	char byte;

	pipe_make(sync);
	pid = fork();
	if (!pid) {
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		EQUAL(write(sync[1], "x", 1), 1);
		pause();
		_exit(0);
	}
	EQUAL(read(sync[0], &byte, 1), 1);
	CHECK(is_hung_up(end)); /* RESET has ended the parent's run */
	EQUAL(run(dev.fd, NULL, 0, 3), -EPERM);
	kill(pid, SIGKILL);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
}

/* A process that shares the file table may continue the run; one that has unshared it may not. */
static void shared_files(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev), status;
	pid_t pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (!pid) {
		status = run(dev.fd, NULL, 0, 3);
		if (!status && !unshare(CLONE_FILES))
			status = run(dev.fd, NULL, 0, 3);
		_exit(-status);
	}
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(run(dev.fd, NULL, 0, 3), 0);
}

static void fork_while_running(void)
{
	struct dev dev = dev_open(0);
	pid_t runner, pid;
	int i, sync[2];

	pipe_make(sync);
	dev_load(&dev, "+[]");
	runner = fork();
	if (!runner) {
		uint64_t stops = 0;

		for (i = 0; i < 5; i++) { /* children that exit while it runs */
			pid = fork();
			if (!pid) {
				nap(30 * i);
				_exit(0);
			}
		}
		_exit(dev_run_on(&dev, NULL, 0, &stops).status == BFK_STATUS_END ? 0 : 1);
	}
	await_cell(dev.tape, 0);
	nap(300);
	dev.tape[0] = 0;
	EQUAL(child_wait(runner, SOON), 0);
}

/* The programs that exec starts here come to this: "continue FD" exits with the result of RUN. */
static int continued(const char *fd)
{
	return -run(atoi(fd), NULL, 0, 3);
}

static void exec_continue(int fd)
{
	char number[20];

	snprintf(number, sizeof(number), "%d", fd);
	execl("/proc/self/exe", "life", "continue", number, NULL);
	_exit(99);
}

static void exec_inherits(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = fork();

	if (!pid) { /* the owner of the run */
		fcntl(dev.fd, F_SETFD, 0);
		stopped_run(&dev);
		exec_continue(dev.fd);
	}
	EQUAL(child_wait(pid, SOON), 0);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD); /* it has exited */
}

static void exec_in_child(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid;

	fcntl(dev.fd, F_SETFD, 0);
	pid = fork();
	if (!pid)
		exec_continue(dev.fd);
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void exec_closes(void)
{
	struct dev dev = dev_open(0);
	int ends[2];
	pid_t pid;

	pipe_make(ends);
	dev_load(&dev, "+[]");
	pid = fork();
	if (!pid) {
		close(ends[0]);
		dev_run(&dev, &ends[1], 1, 3);
		execl("/bin/sleep", "sleep", "10", NULL); /* every descriptor is close-on-exec */
	}
	close(ends[1]);
	CHECK(is_hung_up(ends[0]));
	kill(pid, SIGKILL);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
}

static void exit_ends(void)
{
	int how;

	for (how = 0; how < 2; how++) {
		struct dev dev = dev_open(0);
		int ends[2];
		pid_t pid;

		pipe_make(ends);
		dev_load(&dev, "+[]");
		pid = fork();
		if (!pid) {
			dev_run(&dev, &ends[1], 1, how ? UNLIMITED : 3);
			_exit(0);
		}
		close(ends[1]);
		if (how) { /* killed in the loop */
			await_runs(dev.fd, 1);
			CHECK(is_quiet(ends[0]));
			kill(pid, SIGKILL);
		}
		CHECK(child_wait(pid, SOON) != -1);
		CHECK(is_hung_up(ends[0]));
		EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(run(dev.fd, NULL, 0, 3), 0);
		dev_close(&dev);
	}
}

static void close_copy(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);

	close(dup(dev.fd));
	CHECK(is_hung_up(end));
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(run(dev.fd, NULL, 0, 3), 0);
}

static void end_releases(void)
{
	static const char *const sources[] = { "+", "%q", ".>>," };
	int i, ends[2];

	for (i = 0; i < 3; i++) {
		struct dev dev = dev_open(0);

		pipe_make(ends);
		dev_load(&dev, sources[i]);
		dev.tape[0] = i == 1;
		EQUAL(run(dev.fd, &ends[1], 1, 3), 0);
		close(ends[1]);
		CHECK(is_hung_up(ends[0]));
	}
}

static void load_releases(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);

	dev_load(&dev, "++");
	CHECK(is_hung_up(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
}

/* --- passing on --------------------------------------------------------------------------------- */

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

/* --- the module --------------------------------------------------------------------------------- */

static void rmmod_refused(void)
{
	struct dev dev = dev_open(0);
	pid_t pid;

	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
	dev_load(&dev, "+[]");
	pid = fork();
	if (!pid) {
		dev_run(&dev, NULL, 0, UNLIMITED);
		_exit(0);
	}
	close(dev.fd);
	munmap(dev.tape, TAPE_CELLS);
	EQUAL(child_state(pid, 'R'), 'R');
	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
	kill(pid, SIGKILL);
	child_wait(pid, SOON);

	dev = dev_open(0); /* only mapped */
	close(dev.fd);
	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
}

/* --- leaks -------------------------------------------------------------------------------------- */

static void use_once(int i)
{
	static const char *const sources[] = { "+[]", "+%q", ".", "]", "%o" };
	struct dev dev = dev_open(i & 8 ? BFK_LOAD_INTERP : 0);
	static int dir;

	if (!dir)
		dir = open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd_load(dev.fd, "+++[>+++.[-]<-]", 0);
	fd_load(dev.fd, sources[i % 5], dev.flags);
	tape_put(dev.tape, 0, &(struct frame){ .go = 1, .len = 6 }, 16);
	tape_put(dev.tape, 16, "passwd", 6);
	run(dev.fd, &dir, 1, 2);
	if (i & 4)
		dev_reset(dev.fd, 0);
	if (i & 2)
		run(dev.fd, &dir, 1, 2);
	dev_close(&dev);
}

static void leaks(void)
{
	struct counts before;
	const char *what;
	int i;

	for (i = 0; i < 100; i++)
		use_once(i);
	nap(200);
	before = counts();
	for (i = 0; i < 2000; i++)
		use_once(i);
	what = leaked(&before);
	if (what)
		fail(__FILE__, __LINE__, "leaked: %s", what);
}

static void leaks_noticed(void)
{
	struct counts before = counts();
	int fd = dev_fd(), ends[2], i;
	static char bytes[65536];

	leak_patience = 0.2; /* these leaks do not go away */
	EQUAL(strcmp(leaked(&before) ?: "", "module references"), 0);
	before.refcount++;
	EQUAL(strcmp(leaked(&before) ?: "", "vmalloc areas"), 0);
	before = counts();
	CHECK(!leaked(&before));
	EQUAL(fd_load(fd, "+++[>+++.[-]<-]", 0), 0);
	EQUAL(strcmp(leaked(&before) ?: "", IS_X86 ? "text" : ""), 0);
	before = counts();
	for (i = 0; i < 400; i++)
		CHECK(dup(open("/etc/passwd", O_RDONLY)) >= 0);
	EQUAL(strcmp(leaked(&before) ?: "", "open files"), 0);
	before = counts();
	for (i = 0; i < 30; i++) { /* 2 MB of kernel pages */
		pipe_make(ends);
		EQUAL(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
	}
	EQUAL(strcmp(leaked(&before) ?: "", memory_is_counted() ? "memory" : ""), 0);
}

static const struct test tests[] = {
	{ "fork (child exits, run stopped) does not end the parent's run", fork_exits },
	{ "fork (child closes the descriptor) does not end the parent's run", fork_closes },
	{ "run (a stopped run of the parent) is EPERM", fork_continues },
	{ "run (after the child has reset and run) is EPERM, and EBADFD after the child's death",
	  fork_takes_over },
	{ "run (a process that shares the file table) continues, until it unshares it",
	  shared_files },
	{ "fork (children exit while the parent runs) does not end the run", fork_while_running },
	{ "exec (descriptor kept, own run) continues it", exec_inherits },
	{ "exec (descriptor kept, in a child) cannot continue the parent's run", exec_in_child },
	{ "exec (closes the descriptor) ends the run", exec_closes },
	{ "exit or kill of the owner ends the run although another process has the instance",
	  exit_ends },
	{ "close (a copy, by the owner) ends the run", close_copy },
	{ "the end of a run releases its files", end_releases },
	{ "load (run stopped) releases its files and starts over", load_releases },
	{ "a sealed instance that is passed on runs for an unprivileged process with the latter's files",
	  passed_sealed },
	{ "an instance in flight to a socket in its own slot is freed when closed", in_flight },
	{ "two instances in flight to sockets in each other's slots are freed when closed",
	  in_flight_twice },
	{ "an instance in flight to a socket in its own slot is freed at exit", in_flight_exit },
	{ "an instance in flight, closed before its run began, is freed", in_flight_late },
	{ "rmmod (instance open, running or only mapped) is EWOULDBLOCK", rmmod_refused },
	{ "2,000 instances opened, loaded, run and closed leave nothing behind", leaks, 60 },
	{ "the leak check detects an instance, its text, open files, and memory", leaks_noticed },
};

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "continue"))
		return continued(argv[2]);
	return run_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
