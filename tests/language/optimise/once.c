// SPDX-License-Identifier: GPL-2.0
/*
 * once FILE - compile a program for the engine of this process at level 2, once; nothing is run.
 * Exit status: 0; 1 it cannot be compiled; 2 usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "userspace/include/libbfk.h"

static int compile(const char *source, size_t len)
{
	struct bfk_result result = {};
	struct bfk *bfk;
	int err = bfk_create(&bfk, BFK_WHERE_JIT);

	if (err)
		return err;
	err = bfk_load_optimised(bfk, source, len, 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &result);
	if (!err && result.engine != BFK_ENGINE_JIT)
		err = -ENOEXEC; /* it would be interpreted, which is not to be counted */
	bfk_destroy(bfk);
	return err;
}

static int compile_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	void *source;

	if (fd < 0 || fstat(fd, &stat))
		return -errno;
	source = mmap(NULL, stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (source == MAP_FAILED)
		return -errno;
	return compile(source, stat.st_size);
}

int main(int argc, char **argv)
{
	int err;

	if (argc != 2) {
		fputs("usage: once FILE\n", stderr);
		return 2;
	}
	err = compile_file(argv[1]);
	if (err)
		fprintf(stderr, "once: %s: %s\n", argv[1], strerror(-err));
	return err != 0;
}
