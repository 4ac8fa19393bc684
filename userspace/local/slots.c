// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The slots in this process: descriptors of the run's own.
 *
 * Interface: slots.h
 * Invariants:
 * 1. A slot holds a descriptor that nothing else uses, or -1.
 * 2. No slot holds an instance of bfk.
 */
#define _GNU_SOURCE
#include "slots.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "userspace/engine/device.h"

/* Returns the descriptor of a slot, -1 if it is empty or there is no such slot. */
int local_slot_get(const struct local_instance *local, u8 slot)
{
	return slot < BFK_SLOTS ? local->slots[slot] : -1;
}

/* Empties a slot. Returns -EBADF if it is empty, or what closing a file of the program returned. */
int local_slot_put(struct local_instance *local, u8 slot)
{
	int fd = local_slot_get(local, slot);
	bool opened;

	if (fd < 0)
		return -EBADF;
	opened = local->opened >> slot & 1;
	local->slots[slot] = -1;
	local->opened &= ~(1ull << slot);
	if (!slot)
		local->in_off = local->in_len = 0;
	/* A file from the caller is still open there: the caller's close reports errors. */
	return close(fd) && opened && errno != EINTR ? -errno : 0;
}

/* Returns 0 if this file may be in a slot; -EINVAL: it is an instance. */
static int check(int fd)
{
	struct stat stat_fd, stat_device;

	if (fstat(fd, &stat_fd) || !S_ISCHR(stat_fd.st_mode) ||
	    major(stat_fd.st_rdev) != MISC_MAJOR)
		return 0;
	if (stat(BFK_DEVICE, &stat_device) || !S_ISCHR(stat_device.st_mode))
		return 0;
	return stat_fd.st_rdev == stat_device.st_rdev ? -EINVAL : 0;
}

/* The lowest free slot, or -EMFILE. */
int local_slot_find_free(const struct local_instance *local)
{
	int slot = 0;

	while (slot < BFK_SLOTS && local->slots[slot] >= 0)
		slot++;
	return slot < BFK_SLOTS ? slot : -EMFILE;
}

/* Puts a descriptor into an empty slot and takes it over, also on an error. 0, -EINVAL. */
int local_slot_set(struct local_instance *local, int slot, int fd)
{
	int err = check(fd);

	if (err) {
		close(fd);
		return err;
	}
	local->slots[slot] = fd;
	local->opened |= 1ull << slot;
	return 0;
}

/* Puts a copy of the caller's descriptor into an empty slot. 0, -EBADF, -EINVAL, -EMFILE. */
int local_slot_take(struct local_instance *local, u8 slot, int fd)
{
	int flags = fcntl(fd, F_GETFL), copy;

	if (flags < 0 || flags & O_PATH)
		return -EBADF;
	if (check(fd))
		return -EINVAL;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (copy < 0)
		return -errno;
	local->slots[slot] = copy;
	return 0;
}
