// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * %o over POSIX calls: opening beneath a directory.
 *
 * Interface: sysop_open.h
 * Invariants:
 * 1. A path is walked one name at a time from the directory in the slot; a name is never "..",
 *    and a symbolic link is never followed, so the walk cannot leave that directory.
 */
#define _GNU_SOURCE
#include "sysop_open.h"
#include "slots.h"
#include "sysop_file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

/* Opens one name beneath @dir; an empty name is @dir itself. */
static int open_name(int dir, const char *name, int flags)
{
	int fd;

	if (!strcmp(name, ".."))
		return -EXDEV;
	fd = openat(dir, *name ? name : ".", flags | O_NOFOLLOW | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* Walks @path, which it modifies, from @base. Returns a descriptor that the caller owns. */
static int open_beneath(int base, char *path, int flags)
{
	char *name = strsep(&path, "/");
	int dir = base, next;

	for (; path; name = strsep(&path, "/")) {
		next = open_name(dir, name, O_PATH | O_DIRECTORY);
		if (dir != base)
			close(dir);
		if (next < 0)
			return next;
		dir = next;
	}
	next = open_name(dir, name, flags);
	if (dir != base)
		close(dir);
	return next;
}

/* Returns the flags of open(2) for arg; -EINVAL: they contradict each other. */
static int open_flags(u8 arg)
{
	static const int bits[] = { O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_DIRECTORY, O_NONBLOCK };
	int flags = O_NOCTTY | (arg & O_ACCMODE);
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		flags |= arg & (4 << i) ? bits[i] : 0;
	if ((arg & O_ACCMODE) == O_ACCMODE || (flags & O_CREAT && flags & O_DIRECTORY))
		return -EINVAL;
	return flags;
}

int local_op_open(struct local_call *call)
{
	int flags = open_flags(call->frame.arg), slot, fd, err;
	const u8 *data = local_call_data(call);
	char path[PATH_MAX];

	if (!data || flags < 0)
		return -EINVAL;
	if (!local_file_is_directory(call->fd))
		return -ENOTDIR;
	if (call->frame.len >= PATH_MAX)
		return -ENAMETOOLONG;
	slot = local_slot_find_free(call->local);
	if (slot < 0)
		return slot;
	memcpy(path, data, call->frame.len);
	path[call->frame.len] = 0;
	if (*path == '/')
		return -EXDEV;
	if (!*path || strlen(path) != call->frame.len)
		return -ENOENT;
	fd = open_beneath(call->fd, path, flags);
	if (fd < 0)
		return fd;
	err = local_slot_set(call->local, slot, fd);
	if (!err)
		call->frame.arg = slot;
	return err;
}
