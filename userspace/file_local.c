// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The file family over POSIX calls, with the errnos of syscall_ops/file.c. What each operation
 * takes and gives is in bfk(7).
 *
 * Interface: sysops_local.h
 * Invariants:
 * 1. A path is walked one name at a time from the directory in the slot; a name is never "..",
 *    and a symbolic link is never followed, so the walk cannot leave that directory.
 */
#define _GNU_SOURCE
#include "sysops_local.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOVE_CHUNK_LEN (1u << 20) /* bytes a system call moves at most */
#define WHENCE_MAX 4		  /* SEEK_HOLE, which the kernel calls SEEK_MAX */

/* %o: bits of arg above the access mode */
#define OPEN_CREATE 4
#define OPEN_TRUNCATE 8
#define OPEN_APPEND 16
#define OPEN_EXCLUSIVE 32
#define OPEN_DIRECTORY 64
#define OPEN_NONBLOCK 128

static bool is_readable(int fd)
{
	int mode = fcntl(fd, F_GETFL) & O_ACCMODE;

	return mode == O_RDONLY || mode == O_RDWR;
}

static bool is_writable(int fd)
{
	int mode = fcntl(fd, F_GETFL) & O_ACCMODE;

	return mode == O_WRONLY || mode == O_RDWR;
}

static bool is_directory(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISDIR(stat.st_mode);
}

/* One read, at the file's position or at *pos, which it moves on. Arguments as in the kernel. */
ssize_t bfk_file_read(struct bfk_local *local, u8 slot, void *to, size_t len, off_t *pos)
{
	int fd = bfk_slot_get(local, slot);
	ssize_t ret;

	if (fd < 0)
		return -EBADF;
	ret = pos ? pread(fd, to, len, *pos) : read(fd, to, len);
	if (ret < 0)
		return -errno;
	if (pos)
		*pos += ret;
	local->report.read_len += ret;
	return ret;
}

/* A write at an offset to a file open for appending goes to its end, and so does the offset. */
static off_t position_after(int fd, off_t pos)
{
	struct stat stat;

	if (fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &stat))
		return stat.st_size;
	return pos;
}

static ssize_t write_some(int fd, const u8 *from, size_t len, off_t *pos)
{
	ssize_t ret;

	/* write(2) of nothing would send an empty datagram. */
	if (!len)
		return is_writable(fd) ? 0 : -EBADF;
	ret = pos ? pwrite(fd, from, len, *pos) : write(fd, from, len);
	if (ret < 0)
		return -errno;
	if (pos)
		*pos = position_after(fd, *pos + ret);
	return ret;
}

/* Writes all of it. Arguments and return as in the kernel. */
int bfk_file_write(struct bfk_local *local, u8 slot, const u8 *from, size_t len, u64 *done,
		   off_t *pos)
{
	int fd = bfk_slot_get(local, slot);
	ssize_t ret;

	if (fd < 0)
		return -EBADF;
	do {
		ret = write_some(fd, from + *done, len - *done, pos);
		if (ret < 0)
			return ret;
		if (!ret && *done < len)
			return -EIO;
		*done += ret;
		local->report.write_len += ret;
	} while (*done < len);
	return 0;
}

/* Bytes that ',' has read ahead come first. */
static ssize_t read_ahead(struct bfk_call *call, void *to, size_t len)
{
	struct bfk_local *local = call->local;

	if (len > local->in_len - local->in_off)
		len = local->in_len - local->in_off;
	memcpy(to, local->in + local->in_off, len);
	local->in_off += len;
	return len;
}

static int finish_read(struct bfk_call *call, ssize_t ret)
{
	if (bfk_call_interrupted(ret))
		return ret;
	call->frame.len = ret > 0 ? ret : 0;
	return ret > 0 ? 0 : ret ? ret : BFK_CALL_END;
}

int bfk_op_read(struct bfk_call *call)
{
	ssize_t ret = 0;
	size_t len;
	u8 *to = bfk_call_room(call, &len);

	if (!call->frame.slot)
		ret = read_ahead(call, to, len);
	if (!ret)
		ret = bfk_file_read(call->local, call->frame.slot, to, len, NULL);
	return finish_read(call, ret);
}

/* An offset is looked at before the file is; whether that has positions, it says itself. */
static int check_offset(struct bfk_call *call)
{
	if (bfk_slot_get(call->local, call->frame.slot) < 0)
		return -EBADF;
	return call->frame.off > LLONG_MAX ? -EINVAL : 0;
}

int bfk_op_get(struct bfk_call *call)
{
	off_t pos = call->frame.off;
	size_t len;
	u8 *to = bfk_call_room(call, &len);
	ssize_t ret = check_offset(call);

	if (!ret)
		ret = bfk_file_read(call->local, call->frame.slot, to, len, &pos);
	call->frame.off = pos;
	return finish_read(call, ret);
}

static int write_data(struct bfk_call *call, off_t *pos)
{
	const u8 *from = bfk_call_data(call);
	u64 *done = &call->local->done;
	int err;

	/* The program may have shortened the data while the run was stopped. */
	if (*done > call->frame.len)
		*done = call->frame.len;
	if (pos)
		*pos += *done;
	err = from ? bfk_file_write(call->local, call->frame.slot, from, call->frame.len, done,
				    pos) :
		     -EINVAL;
	if (err && !bfk_call_interrupted(err))
		call->frame.len = *done;
	return err;
}

int bfk_op_write(struct bfk_call *call)
{
	return write_data(call, NULL);
}

/* Whether the file has positions at all: what pwrite(2) of nothing would not always tell. */
static int check_put(struct bfk_call *call)
{
	int fd = bfk_slot_get(call->local, call->frame.slot);
	int err = check_offset(call);
	u8 none;

	return !err && pread(fd, &none, 0, 0) < 0 && errno == ESPIPE ? -ESPIPE : err;
}

