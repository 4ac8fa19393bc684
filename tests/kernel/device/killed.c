// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does SIGKILL end every process that runs a program, and does any other signal stop the run,
 * whatever its files return, for any user, and for a request to io_uring? The only time limit is a
 * minute: no program here ends by itself within several minutes.
 */
#include "ops.h"
#include "uring.h"
#include <sys/eventfd.h>

#define USER 1000
#define MINUTE_MS 60000
#define N_LOCKS 6000 /* each is a line that a read of /proc/locks passes, even at its end */
#define COMMAS (4u << 20)

/* Takes locks on a few files: the kernel searches all locks of a file for each new one. */
static void lock_many(void)
{
	int i, fd = -1;

	for (i = 0; i < N_LOCKS; i++) {
		struct flock lock = { .l_type = F_WRLCK, .l_start = 2 * i, .l_len = 1 };

		if (i % 200 == 0)
			fd = file_make("", 0);
		EQUAL(fcntl(fd, F_SETLK, &lock), 0);
	}
}

/* A file at its end, whose read returns 0 after some time. */
static int slow_end(void)
{
	static char bytes[65536];
	int fd = open("/proc/locks", O_RDONLY | O_CLOEXEC);

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	return fd;
}

/* A file whose reads return eight bytes, 1 and seven times 0, without end. */
static int short_answers(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);

	EQUAL(write(fd, &(uint64_t){ 1ull << 62 }, 8), 8);
	return fd;
}

/* A file whose reads fail with EAGAIN. */
static int errors(void)
{
	int ends[2];

	EQUAL(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	return ends[0];
}

#define R20 ">>>>>>>>>>>>>>>>>>>>"

/* A program that does not end within minutes; its first %w, to slot 2, shows that it runs. */
static const struct endless {
	const char *name;
	int (*input)(void);
	const char *body; /* NULL: COMMAS */
} programs[] = {
	{ "+[,] at a slow end", slow_end, R20 "+[,]" },
	{ "4 MiB of ',' at a slow end", slow_end, NULL },
	{ "+[,+] of short answers", short_answers, R20 "+[,+]" },
	{ "+[%r] of short answers", short_answers, R20 "+[%r]" },
	{ "+[%r[-]+] of errors", errors, R20 "+[%r[-]+]" },
	{ "+[.] to /dev/null", slow_end, R20 "+[.]" },
	{ "+[%w] to /dev/null", slow_end, R20 ">>+>>>>+<<<<<<+[%w]" },
};

#define N_PROGRAMS (sizeof(programs) / sizeof(*programs))

static void load_endless(struct dev *dev, const struct endless *program)
{
	static char text[COMMAS + 20];

	note = program->name;
	strcpy(text, "%w>>>>");
	memset(text + 6, ',', COMMAS - 6);
	text[COMMAS] = 0;
	if (program->body)
		strcpy(text + 2, program->body);
	dev_load(dev, text);
	tape_put(dev->tape, 0, &(struct frame){ .go = 1, .slot = 2, .len = 1 }, 16);
}

struct files {
	int fds[3], begun;
};

static struct files files_make(const struct endless *program)
{
	struct files files = { .fds = { program->input(),
					open("/dev/null", O_WRONLY | O_CLOEXEC) } };
	int ends[2];

	pipe_make(ends);
	files.fds[2] = ends[1];
	files.begun = ends[0];
	return files;
}

/* Returns when the program runs. */
static void await_begin(const struct files *files)
{
	char byte;

	EQUAL(read(files->begun, &byte, 1), 1);
}

/* In the child: exits with the status of the run when RUN returns. */
static void child(struct dev *dev, const struct files *files, uid_t uid)
{
	if (uid) {
		EQUAL(setresgid(uid, uid, uid), 0);
		EQUAL(setresuid(uid, uid, uid), 0);
	}
	handle(SIGUSR1);
	_exit(dev_run(dev, files->fds, 3, UNLIMITED).status);
}

/* Sends @signo to a process that runs each of them, and checks its exit @status. */
static void each_ends(int signo, int status)
{
	size_t i;

	lock_many();
	for (i = 0; i < 4 * N_PROGRAMS; i++) {
		struct dev dev = dev_open(engines[i % 2] | BFK_LOAD_EOF_255);
		const struct endless *program = &programs[i / 4];
		struct files files = files_make(program);
		pid_t pid;

		load_endless(&dev, program);
		pid = fork();
		if (!pid)
			child(&dev, &files, i / 2 % 2 ? USER : 0);
		await_begin(&files);
		kill(pid, signo);
		EQUAL(child_wait(pid, MINUTE_MS / 1000), status);
		dev_close(&dev);
	}
}

static void by_kill(void)
{
	each_ends(SIGKILL, SIGKILL);
}

static void by_signal(void)
{
	each_ends(SIGUSR1, BFK_STATUS_SIGNAL << 8);
}

/* The same program as a request to io_uring, which is then cancelled. */
static void by_cancel(void)
{
	size_t i;

	lock_many();
	for (i = 0; i < 2 * N_PROGRAMS; i++) {
		struct dev dev = dev_open(engines[i % 2] | BFK_LOAD_EOF_255);
		struct files files = files_make(&programs[i / 2]);
		struct bfk_run_args args = run_args(files.fds, 3, UNLIMITED);
		struct uring ring = uring_open(0);
		struct pollfd pollfd = { .fd = ring.fd, .events = POLLIN };
		struct io_uring_sqe run = uring_call(dev.fd, BFK_RUN, &args);
		struct io_uring_sqe cancel = { .opcode = IORING_OP_ASYNC_CANCEL,
					       .addr = (uintptr_t)&args };

		load_endless(&dev, &programs[i / 2]);
		run.user_data = (uintptr_t)&args;
		uring_submit(&ring, run);
		await_begin(&files);
		uring_submit(&ring, cancel);
		uring_result(&ring); /* of the cancel, or of the run */
		EQUAL(poll(&pollfd, 1, MINUTE_MS), 1);
		uring_result(&ring);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		close(ring.fd);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "SIGKILL (source at a slow end, errors, fast sinks; root and user) ends the process",
	  by_kill, 400 },
	{ "a signal (source at a slow end, errors, fast sinks; root and user) stops the run",
	  by_signal, 400 },
	{ "a cancel (source at a slow end, errors, fast sinks) stops the run of an io_uring request",
	  by_cancel, 400 },
};

CASES(tests)
