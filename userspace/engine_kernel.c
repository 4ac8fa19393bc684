// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The engines behind /dev/bfk: ioctls of bfk/uapi.h.
 *
 * Interface: engine.h
 */
#include "engine.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bfk/limits.h"
#include "jit/op.h"

#define DEVICE "/dev/bfk"

/**
 * struct kernel - an instance in the kernel
 * @base: for libbfk.c
 * @fd: the open /dev/bfk
 * @tape: its tape, NULL until somebody asks
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
	kernel->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (kernel->fd >= 0) {
		*bfk = &kernel->base;
		return 0;
	}
	err = -errno;
	free(kernel);
	return err;
}

static void kernel_destroy(struct bfk *bfk)
{
	struct kernel *kernel = kernel_of(bfk);

	if (kernel->tape)
		munmap(kernel->tape, BFK_TAPE_CELLS);
	close(kernel->fd);
	free(kernel);
}

static int kernel_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
		       uint32_t allowed, struct bfk_result *result)
{
	struct bfk_load_args args = {
		.source = (uintptr_t)source,
		.source_len = source_len < UINT32_MAX ? source_len : UINT32_MAX,
		.flags = flags | (bfk->where == BFK_WHERE_KERNEL_INTERP ? BFK_LOAD_INTERP : 0),
		.allowed = allowed,
	};
	int err = call(kernel_of(bfk)->fd, BFK_LOAD, &args);

	result->error = args.error;
	result->error_off = args.error_off;
	result->engine = args.engine;
	result->n_ops = args.n_ops;
	result->text_len = args.text_len;
	return err;
}

static int kernel_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
		      struct bfk_result *result)
{
	struct bfk_run_args args = { .fds = (uintptr_t)fds, .n_fds = n_fds, .fuel = fuel };
	int err = call(kernel_of(bfk)->fd, BFK_RUN, &args);

	result->status = args.status;
	result->engine = args.engine;
	result->run = args;
	return err;
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

static int dump_into(int fd, struct bfk_dump_args *args, struct bfk_listing *listing,
		     struct bfk_op *ops)
{
	int err, i;

	if (!ops)
		return -ENOMEM;
	err = bfk_listing_alloc(listing, args->text_len, args->n_ops);
	if (err)
		return err;
	args->text = (uintptr_t)listing->text;
	args->ops = (uintptr_t)ops;
	err = call(fd, BFK_DUMP, args);
	if (err) {
		bfk_listing_free(listing);
		return err;
	}
	bfk_listing_fill(listing, ops);
	for (i = 0; i < BFK_ENTRIES; i++)
		listing->entry[i] = args->entry[i];
	return 0;
}

/* Asks for the sizes, then for the code. */
static int kernel_dump(struct bfk *bfk, struct bfk_listing *listing)
{
	struct bfk_dump_args args = {};
	int fd = kernel_of(bfk)->fd;
	int err = call(fd, BFK_DUMP, &args);
	struct bfk_op *ops;

	if (err)
		return err;
	ops = calloc(args.n_ops, sizeof(*ops));
	err = dump_into(fd, &args, listing, ops);
	free(ops);
	return err;
}

static int kernel_info(struct bfk_info_args *info, const struct bfk_sysop_info **sysops,
		       size_t *n_sysops)
{
	static _Thread_local struct bfk_sysop_info table[BFK_SYSOPS_MAX];
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	info->sysops = (uintptr_t)table;
	info->n_sysops = BFK_SYSOPS_MAX;
	err = call(fd, BFK_INFO, info);
	close(fd);
	info->sysops = 0;
	*sysops = table;
	*n_sysops = info->n_sysops < BFK_SYSOPS_MAX ? info->n_sysops : BFK_SYSOPS_MAX;
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
