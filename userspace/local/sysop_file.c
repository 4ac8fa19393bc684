// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The file family over POSIX calls, with the errnos of syscall_ops/file.c. bfk(7) documents each
 * operation.
 *
 * Interface: sysop_file.h
 */
#define _GNU_SOURCE
#include "sysop_file.h"
#include "slots.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOVE_CHUNK_LEN (1u << 20) /* most bytes that one system call moves */
#define WHENCE_MAX 4		  /* SEEK_HOLE, which the kernel calls SEEK_MAX */

/* Both return false for -1. */
static bool is_readable(int fd)
{
	int flags = fcntl(fd, F_GETFL), mode = flags & O_ACCMODE;

	return flags >= 0 && (mode == O_RDONLY || mode == O_RDWR);
}

static bool is_writable(int fd)
{
	int flags = fcntl(fd, F_GETFL), mode = flags & O_ACCMODE;

	return flags >= 0 && (mode == O_WRONLY || mode == O_RDWR);
}

bool local_file_is_directory(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISDIR(stat.st_mode);
}

/* Returns @ret of a call that only sockets support; for other files errno becomes EOPNOTSUPP. */
static ssize_t of_socket(ssize_t ret)
{
	if (ret < 0 && errno == ENOTSOCK)
		errno = EOPNOTSUPP;
	return ret;
}

