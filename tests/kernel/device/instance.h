/* SPDX-License-Identifier: GPL-2.0-only */
/* An open /dev/bfk by bare ioctls, so that the ABI itself is tested, not libbfk. */
#ifndef BFK_TESTS_INSTANCE_H
#define BFK_TESTS_INSTANCE_H

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "cases.h"
#include "bfk/uapi.h"
#include "jit/op.h"

#define TAPE_CELLS 65536u
#define UNLIMITED BFK_FUEL_UNLIMITED
#define KERNEL_ADDR 0xffff888000001000ull

/* The engine that LOAD chooses for a program if there is room and it need not be interpreted. */
#define ENGINE (IS_X86 ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP)
#define FEATURES ((IS_X86 ? BFK_FEATURE_JIT : 0) | BFK_FEATURE_URING | BFK_FEATURE_STOP_OPS)

struct dev {
	int fd;
	uint8_t *tape;	/* mapped */
	uint32_t flags; /* added to those of the next dev_load() */
};

/* Copies the line of /proc/self/fdinfo/FD that starts with "@field:" to @text. */
static inline void fdinfo_get(int fd, const char *field, char *text, size_t len)
{
	char path[40], line[200];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	CHECK(file);
	*text = 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)) && !strncmp(line + strlen(field), ":\t", 2))
			snprintf(text, len, "%.*s", (int)len - 1, line + strlen(field) + 2);
	fclose(file);
}

static inline uint64_t runs_begun(int fd)
{
	char text[40];

	fdinfo_get(fd, "runs", text, sizeof(text));
	return strtoull(text, NULL, 10);
}

/* Waits until @n runs of an instance have begun (have their files), even if they are over. */
static inline void await_runs(int fd, uint64_t n)
{
	double end = now() + SOON;

	while (runs_begun(fd) < n) {
		CHECK(now() < end);
		nap(1);
	}
}

/* Waits until a call holds the instance. */
static inline void await_busy(int fd)
{
	double end = now() + SOON;
	char text[40];

	for (;;) {
		fdinfo_get(fd, "state", text, sizeof(text));
		if (!strncmp(text, "running", 7))
			return;
		CHECK(now() < end);
		nap(1);
	}
}

/* Waits until a program has changed this cell from @old. */
static inline void await_cell(const uint8_t *cell, uint8_t old)
{
	double end = now() + SOON;

	while (*(const volatile uint8_t *)cell == old) {
		CHECK(now() < end);
		nap(1);
	}
}

/* Returns 0 or more, or -errno. */
static inline int dev_call(int fd, unsigned long cmd, void *args)
{
	int ret = ioctl(fd, cmd, args);

	return ret < 0 ? -errno : ret;
}

/* Bytes of a page; arm64 also has larger ones. */
static inline size_t page_len(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* @len bytes that end at an unmapped page. */
static inline void *page_end(size_t len)
{
	size_t room = (len + page_len() - 1) / page_len() * page_len();
	char *page = mmap(NULL, room + page_len(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED);
	munmap(page + room, page_len());
	return page + room - len;
}

static inline int dev_fd(void)
{
	int fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

static inline struct dev dev_open(uint32_t flags)
{
	struct dev dev = { .fd = dev_fd(), .flags = flags };

	dev.tape = mmap(NULL, TAPE_CELLS, PROT_READ | PROT_WRITE, MAP_SHARED, dev.fd, 0);
	CHECK(dev.tape != MAP_FAILED);
	return dev;
}

static inline void dev_close(struct dev *dev)
{
	munmap(dev->tape, TAPE_CELLS);
	close(dev->fd);
}

static inline struct bfk_load_args load_args(const char *source, uint32_t flags)
{
	return (struct bfk_load_args){
		.source = (uintptr_t)source,
		.source_len = strlen(source),
		.flags = flags,
		.allowed = BFK_ALLOW_ALL,
	};
}

static inline struct bfk_load_args ops_args(const struct bfk_op *ops, size_t n_ops, uint32_t flags)
{
	return (struct bfk_load_args){
		.source = (uintptr_t)ops,
		.source_len = n_ops * sizeof(*ops),
		.flags = flags | BFK_LOAD_OPS,
		.allowed = BFK_ALLOW_ALL,
		.ops_version = BFK_OPS_VERSION,
	};
}

static inline int fd_load(int fd, const char *source, uint32_t flags)
{
	struct bfk_load_args args = load_args(source, flags);

	return dev_call(fd, BFK_LOAD, &args);
}

static inline void dev_load(struct dev *dev, const char *source)
{
	EQUAL(fd_load(dev->fd, source, dev->flags), 0);
}

static inline void dev_load_ops(struct dev *dev, const struct bfk_op *ops, size_t n_ops)
{
	struct bfk_load_args args = ops_args(ops, n_ops, dev->flags);

	EQUAL(dev_call(dev->fd, BFK_LOAD, &args), 0);
}

static inline struct bfk_run_args run_args(const int *fds, uint32_t n_fds, uint64_t fuel)
{
	return (struct bfk_run_args){ .fds = (uintptr_t)fds, .n_fds = n_fds, .fuel = fuel };
}

static inline struct bfk_run_args dev_run(struct dev *dev, const int *fds, uint32_t n_fds,
					  uint64_t fuel)
{
	struct bfk_run_args args = run_args(fds, n_fds, fuel);

	EQUAL(dev_call(dev->fd, BFK_RUN, &args), 0);
	return args;
}

/* Continues after signals until something else stops the run. */
static inline struct bfk_run_args dev_run_on(struct dev *dev, const int *fds, uint32_t n_fds,
					     uint64_t *stops)
{
	struct bfk_run_args args = dev_run(dev, fds, n_fds, UNLIMITED);

	while (args.status == BFK_STATUS_SIGNAL) {
		++*stops;
		args = dev_run(dev, NULL, 0, UNLIMITED);
	}
	return args;
}

static inline int dev_reset(int fd, uint32_t flags)
{
	struct bfk_reset_args args = { .flags = flags };

	return dev_call(fd, BFK_RESET, &args);
}

static inline struct bfk_info_args dev_info(int fd)
{
	struct bfk_info_args args = {};

	EQUAL(dev_call(fd, BFK_INFO, &args), 0);
	return args;
}

/* The letters of the kernel's operations except those in @without. Static storage. */
static inline const char *known_letters(const char *without)
{
	uint32_t known, i;
	static char letters[27];
	char *to = letters;
	int fd = dev_fd();

	known = dev_info(fd).sysops;
	close(fd);
	for (i = 0; i < 26; i++)
		if (known >> i & 1 && !strchr(without, 'a' + i))
			*to++ = 'a' + i;
	*to = 0;
	CHECK(to - letters > 12);
	return letters;
}

#endif
