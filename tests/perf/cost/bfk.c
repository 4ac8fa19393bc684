// SPDX-License-Identifier: GPL-2.0
/* The methods that run programs of bfk, by calling the device directly: no library is measured. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "bfk/uapi.h"
#include "cost.h"

#define FRAME_LEN 16

/* Sets the fields of a frame that are not 0 (bfk(7)). */
static void put_frame(uint8_t *cells, uint8_t arg, uint16_t cap, uint64_t off)
{
	cells[0] = 1; /* go */
	cells[3] = arg;
	memcpy(cells + 4, &cap, sizeof(cap));
	memcpy(cells + 8, &off, sizeof(off));
}

static int device(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int load(int fd, const char *source, const uint8_t *tape, uint32_t tape_len)
{
	struct bfk_load_args args = {
		.source = (uintptr_t)source,
		.source_len = strlen(source),
		.tape = (uintptr_t)tape,
		.tape_len = tape_len,
		.allowed = BFK_ALLOW_ALL,
	};

	if (fd < 0 || ioctl(fd, BFK_LOAD, &args))
		return fd < 0 ? fd : -errno;
	return args.engine == BFK_ENGINE_JIT ? 0 : -ENOEXEC;
}

/* Runs the program with fuel for @turns; 0: without a limit. */
static int run(struct bfk_run_args *args, const int *fds, uint32_t n_fds, uint64_t turns)
{
	args->fds = (uintptr_t)fds;
	args->n_fds = n_fds;
	args->fuel = turns ? turns - 1 : BFK_FUEL_UNLIMITED;
	return ioctl(device(), BFK_RUN, args) ? -errno : -(int)args->fail_errno;
}

int bfk_prepare_copy(const struct work *work)
{
	uint8_t frame[FRAME_LEN] = {};

	put_frame(frame, 0, work->block, 0);
	return load(device(), "%r[>>+<<%w>>-<<%r]", frame, sizeof(frame));
}

int64_t bfk_copy(const struct work *work)
{
	struct bfk_run_args args = {};
	int err = run(&args, (int[]){ work->in, work->out }, 2, work->turns);

	return err ?: (int64_t)args.write_len;
}

int bfk_prepare_move(const struct work *work)
{
	uint8_t frame[FRAME_LEN] = {};

	put_frame(frame, 1, 0, work->block);
	return load(device(), "%x[%x]", frame, sizeof(frame));
}

/*
 * Cells 0 to 2 count hundreds, tens and ones. At 3 is a frame for %o, with the name as its data; at
 * 22 one for %r and %c of slot 1, the lowest free one. %o leaves that number in arg, which has to
 * be 0 for the next.
 */
int bfk_prepare_files(const struct work *work)
{
	static const char source[] =
		"++++++++++[>++++++++++[>++++++++++["
		">%o>>>-<<<>>>>>>>>>>>>>>>>>>>%r%c"			 /* 22 */
		"<+<<<<<<<<<<<<<<<<<<<-"				 /* 21, 2 */
		"]>>>>>>>>>>>>>>>>>>>----------<+<<<<<<<<<<<<<<<<<<<-"	 /* 21, 20, 1 */
		"]>>>>>>>>>>>>>>>>>>>----------<+<<<<<<<<<<<<<<<<<<<-]"; /* 20, 19, 0 */
	uint8_t tape[22 + FRAME_LEN] = {};

	put_frame(tape + 3, 0, 0, 0);
	tape[3 + 6] = 3; /* len */
	memcpy(tape + 3 + FRAME_LEN, "000", 3);
	put_frame(tape + 22, 0, work->block, 0);
	tape[22 + 2] = 1; /* slot */
	return load(device(), source, tape, sizeof(tape));
}

int64_t bfk_files(const struct work *work)
{
	struct bfk_run_args args = {};
	int err = run(&args, &work->in, 1, 0);

	if (!err && (args.sysops != 3 * COST_FILES_N || !args.read_len))
		err = -EIO;
	return err ?: COST_FILES_N;
}

/* Opens the device, runs a program that prints hello, and closes it. */
int64_t bfk_hello(const struct work *work)
{
	static const char source[] =
		"++++++++++[>+++++++>++++++++++>+++>+<<<<-]>++.>+.+++++++..+++.>"
		"++.<<+++++++++++++++.>.+++.------.--------.>+.>.";
	struct bfk_run_args args = { .fuel = BFK_FUEL_UNLIMITED, .n_fds = 2 };
	int fd = open("/dev/bfk", O_RDWR | O_CLOEXEC), err;

	args.fds = (uintptr_t)(int[]){ -1, work->out };
	err = load(fd, source, NULL, 0);
	if (!err && ioctl(fd, BFK_RUN, &args))
		err = -errno;
	close(fd);
	return err ?: args.status == BFK_STATUS_END && args.write_len == 13 ? 1 : -EIO;
}
