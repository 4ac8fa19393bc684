// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file family. bfk(7) says what each operation takes and gives.
 *
 * Interface: table.h
 * Invariants:
 * 1. Files move data to and from kernel addresses only: call->data.
 * 2. A path is walked one name at a time from the directory in the slot; a name is never "..",
 *    and a symbolic link is never followed, so the walk cannot leave that directory.
 * 3. An operation is seen and counted like the system call that does the same: it asks for
 *    permission, notifies inotify, and counts in /proc/PID/io (fs/read_write.c, fs/open.c).
 */
#include <linux/fsnotify.h>
#include <linux/net.h>
#include <linux/seq_file.h>
#include <linux/splice.h>
#include <linux/sched/xacct.h>
#include "bfk/compat.h"
#include "bfk/run.h"

/* Reports and counts what was read or written, as vfs_read() and vfs_write() do. */
static __always_inline void account(struct bfk_run *run, int dir, struct file *file, ssize_t ret)
{
	if (dir == READ)
		inc_syscr(current);
	else
		inc_syscw(current);
	if (ret <= 0)
		return;
	fsnotify_file(file, dir == READ ? FS_ACCESS : FS_MODIFY);
	if (dir == READ) {
		add_rchar(current, ret);
		run->report.read_len += ret;
	} else {
		add_wchar(current, ret);
		run->report.write_len += ret;
	}
}

/*
 * One transfer in @dir, at off or else at the file's own position, if it has one. What
 * vfs_iter_read() and vfs_iter_write() do, with fewer steps between.
 */
static __always_inline ssize_t transfer(struct bfk_call *call, int dir, size_t len)
{
	struct file *file = call->file;
	ssize_t (*move)(struct kiocb *, struct iov_iter *) = file->f_op->write_iter;
	struct kvec vec = { .iov_base = call->data + call->moved, .iov_len = len };
	struct kiocb kiocb = { .ki_filp = file, .ki_flags = file->f_iocb_flags };
	/* As iov_iter_kvec() sets it up; here the compiler knows @dir. */
	struct iov_iter iter = { .iter_type = ITER_KVEC,
				 .data_source = dir == WRITE,
				 .kvec = &vec,
				 .nr_segs = 1,
				 .count = len };
	ssize_t ret;

	if (dir == READ)
		move = file->f_op->read_iter;
	/* seq_read() does this with a user's address. So most of /proc/PID can be read. */
	if (dir == READ && !move && file->f_op->read == seq_read)
		move = seq_read_iter;
	if (!move)
		return -EINVAL; /* the file takes users' addresses only */
	if (!len)
		return 0;
	kiocb.ki_pos = call->sysop->at ? call->frame.off + call->moved : file->f_pos;
	ret = rw_verify_area(dir, file, &kiocb.ki_pos, len);
	if (ret)
		return ret;
	if (call->sysop->now && !(file->f_flags & O_NONBLOCK))
		kiocb.ki_flags |= IOCB_NOWAIT; /* as RWF_NOWAIT, or MSG_DONTWAIT */
	if (kiocb.ki_flags & IOCB_NOWAIT && !(file->f_mode & FMODE_NOWAIT) && !sock_from_file(file))
		return -EOPNOTSUPP;
	if (dir == WRITE)
		file_start_write(file);
	ret = move(&kiocb, &iter);
	if (dir == WRITE)
		file_end_write(file);
	account(call->run, dir, file, ret);
	/* As read(2) and write(2) do. The f_pos of a stream is not used. */
	if (ret > 0 && !call->sysop->at && !(file->f_mode & FMODE_STREAM))
		file->f_pos = kiocb.ki_pos;
	return ret;
}

int bfk_op_read(struct bfk_call *call)
{
	struct bfk_run *run = call->run;
	u32 ahead_len = call->frame.slot || call->sysop->at ? 0 : run->in_len - run->in_off;
	ssize_t ret;

	/* Bytes that ',' has read ahead from slot 0 come before what is still in the file. */
	if (ahead_len) {
		call->moved = min(call->room, ahead_len);
		memcpy(call->data, run->in_bytes + run->in_off, call->moved);
		run->in_off += call->moved;
		return 0;
	}
	ret = transfer(call, READ, call->room);
	if (ret < 0)
		return ret;
	call->moved = ret;
	return ret ? 0 : BFK_CALL_END;
}

/* Writes all of it, or what the file takes now; EIO if it takes nothing. */
int bfk_op_write(struct bfk_call *call)
{
	u64 len = call->frame.len;
	ssize_t ret;

	call->moved = min(call->moved, len); /* invariant 5 of run.c */
	do {
		ret = transfer(call, WRITE, len - call->moved);
		if (ret < 0)
			return ret;
		call->moved += ret;
		if (call->moved == len || (ret && call->sysop->now))
			return 0;
	} while (ret && !bfk_run_check_signal());
	return ret ? -ERESTARTSYS : -EIO;
}

