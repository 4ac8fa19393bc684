// SPDX-License-Identifier: GPL-2.0
/*
 * The tasks, opened anew for each measurement, and their methods. Files are in tmpfs: otherwise the
 * disk would be measured.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cost.h"

#define PIPE_LEN (1 << 20) /* bytes, and so 256 pages */
#define FOLDER "/dev/shm/bfk-cost"
#define FILE_LEN 64 /* bytes of each small file */

static char space[1 << 20];
static int other = -1; /* what is open besides in and out */

/* @turns, or as many blocks as fit into @most bytes. */
static uint64_t n_turns(uint32_t block, uint64_t most, uint64_t turns)
{
	return most / block < turns ? most / block : turns;
}

static int open_devices(struct work *work)
{
	work->in = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	work->out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	work->turns = n_turns(work->block, 4 << 20, 1000);
	return work->in < 0 || work->out < 0 ? -errno : 0;
}

static int fill(int fd, uint64_t len)
{
	uint64_t part;

	for (; len; len -= part) {
		part = len < sizeof(space) ? len : sizeof(space);
		if (write(fd, space, part) != (ssize_t)part)
			return -EIO;
	}
	return 0;
}

/* The output file has its full length already, so that no page is allocated. */
static int open_files(struct work *work)
{
	uint64_t len = n_turns(work->block, 4 << 20, 1000) * work->block;
	int err;

	work->in = open(FOLDER "/in", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	work->out = open(FOLDER "/out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	err = work->in < 0 || work->out < 0 ? -errno : fill(work->in, len) ?: fill(work->out, len);
	if (err)
		return err;
	lseek(work->in, 0, SEEK_SET);
	lseek(work->out, 0, SEEK_SET);
	return 0;
}

/* One pipe with all the data in it, and one with room for all of it. */
static int open_pipes(struct work *work)
{
	uint64_t len = n_turns(work->block, PIPE_LEN * 3 / 4, 200) * work->block;
	int from[2], to[2], err;

	if (pipe2(from, O_CLOEXEC) || pipe2(to, O_CLOEXEC))
		return -errno;
	work->in = from[0];
	work->out = to[1];
	other = to[0];
	if (fcntl(from[0], F_SETPIPE_SZ, PIPE_LEN) < 0 || fcntl(to[0], F_SETPIPE_SZ, PIPE_LEN) < 0)
		return -errno;
	err = fill(from[1], len);
	close(from[1]);
	return err;
}

/* The other end of the echo: sends a block, waits until it has come back. */
static void *client(void *arg)
{
	const struct work *work = arg;
	uint64_t turns = n_turns(work->block, 2 << 20, 200), done;
	ssize_t ret = 1;

	while (turns-- && ret > 0) {
		ret = write(other, space, work->block) == work->block;
		for (done = 0; done < work->block && ret > 0; done += ret)
			ret = read(other, space, work->block - done);
	}
	shutdown(other, SHUT_WR);
	return NULL;
}

static pthread_t client_thread;

static int open_echo(struct work *work)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	socklen_t len = sizeof(at);

	other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (void *)&at, len) || listen(listener, 1) ||
	    getsockname(listener, (void *)&at, &len) || connect(other, (void *)&at, len))
		return -errno;
	work->in = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	work->out = dup(work->in);
	close(listener);
	setsockopt(other, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(work->in, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return -pthread_create(&client_thread, NULL, client, work);
}

static int close_echo(void)
{
	return -pthread_join(client_thread, NULL);
}

static int open_folder(struct work *work)
{
	char name[sizeof(FOLDER "/small/000")];
	int i, fd, err = 0;

	mkdir(FOLDER "/small", 0700);
	for (i = 0; i < 1000 && !err; i++) {
		snprintf(name, sizeof(name), FOLDER "/small/%03d", i);
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		err = fd < 0 ? -errno : fill(fd, FILE_LEN);
		close(fd);
	}
	work->in = open(FOLDER "/small", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return err;
}

static int open_null(struct work *work)
{
	work->out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	return work->out < 0 ? -errno : 0;
}

static const struct method bfk = { "bfk", bfk_prepare_copy, bfk_copy };
static const struct method c = { "c", kmod_prepare, kmod_copy };
static const struct method c_short = { "c-short", kmod_prepare, kmod_copy_short };
static const struct method calls = { "calls", NULL, calls_copy };
static const struct method uring = { "uring", uring_prepare, uring_copy };
static const struct method uring16 = { "uring16", uring_prepare, uring_copy_chain };
static const struct method move = { "%x", bfk_prepare_move, bfk_copy };
static const struct method by_sendfile = { "sendfile", NULL, sendfile_copy };
static const struct method by_range = { "range", NULL, range_copy };
static const struct method by_splice = { "splice", NULL, splice_copy };

static const struct method bfk_small = { "bfk", bfk_prepare_files, bfk_files };
static const struct method c_small = { "c", kmod_prepare, kmod_files };
static const struct method calls_small = { "calls", NULL, calls_files };
static const struct method uring_small = { "uring", uring_prepare, uring_files };
static const struct method uring16_small = { "uring16", uring_prepare, uring_files_chain };

static const struct method bfk_start = { "bfk", NULL, bfk_hello };
static const struct method by_fork = { "fork", NULL, fork_true };
static const struct method by_vfork = { "vfork", NULL, vfork_true };
static const struct method by_spawn = { "spawn", NULL, spawn_true };

static const struct method loop = { "loop", NULL, count_loop };

/* clang-format off */
const struct task cost_tasks[] = {
	{ "loop", open_null, NULL, false, { &loop } },
	{ "zero-null", open_devices, NULL, true,
	  { &bfk, &c, &c_short, &calls, &uring, &uring16, &move, &by_sendfile } },
	{ "tmpfs", open_files, NULL, true,
	  { &bfk, &c, &c_short, &calls, &uring, &uring16, &move, &by_sendfile, &by_range } },
	{ "pipe", open_pipes, NULL, true,
	  { &bfk, &c, &c_short, &calls, &uring, &uring16, &by_splice } },
	{ "echo", open_echo, close_echo, true,
	  { &bfk, &c, &c_short, &calls, &uring, &uring16 } },
	{ "files", open_folder, NULL, false,
	  { &bfk_small, &c_small, &calls_small, &uring_small, &uring16_small } },
	{ "start", open_null, NULL, false,
	  { &bfk_start, &by_fork, &by_vfork, &by_spawn } },
	{}
};
/* clang-format on */

int cost_open(const struct task *task, struct work *work)
{
	int err = mkdir(FOLDER, 0700) && errno != EEXIST ? -errno : 0;

	work->in = work->out = other = -1;
	work->turns = 0;
	return err ?: task->open(work);
}

int cost_close(const struct task *task, struct work *work)
{
	int err = task->close ? task->close() : 0;

	close(work->in);
	close(work->out);
	close(other);
	return err;
}