int bfk_op_put(struct bfk_call *call)
{
	off_t pos = call->frame.off;
	int err = check_put(call);

	if (err) {
		call->frame.len = 0;
		return err;
	}
	err = write_data(call, &pos);
	call->frame.off = pos;
	return err;
}

int bfk_op_seek(struct bfk_call *call)
{
	int fd = bfk_slot_get(call->local, call->frame.slot);
	off_t pos;

	if (fd < 0)
		return -EBADF;
	if (call->frame.arg > WHENCE_MAX)
		return -EINVAL;
	pos = lseek(fd, call->frame.off, call->frame.arg);
	if (pos < 0)
		return -errno;
	if (!call->frame.slot)
		call->local->in_off = call->local->in_len = 0;
	call->frame.off = pos;
	return 0;
}

/* Opens one name beneath @dir; an empty one is @dir itself. */
static int open_name(int dir, const char *name, int flags)
{
	int fd;

	if (!strcmp(name, ".."))
		return -EXDEV;
	fd = openat(dir, *name ? name : ".", flags | O_NOFOLLOW | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* Walks @path, which it takes apart, from @base. Returns a descriptor that the caller owns. */
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

static int open_flags(u8 arg)
{
	int flags = arg & O_ACCMODE;

	flags |= arg & OPEN_CREATE ? O_CREAT : 0;
	flags |= arg & OPEN_TRUNCATE ? O_TRUNC : 0;
	flags |= arg & OPEN_APPEND ? O_APPEND : 0;
	flags |= arg & OPEN_EXCLUSIVE ? O_EXCL : 0;
	flags |= arg & OPEN_DIRECTORY ? O_DIRECTORY : 0;
	flags |= arg & OPEN_NONBLOCK ? O_NONBLOCK : 0;
	return flags | O_NOCTTY;
}

static int check_open(struct bfk_call *call, int dir)
{
	const struct bfk_frame *frame = &call->frame;

	if (dir < 0)
		return -EBADF;
	if (!bfk_call_data(call) || (frame->arg & O_ACCMODE) == O_ACCMODE ||
	    (frame->arg & OPEN_CREATE && frame->arg & OPEN_DIRECTORY))
		return -EINVAL;
	if (!is_directory(dir))
		return -ENOTDIR;
	return frame->len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int bfk_op_open(struct bfk_call *call)
{
	int dir = bfk_slot_get(call->local, call->frame.slot), slot, fd;
	int err = check_open(call, dir);
	char path[PATH_MAX];

	if (err)
		return err;
	memcpy(path, bfk_call_data(call), call->frame.len);
	path[call->frame.len] = 0;
	if (*path == '/')
		return -EXDEV;
	if (strlen(path) != call->frame.len || !*path)
		return -ENOENT;
	fd = open_beneath(dir, path, open_flags(call->frame.arg));
	if (fd < 0)
		return fd;
	slot = bfk_slot_add(call->local, fd);
	if (slot < 0)
		return slot;
	call->frame.arg = slot;
	return 0;
}

int bfk_op_close(struct bfk_call *call)
{
	return bfk_slot_put(call->local, call->frame.slot);
}

int bfk_op_sync(struct bfk_call *call)
{
	int fd = bfk_slot_get(call->local, call->frame.slot);

	if (fd < 0)
		return -EBADF;
	return (call->frame.arg & 1 ? fdatasync(fd) : fsync(fd)) ? -errno : 0;
}

int bfk_op_size(struct bfk_call *call)
{
	int fd = bfk_slot_get(call->local, call->frame.slot);
	struct stat stat;

	if (fd < 0)
		return -EBADF;
	if (fstat(fd, &stat))
		return -errno;
	call->frame.off = stat.st_size;
	return 0;
}

int bfk_op_truncate(struct bfk_call *call)
{
	int fd = bfk_slot_get(call->local, call->frame.slot);

	if (fd < 0)
		return -EBADF;
	if (!is_writable(fd) || call->frame.off > LLONG_MAX)
		return -EINVAL;
	return ftruncate(fd, call->frame.off) ? -errno : 0;
}

/* sendfile(2) to a pipe would take what the kernel's operation refuses. */
static int check_move(int in, int out)
{
	if (in < 0 || out < 0 || !is_readable(in) || !is_writable(out))
		return -EBADF;
	return is_directory(in) ? -EISDIR : 0;
}

static bool can_move(int in, int out)
{
	return lseek(in, 0, SEEK_CUR) >= 0 && !(fcntl(out, F_GETFL) & O_APPEND);
}

static ssize_t move_chunk(int in, int out, u64 len)
{
	ssize_t ret = sendfile(out, in, NULL, len < MOVE_CHUNK_LEN ? len : MOVE_CHUNK_LEN);

	return ret < 0 ? -errno : ret;
}

int bfk_op_move(struct bfk_call *call)
{
	int in = bfk_slot_get(call->local, call->frame.slot);
	int out = bfk_slot_get(call->local, call->frame.arg);
	u64 *done = &call->local->done, want = call->frame.off ? call->frame.off : UINT64_MAX;
	ssize_t ret = check_move(in, out);

	if (ret)
		return ret;
	while (*done < want) {
		ret = can_move(in, out) ? move_chunk(in, out, want - *done) : -EINVAL;
		if (ret <= 0)
			break;
		*done += ret;
		call->local->report.read_len += ret;
		call->local->report.write_len += ret;
	}
	if (bfk_call_interrupted(ret))
		return ret;
	call->frame.off = *done;
	return ret < 0 ? ret : *done ? 0 : BFK_CALL_END;
}
