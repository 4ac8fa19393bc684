// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The engines in the kernel, reached by the ioctls of bfk/uapi.h.
 *
 * Interface: kernel.h, engine.h
 */
#include "kernel.h"
#include "device.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bfk/limits.h"

/**
 * struct kernel - an instance in the kernel
 * @base: for libbfk.c
 * @fd: the open /dev/bfk
 * @tape: its mapped tape, NULL until bfk_tape() is called
 */
struct kernel {
	struct bfk base;
	int fd;
	uint8_t *tape;
};

static struct kernel *kernel_of(struct bfk *bfk)
{
	return (struct kernel *)bfk;
}

static int call(int fd, unsigned long request, void *args)
{
	return ioctl(fd, request, args) < 0 ? -errno : 0;
}

static int kernel_create(struct bfk **bfk, enum bfk_where where)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	int err;

	if (!kernel)
		return -ENOMEM;
	kernel->base.ops = &bfk_engine_kernel;
	kernel->base.where = where;
	kernel->fd = open(BFK_DEVICE, O_RDWR | O_CLOEXEC);
	if (kernel->fd >= 0) {
		*bfk = &kernel->base;
		return 0;
	}
	err = -errno;
	free(kernel);
	return err;
}

int bfk_adopt(struct bfk **bfk, int fd)
{
	struct bfk_info_args info = {};
	struct kernel *kernel;
	int err = call(fd, BFK_INFO, &info);

	*bfk = NULL;
	if (err)
		return err;
	kernel = calloc(1, sizeof(*kernel));
	if (!kernel)
		return -ENOMEM;
	*kernel = (struct kernel){ .base = { &bfk_engine_kernel, BFK_WHERE_KERNEL }, .fd = fd };
	*bfk = &kernel->base;
	return 0;
}

static void kernel_destroy(struct bfk *bfk)
{
	struct kernel *kernel = kernel_of(bfk);

	if (kernel->tape)
		munmap(kernel->tape, BFK_TAPE_CELLS);
	close(kernel->fd);
	free(kernel);
}

static int kernel_load(struct bfk *bfk, struct bfk_load_args *args, struct bfk_op *ops)
{
	int err = call(kernel_of(bfk)->fd, BFK_LOAD, args);

	free(ops);
	return err;
}

static int kernel_run(struct bfk *bfk, struct bfk_run_args *args)
{
	return call(kernel_of(bfk)->fd, BFK_RUN, args);
}

static int kernel_reset(struct bfk *bfk, uint32_t flags)
{
	struct bfk_reset_args args = { .flags = flags };

	return call(kernel_of(bfk)->fd, BFK_RESET, &args);
}

static int kernel_tape(struct bfk *bfk, uint8_t **tape)
{
	struct kernel *kernel = kernel_of(bfk);
	void *map;

	if (!kernel->tape) {
		map = mmap(NULL, BFK_TAPE_CELLS, PROT_READ | PROT_WRITE, MAP_SHARED, kernel->fd, 0);
		if (map == MAP_FAILED)
			return -errno;
		kernel->tape = map;
	}
	*tape = kernel->tape;
	return 0;
}

static int kernel_fd(const struct bfk *bfk)
{
	return ((const struct kernel *)bfk)->fd;
}

/* Asks for the sizes, then for the code. */
static int kernel_dump(struct bfk *bfk, struct bfk_listing *listing)
{
	struct bfk_dump_args args = {};
	int fd = kernel_of(bfk)->fd, i;
	int err = call(fd, BFK_DUMP, &args);

	if (!err)
		err = bfk_listing_alloc(listing, args.text_len, args.n_ops);
	if (err)
		return err;
	args.text = (uintptr_t)listing->text;
	args.ops = (uintptr_t)listing->ops;
	err = call(fd, BFK_DUMP, &args);
	if (err)
		bfk_listing_free(listing);
	for (i = 0; i < BFK_ENTRIES && !err; i++)
		listing->entry[i] = args.entry[i];
	return err;
}

static int kernel_info(struct bfk_info_args *info)
{
	int fd = open(BFK_DEVICE, O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = call(fd, BFK_INFO, info);
	close(fd);
	return err;
}

const struct bfk_engine_ops bfk_engine_kernel = {
	.create = kernel_create,
	.destroy = kernel_destroy,
	.load = kernel_load,
	.run = kernel_run,
	.reset = kernel_reset,
	.tape = kernel_tape,
	.fd = kernel_fd,
	.dump = kernel_dump,
	.info = kernel_info,
};