int bfk_op_seek(struct bfk_call *call)
{
	u8 whence = call->frame.arg;
	loff_t pos = whence > SEEK_MAX ? -EINVAL : vfs_llseek(call->file, call->frame.off, whence);

	if (pos < 0) /* some files have positions that look negative */
		return pos < -MAX_ERRNO ? -EOVERFLOW : pos;
	if (!call->frame.slot)
		call->run->in_off = call->run->in_len;
	call->frame.off = pos;
	return 0;
}

/* Walks @path, which it modifies, from @base. Returns an open file that the caller owns. */
static struct file *open_beneath(struct file *base, char *path, int flags)
{
	struct file *file = get_file(base), *dir;
	const char *name;
	int how;

	while (path && !IS_ERR(file)) {
		dir = file;
		name = strsep(&path, "/"); /* path is NULL after the last */
		how = O_NOFOLLOW | O_LARGEFILE | (path ? O_PATH | O_DIRECTORY : flags);
		if (!strcmp(name, ".."))
			file = ERR_PTR(-EXDEV);
		else if (fatal_signal_pending(current))
			file = ERR_PTR(-EINTR);
		else
			file = file_open_root(&dir->f_path, *name ? name : ".", how, 0666);
		if (BFK_COMPAT_NOTIFY_OPEN && !IS_ERR(file))
			fsnotify_open(file);
		bfk_slot_close_file(dir);
	}
	return file;
}

int bfk_op_open(struct bfk_call *call)
{
	/* Bits of arg above the access mode, lowest first. */
	static const int bits[] = { O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_DIRECTORY, O_NONBLOCK };
	int mode = call->frame.arg & O_ACCMODE, flags = O_NOCTTY | mode;
	int i, slot, err;
	char *path;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		flags |= call->frame.arg & (4 << i) ? bits[i] : 0;
	if (mode == O_ACCMODE || (flags & O_CREAT && flags & O_DIRECTORY))
		return -EINVAL;
	if (!S_ISDIR(file_inode(call->file)->i_mode))
		return -ENOTDIR;
	if (call->frame.len >= PATH_MAX)
		return -ENAMETOOLONG;
	slot = bfk_slot_find_free(call->run);
	if (slot < 0)
		return slot;
	path = kmemdup_nul(call->data, call->frame.len, BFK_GFP);
	if (!path)
		return -ENOMEM;
	if (*path == '/')
		err = -EXDEV;
	else if (!*path || strlen(path) != call->frame.len)
		err = -ENOENT; /* no path has a zero byte in it */
	else
		err = bfk_slot_set(call->run, slot, open_beneath(call->file, path, flags));
	kfree(path);
	if (!err)
		call->frame.arg = slot;
	return err;
}

int bfk_op_close(struct bfk_call *call)
{
	int err = bfk_slot_close(call->run, call->frame.slot);

	/* The slot is empty now, whatever the file answered: this must not be done again. */
	return bfk_call_interrupted(err) ? -EIO : err;
}

int bfk_op_sync(struct bfk_call *call)
{
	return vfs_fsync(call->file, call->frame.arg & 1);
}

int bfk_op_size(struct bfk_call *call)
{
	struct kstat stat;
	int err = vfs_getattr(&call->file->f_path, &stat, STATX_SIZE, AT_STATX_SYNC_AS_STAT);

	if (!err)
		call->frame.off = stat.size;
	return err;
}

/* As truncate(2) does it: modules cannot call what ftruncate(2) does. */
int bfk_op_truncate(struct bfk_call *call)
{
	if (!(call->file->f_mode & FMODE_WRITE) || call->frame.off > LLONG_MAX)
		return -EINVAL;
	return vfs_truncate(&call->file->f_path, call->frame.off);
}

/*
 * Moves bytes from the file's position to that of another, as sendfile(2) does: positions are read,
 * used and set without their lock. What sendfile(2) checks first, the largest offsets of both file
 * systems, is left to their own read and write.
 */
int bfk_op_move(struct bfk_call *call)
{
	struct file *in = call->file, *out = bfk_slot_get(call->run, call->frame.arg);
	u64 want = call->frame.off ?: U64_MAX;
	loff_t in_pos, out_pos;
	ssize_t ret = 0;
	u32 len;

	if (!out || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	while (call->moved < want) {			     /* invariant 5 of run.c */
		len = min_t(u64, want - call->moved, SZ_1M); /* between checks for signals */
		in_pos = in->f_pos;
		out_pos = out->f_pos;
		ret = bfk_run_check_signal()			     ?:
			      rw_verify_area(READ, in, &in_pos, len) ?:
			      rw_verify_area(WRITE, out, &out_pos, len);
		if (ret)
			break;
		if (BFK_COMPAT_START_WRITE)
			file_start_write(out);
		ret = do_splice_direct(in, &in_pos, out, &out_pos, len, 0);
		if (BFK_COMPAT_START_WRITE)
			file_end_write(out);
		account(call->run, READ, in, ret);
		account(call->run, WRITE, out, ret);
		if (ret <= 0)
			break;
		in->f_pos = in_pos;
		out->f_pos = out_pos;
		call->moved += ret;
	}
	call->frame.off = call->moved;
	if (ret < 0)
		return ret;
	return call->moved ? 0 : BFK_CALL_END;
}
