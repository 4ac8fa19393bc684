// SPDX-License-Identifier: GPL-2.0-only
/* Which mappings of the tape does mmap(2) refuse, and what do the others show? */
#include "dev.h"

/* mmap of the device; returns 0 or -errno, and then nothing is mapped. */
static int map(size_t len, int prot, int flags, off_t off)
{
	int fd = dev_fd();
	void *at = mmap(NULL, len, prot, flags, fd, off);
	int err = at == MAP_FAILED ? -errno : 0;

	if (!err)
		munmap(at, len);
	close(fd);
	return err;
}

#define RW (PROT_READ | PROT_WRITE)

static void mmap_private(void)
{
	EQUAL(map(TAPE_CELLS, RW, MAP_PRIVATE, 0), -EINVAL);
	EQUAL(map(TAPE_CELLS, PROT_READ, MAP_PRIVATE, 0), -EINVAL);
}

/* What a process executes from its own mapping is its own business, as with any of its memory. */
static void mmap_exec(void)
{
#ifdef __aarch64__
	static const uint32_t code[] = { 0x52800540, 0xd65f03c0 }; /* mov w0, #42; ret */
#else
	static const uint8_t code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov eax, 42; ret */
#endif
	struct dev dev = dev_open(0);
	void *map = mmap(NULL, TAPE_CELLS, PROT_READ | PROT_EXEC, MAP_SHARED, dev.fd, 0);

	CHECK(map != MAP_FAILED);
	memcpy(dev.tape, code, sizeof(code));
	__builtin___clear_cache((char *)dev.tape, (char *)dev.tape + sizeof(code));
	EQUAL(((int (*)(void))map)(), 42);
	EQUAL(mprotect(dev.tape, TAPE_CELLS, PROT_READ | PROT_EXEC), 0);
	EQUAL(((int (*)(void))dev.tape)(), 42);
}

static void mmap_range(void)
{
	EQUAL(map(TAPE_CELLS + 1, RW, MAP_SHARED, 0), -ENXIO);
	EQUAL(map(TAPE_CELLS * 16, RW, MAP_SHARED, 0), -ENXIO);
	EQUAL(map(TAPE_CELLS, RW, MAP_SHARED, page_len()), -ENXIO);
	EQUAL(map(4096, RW, MAP_SHARED, TAPE_CELLS), -ENXIO);
	EQUAL(map(page_len(), RW, MAP_SHARED, TAPE_CELLS - page_len()), 0);
	EQUAL(map(0, RW, MAP_SHARED, 0), -EINVAL);
}

static void mmap_part(void)
{
	struct dev dev = dev_open(0);
	size_t page = page_len(), at = page + 904;
	uint8_t *part = mmap(NULL, 2 * page, RW, MAP_SHARED, dev.fd, 2 * page);
	uint8_t *end = mmap(NULL, page, PROT_READ, MAP_SHARED, dev.fd, TAPE_CELLS - page);

	CHECK(part != MAP_FAILED && end != MAP_FAILED);
	dev_load(&dev, "<+++");
	dev_run(&dev, NULL, 0, 1);
	EQUAL(end[page - 1], 3);
	part[at] = 9;
	EQUAL(dev.tape[2 * page + at], 9);
	munmap(dev.tape + page, page);
	munmap(part, page);
	EQUAL(part[at], 9);
	EQUAL(dev.tape[2 * page + at], 9);
}

static void mmap_after_close(void)
{
	struct dev dev = dev_open(0);
	int i;

	dev_load(&dev, "+++");
	dev_run(&dev, NULL, 0, 1);
	close(dev.fd);
	EQUAL(dev.tape[0], 3);
	memset(dev.tape, 7, TAPE_CELLS);
	for (i = 0; i < 20; i++) { /* other instances get other pages */
		struct dev other = dev_open(0);

		EQUAL(other.tape[0] + other.tape[65535], 0);
		memset(other.tape, i + 100, TAPE_CELLS);
		dev_close(&other);
	}
	EQUAL(dev.tape[0], 7);
	EQUAL(dev.tape[65535], 7);
}

static void mmap_fork(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = fork();

	if (!pid) {
		dev.tape[9] = 42;
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	EQUAL(dev.tape[9], 42);
}

static const struct test tests[] = {
	{ "mmap (private) is EINVAL", mmap_private },
	{ "mmap (executable) is a mapping like any other", mmap_exec },
	{ "mmap (beyond the tape, by length or offset) is ENXIO", mmap_range },
	{ "mmap (part of the tape) shows that part", mmap_part },
	{ "mmap stays valid after close, and nobody else gets its pages", mmap_after_close },
	{ "mmap is inherited by fork and stays the tape", mmap_fork },
};

CASES(tests)
