// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The ring in this process: one memfd, mapped three times in a row.
 *
 * Interface: tape.h
 * Invariants:
 * 1. ring is a multiple of 64 KiB, so 16-bit arithmetic on an address in it wraps as the ring does.
 * 2. A whole copy precedes the one at ring, and another follows it; the other reserved addresses
 *    are not accessible.
 */
#define _GNU_SOURCE
#include "tape.h"
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bfk/limits.h"

/* One copy before, less than one for alignment, the copy itself, one after. */
#define MAP_LEN (4 * BFK_TAPE_CELLS)

static int map_copy(u8 *at, int fd)
{
	void *map = mmap(at, BFK_TAPE_CELLS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);

	return map == MAP_FAILED ? -errno : 0;
}

static int map_ring(struct local_tape *tape, int fd)
{
	uintptr_t base;
	int err, i;

	if (ftruncate(fd, BFK_TAPE_CELLS))
		return -errno;
	tape->map =
		mmap(NULL, MAP_LEN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (tape->map == MAP_FAILED)
		return -errno;
	base = (uintptr_t)tape->map + BFK_TAPE_CELLS;
	tape->ring = (u8 *)((base + BFK_TAPE_CELLS - 1) & -(uintptr_t)BFK_TAPE_CELLS);
	for (i = -1; i <= 1; i++) {
		err = map_copy(tape->ring + i * BFK_TAPE_CELLS, fd);
		if (err) {
			local_tape_destroy(tape);
			return err;
		}
	}
	return 0;
}

/**
 * local_tape_create - make a zeroed ring
 * @tape: filled in; the caller destroys it
 *
 * Return: 0, or -errno of memfd_create(2), ftruncate(2) or mmap(2), and then there is nothing to
 * destroy.
 */
int local_tape_create(struct local_tape *tape)
{
	int fd = memfd_create("bfk-tape", MFD_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = map_ring(tape, fd);
	close(fd);
	return err;
}

void local_tape_destroy(struct local_tape *tape)
{
	munmap(tape->map, MAP_LEN);
}
