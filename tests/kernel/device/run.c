// SPDX-License-Identifier: GPL-2.0-only
/* Which flags, files and states do RUN and RESET refuse? */
#include "dev.h"

static int run(int fd, const int *fds, uint32_t n_fds)
{
	struct bfk_run_args args = run_args(fds, n_fds, 10);

	return dev_call(fd, BFK_RUN, &args);
}

static void run_flags(void)
{
	int fd = dev_fd(), bit;

	EQUAL(fd_load(fd, "+", 0), 0);
	for (bit = 0; bit < 32; bit++) {
		struct bfk_run_args args = { .flags = 1u << bit };
		bool is_known = args.flags & BFK_RUN_STOP_OPS;

		EQUAL(dev_call(fd, BFK_RUN, &args), is_known ? 0 : -EINVAL);
		EQUAL(args.flags, 1u << bit);
	}
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_without_program(void)
{
	int fd = dev_fd();

	EQUAL(run(fd, NULL, 0), -ENOEXEC);
	EQUAL(fd_load(fd, "[", 0), -ENOEXEC);
	EQUAL(run(fd, NULL, 0), -ENOEXEC);
}

static void run_after_end(void)
{
	static const char *const ends[] = { "+", "+%q", ".>>,", "," };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		int fd = dev_fd();

		note = ends[i];
		EQUAL(fd_load(fd, ends[i], 0), 0);
		EQUAL(run(fd, NULL, 0), 0);
		EQUAL(run(fd, NULL, 0), -EBADFD);
		EQUAL(run(fd, NULL, 0), -EBADFD);
		EQUAL(dev_reset(fd, 0), 0);
		EQUAL(run(fd, NULL, 0), 0);
		close(fd);
	}
}

static void run_fds_again(void)
{
	int fd = dev_fd(), one = 1;

	EQUAL(fd_load(fd, "+[]", 0), 0);
	EQUAL(run(fd, NULL, 0), 0);
	EQUAL(run(fd, &one, 1), -EINVAL);
	EQUAL(run(fd, NULL, 65), -EINVAL);
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_many_fds(void)
{
	int fd = dev_fd(), fds[65], i;

	for (i = 0; i < 65; i++)
		fds[i] = 1;
	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, fds, 65), -EINVAL);
	EQUAL(run(fd, fds, ~0u), -EINVAL);
	EQUAL(run(fd, fds, 64), 0);
}

static void run_fds_pointer(void)
{
	int fd = dev_fd(), *fds = page_end(4);

	*fds = 1;
	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, NULL, 1), -EFAULT);
	EQUAL(run(fd, (int *)(uintptr_t)KERNEL_ADDR, 1), -EFAULT);
	EQUAL(run(fd, fds, 2), -EFAULT);
	EQUAL(run(fd, fds, 1), 0);
}

static void run_bad_fd(void)
{
	static const int bad[] = { -2, 9999, 0x7fffffff, -0x7fffffff - 1 };
	int fd = dev_fd(), i;

	EQUAL(fd_load(fd, "+", 0), 0);
	for (i = 0; i < 4; i++)
		EQUAL(run(fd, &bad[i], 1), -EBADF);
	EQUAL(run(fd, (int[]){ -1, -1 }, 2), 0);
}

static void run_path_fd(void)
{
	int fd = dev_fd(), path = open("/tmp", O_PATH);

	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, &path, 1), -EBADF);
}

static void run_instance_fd(void)
{
	int fd = dev_fd(), other = dev_fd(), copy = dup(fd);

	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, &fd, 1), -EINVAL);
	EQUAL(run(fd, &copy, 1), -EINVAL);
	EQUAL(run(fd, &other, 1), -EINVAL);
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_refused_holds_nothing(void)
{
	int fd = dev_fd(), ends[2], files[3];

	pipe_make(ends);
	EQUAL(fd_load(fd, "+[]", 0), 0);
	files[0] = files[1] = ends[1];
	files[2] = 9999;
	EQUAL(run(fd, files, 3), -EBADF);
	files[2] = fd;
	EQUAL(run(fd, files, 3), -EINVAL);
	close(ends[1]);
	CHECK(is_hung_up(ends[0]));
	EQUAL(run(fd, NULL, 0), 0);
}

static void reset_flags(void)
{
	int fd = dev_fd(), bit;

	for (bit = 1; bit < 32; bit++)
		EQUAL(dev_reset(fd, 1u << bit), -EINVAL);
	EQUAL(dev_reset(fd, BFK_RESET_KEEP_TAPE), 0);
}

static void reset_reserved(void)
{
	struct bfk_reset_args args = { .reserved = 1 };

	EQUAL(dev_call(dev_fd(), BFK_RESET, &args), -EINVAL);
}

static const struct test tests[] = {
	{ "run (unknown flag) is EINVAL", run_flags },
	{ "run (no program) is ENOEXEC", run_without_program },
	{ "run (ended, quit or failed) is EBADFD until reset", run_after_end },
	{ "run (files passed when continuing) is EINVAL", run_fds_again },
	{ "run (more than 64 files) is EINVAL", run_many_fds },
	{ "run (bad pointer to files) is EFAULT", run_fds_pointer },
	{ "run (descriptor that is not open) is EBADF", run_bad_fd },
	{ "run (O_PATH descriptor) is EBADF", run_path_fd },
	{ "run (an instance among the files, its own or another) is EINVAL", run_instance_fd },
	{ "run (refused) holds none of the files and can be tried again",
	  run_refused_holds_nothing },
	{ "reset (unknown flag) is EINVAL", reset_flags },
	{ "reset (reserved not zero) is EINVAL", reset_reserved },
};

CASES(tests)
