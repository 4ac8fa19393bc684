// SPDX-License-Identifier: GPL-2.0
/* The methods that use classic system calls, and the loops in bfk_cost.ko. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cost.h"
#include "kmod/loop.h"

static char space[1 << 16];
static int device = -1;

int kmod_prepare(const struct work *work)
{
	(void)work;
	if (device < 0)
		device = open("/dev/bfk-cost", O_RDWR | O_CLOEXEC);
	return device < 0 ? -errno : 0;
}

static int64_t copy_in_kernel(const struct work *work, bool is_short)
{
	struct cost_copy_args args = {
		.in = work->in,
		.out = work->out,
		.block = work->block,
		.is_short = is_short,
		.turns = work->turns,
	};

	return ioctl(device, COST_COPY, &args) ? -errno : (int64_t)args.len;
}

int64_t kmod_copy(const struct work *work)
{
	return copy_in_kernel(work, false);
}

int64_t kmod_copy_short(const struct work *work)
{
	return copy_in_kernel(work, true);
}

int64_t kmod_files(const struct work *work)
{
	struct cost_files_args args = { .dir = work->in, .block = work->block };

	return ioctl(device, COST_FILES, &args) ? -errno : COST_FILES_N;
}

int64_t calls_copy(const struct work *work)
{
	uint64_t turns = 0, all = 0;
	ssize_t len, done, ret;

	while ((len = read(work->in, space, work->block)) > 0) {
		for (done = 0; done < len; done += ret) {
			ret = write(work->out, space + done, len - done);
			if (ret <= 0)
				return -errno;
		}
		all += len;
		if (++turns == work->turns)
			break;
	}
	return len < 0 ? -errno : (int64_t)all;
}

int64_t calls_files(const struct work *work)
{
	char name[4];
	int i, fd;

	for (i = 0; i < COST_FILES_N; i++) {
		snprintf(name, sizeof(name), "%03d", i);
		fd = openat(work->in, name, O_RDONLY | O_NOFOLLOW);
		if (fd < 0 || read(fd, space, work->block) < 0 || close(fd))
			return -errno;
	}
	return COST_FILES_N;
}

/* Calls @move until it moves nothing, or all turns are done. */
static int64_t repeat(const struct work *work, ssize_t (*move)(const struct work *work))
{
	uint64_t turns = 0, all = 0;
	ssize_t ret;

	while ((ret = move(work)) > 0) {
		all += ret;
		if (++turns == work->turns)
			break;
	}
	return ret < 0 ? -errno : (int64_t)all;
}

static ssize_t move_sendfile(const struct work *work)
{
	return sendfile(work->out, work->in, NULL, work->block);
}

static ssize_t move_range(const struct work *work)
{
	return copy_file_range(work->in, NULL, work->out, NULL, work->block, 0);
}

static ssize_t move_splice(const struct work *work)
{
	return splice(work->in, NULL, work->out, NULL, work->block, 0);
}

int64_t sendfile_copy(const struct work *work)
{
	return repeat(work, move_sendfile);
}

int64_t range_copy(const struct work *work)
{
	return repeat(work, move_range);
}

int64_t splice_copy(const struct work *work)
{
	return repeat(work, move_splice);
}

static int64_t await(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return -errno;
	return status ? -EIO : 1;
}

int64_t fork_true(const struct work *work)
{
	pid_t child = fork();

	(void)work;
	if (!child) {
		execl("/bin/true", "true", NULL);
		_exit(127);
	}
	return await(child);
}

int64_t vfork_true(const struct work *work)
{
	pid_t child = vfork();

	(void)work;
	if (!child) {
		execl("/bin/true", "true", NULL);
		_exit(127);
	}
	return await(child);
}

int64_t spawn_true(const struct work *work)
{
	char *argv[] = { "true", NULL };
	pid_t child;
	int err = posix_spawn(&child, "/bin/true", NULL, NULL, argv, NULL);

	(void)work;
	return err ? -err : await(child);
}

/* To check a counter of instructions: each turn has two. */
int64_t count_loop(const struct work *work)
{
	uint64_t turns = 1000000, left = turns;

	(void)work;
	asm volatile("1:	dec %0\n"
		     "	jnz 1b"
		     : "+r"(left)
		     :
		     : "cc");
	return turns;
}