static bool is_nonblocking(int fd)
{
	return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

/* Reads what is there now. Before Linux 6.4, pipes and sockets do not support RWF_NOWAIT. */
static ssize_t read_now(int fd, void *to, size_t len)
{
	struct iovec vec = { .iov_base = to, .iov_len = len };
	ssize_t ret;

	if (is_nonblocking(fd))
		return read(fd, to, len);
	ret = preadv2(fd, &vec, 1, -1, RWF_NOWAIT);
	if (ret >= 0 || errno != EOPNOTSUPP)
		return ret;
	return of_socket(recv(fd, to, len, MSG_DONTWAIT));
}

/* Writes what fits now. */
static ssize_t write_now(int fd, u8 *from, size_t len)
{
	struct iovec vec = { .iov_base = from, .iov_len = len };
	ssize_t ret;

	if (is_nonblocking(fd))
		return write(fd, from, len);
	ret = pwritev2(fd, &vec, 1, -1, RWF_NOWAIT);
	if (ret >= 0 || errno != EOPNOTSUPP)
		return ret;
	return of_socket(send(fd, from, len, MSG_DONTWAIT));
}

/* Reads once, at the file's position or at *pos, which advances. Returns the bytes, or -errno. */
ssize_t local_file_read(struct local_instance *local, int fd, void *to, size_t len, off_t *pos)
{
	ssize_t ret;

	if (fd < 0)
		return -EBADF;
	ret = pos ? pread(fd, to, len, *pos) : read(fd, to, len);
	/* The kernel checks for a directory before it checks the offset. */
	if (ret < 0)
		return errno == EINVAL && local_file_is_directory(fd) ? -EISDIR : -errno;
	if (pos)
		*pos += ret;
	local->report.read_len += ret;
	return ret;
}

static ssize_t write_some(int fd, const u8 *from, size_t len, off_t *pos)
{
	ssize_t ret;

	/* write(2) of 0 bytes would send an empty datagram. */
	if (!len)
		return is_writable(fd) ? 0 : -EBADF;
	ret = pos ? pwrite(fd, from, len, *pos) : write(fd, from, len);
	if (ret < 0)
		return -errno;
	if (pos)
		*pos += ret;
	return ret;
}

/*
 * Writes the rest of @len bytes, from *written on, and adds to *written what it writes. Tries again
 * after a partial write, unless the run is to stop. Returns 0 or -errno.
 */
int local_file_write(struct local_instance *local, int fd, const u8 *from, size_t len, off_t *pos,
		     u64 *written)
{
	ssize_t ret;

	if (fd < 0)
		return -EBADF;
	do {
		ret = write_some(fd, from + *written, len - *written, pos);
		if (ret < 0)
			return ret;
		if (!ret && *written < len)
			return -EIO;
		*written += ret;
		local->report.write_len += ret;
	} while (*written < len && !local_is_interrupted(local));
	return *written < len ? -EINTR : 0;
}

static ssize_t take_now(struct local_call *call, void *to, size_t len)
{
	ssize_t ret;

	if (local_file_is_directory(call->fd))
		return -EISDIR;
	ret = read_now(call->fd, to, len);
	if (ret < 0)
		return -errno;
	call->local->report.read_len += ret;
	return ret;
}

static int give_now(struct local_call *call, u8 *from)
{
	ssize_t ret;

	if (!call->frame.len)
		return is_writable(call->fd) ? 0 : -EBADF;
	ret = write_now(call->fd, from, call->frame.len);
	if (ret <= 0)
		return ret ? -errno : -EIO;
	call->local->report.write_len += ret;
	call->frame.len = ret;
	return 0;
}

int local_op_read(struct local_call *call)
{
	struct local_instance *local = call->local;
	u32 ahead_len = call->frame.slot || call->pos ? 0 : local->in_len - local->in_off;
	size_t len;
	u8 *to = local_call_room(call, &len);
	ssize_t ret;

	/* Bytes that ',' has read ahead from slot 0 come before what is still in the file. */
	if (ahead_len) {
		ret = len < ahead_len ? len : ahead_len;
		memcpy(to, local->in + local->in_off, ret);
		local->in_off += ret;
	} else if (call->now) {
		ret = take_now(call, to, len);
	} else {
		ret = local_file_read(local, call->fd, to, len, call->pos);
	}
	call->frame.len = ret;
	return ret > 0 ? 0 : ret ? ret : LOCAL_CALL_END;
}

int local_op_write(struct local_call *call)
{
	u8 *from = local_call_data(call);
	u64 *moved_len = &call->local->moved_len;

	if (!from)
		return -EINVAL;
	if (call->now)
		return give_now(call, from);
	/* While the run was stopped, len may have become less than what was moved. */
	if (*moved_len > call->frame.len)
		*moved_len = call->frame.len;
	if (call->pos)
		*call->pos += *moved_len;
	return local_file_write(call->local, call->fd, from, call->frame.len, call->pos, moved_len);
}

int local_op_seek(struct local_call *call)
{
	off_t pos;

	if (call->frame.arg > WHENCE_MAX)
		return -EINVAL;
	pos = lseek(call->fd, call->frame.off, call->frame.arg);
	if (pos < 0) /* some files have positions that look negative */
		return pos == -1 ? -errno : -EOVERFLOW;
	if (!call->frame.slot)
		call->local->in_off = call->local->in_len = 0;
	call->frame.off = pos;
	return 0;
}

int local_op_close(struct local_call *call)
{
	return local_slot_put(call->local, call->frame.slot);
}

int local_op_sync(struct local_call *call)
{
	return (call->frame.arg & 1 ? fdatasync(call->fd) : fsync(call->fd)) ? -errno : 0;
}

int local_op_size(struct local_call *call)
{
	struct stat stat;

	if (fstat(call->fd, &stat))
		return -errno;
	call->frame.off = stat.st_size;
	return 0;
}

int local_op_truncate(struct local_call *call)
{
	if (!is_writable(call->fd) || call->frame.off > LLONG_MAX)
		return -EINVAL;
	return ftruncate(call->fd, call->frame.off) ? -errno : 0;
}

static bool is_pipe(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISFIFO(stat.st_mode);
}

static ssize_t move_chunk(int in, int out, u64 len)
{
	ssize_t ret;

	/* sendfile(2) to a pipe accepts what it refuses for other files; %x always refuses it. */
	if (is_pipe(out) && (lseek(in, 0, SEEK_CUR) < 0 || fcntl(out, F_GETFL) & O_APPEND))
		return -EINVAL;
	ret = sendfile(out, in, NULL, len < MOVE_CHUNK_LEN ? len : MOVE_CHUNK_LEN);
	return ret < 0 ? -errno : ret;
}

int local_op_move(struct local_call *call)
{
	int in = call->fd, out = local_slot_get(call->local, call->frame.arg);
	u64 *moved_len = &call->local->moved_len;
	u64 want = call->frame.off ? call->frame.off : UINT64_MAX;
	ssize_t ret = 1;

	if (!is_readable(in))
		return -EBADF;
	if (local_file_is_directory(in))
		return -EISDIR;
	if (!is_writable(out))
		return -EBADF;
	/* While the run was stopped, off may have become less than what was moved: then it is done. */
	while (*moved_len < want && ret > 0) {
		ret = move_chunk(in, out, want - *moved_len);
		if (ret <= 0)
			break;
		*moved_len += ret;
		call->local->report.read_len += ret;
		call->local->report.write_len += ret;
		if (*moved_len < want && local_is_interrupted(call->local))
			return -EINTR;
	}
	call->frame.off = *moved_len;
	if (ret < 0)
		return ret;
	return *moved_len ? 0 : LOCAL_CALL_END;
}
