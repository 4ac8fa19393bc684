// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file family. What each operation takes and gives is in bfk(7).
 *
 * Interface: table.h
 * Invariants:
 * 1. Files move data to and from kernel addresses only: the tape, or the buffers of ',' and '.'.
 * 2. Positions shared with other users of a file are changed under its own lock, as read(2) does.
 * 3. A path is walked one name at a time from the directory in the slot; a name is never "..",
 *    and a symbolic link is never followed, so the walk cannot leave that directory.
 */
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>
#include "table.h"
#include "bfk/compat.h"

#define MOVE_CHUNK_LEN (1u << 20)	/* bytes between two looks at signals */

/* One transfer in @dir at @pos, NULL: at the file's own position, if it has one. */
static ssize_t transfer(struct file *file, int dir, void *data, size_t len, loff_t *pos)
{
	struct kvec vec = { .iov_base = data, .iov_len = len };
	loff_t *at = pos ?: file->f_mode & FMODE_STREAM ? NULL : &file->f_pos;
	bool lock = !pos && file->f_mode & FMODE_ATOMIC_POS;
	struct iov_iter iter;
	ssize_t ret;

	iov_iter_kvec(&iter, dir, &vec, 1, len);
	if (lock && mutex_lock_interruptible(&file->f_pos_lock))
		return -ERESTARTSYS;
	if (dir == READ) {
		ret = vfs_iter_read(file, &iter, at, 0);
	} else {
		if (BFK_COMPAT_START_WRITE)
			file_start_write(file);
		ret = vfs_iter_write(file, &iter, at, 0);
		if (BFK_COMPAT_START_WRITE)
			file_end_write(file);
	}
	if (lock)
		mutex_unlock(&file->f_pos_lock);
	return ret;
}

/* What read(2) and write(2) say of a file that cannot be transferred with. */
static int check(struct file *file, fmode_t mode)
{
	if (!file || !(file->f_mode & mode))
		return -EBADF;
	return S_ISDIR(file_inode(file)->i_mode) ? -EISDIR : 0;
}

/**
 * bfk_file_read - one read
 * @run: the run
 * @file: from a slot, may be NULL
 * @to: kernel memory
 * @len: room there, in bytes
 * @pos: where to read, moved on by what was read; NULL: at the file's position
 *
 * Return: bytes read, 0 at the end; -EBADF, or what the file says.
 */
ssize_t bfk_file_read(struct bfk_run *run, struct file *file, void *to, size_t len, loff_t *pos)
{
	ssize_t ret = check(file, FMODE_READ) ?: transfer(file, READ, to, len, pos);

	run->report.read_len += max_t(ssize_t, ret, 0);
	return ret;
}

/**
 * bfk_file_write - write all of it
 * @run: the run
 * @file: from a slot, may be NULL
 * @from: kernel memory
 * @len: bytes
 * @pos: where to write, moved on; NULL: at the file's position
 * @done: how many of them are written already; moved on
 *
 * Return: 0 when @done is @len; -EBADF, or what the file says; -EIO if it takes nothing.
 */
int bfk_file_write(struct bfk_run *run, struct file *file, void *from, size_t len, loff_t *pos,
		   u64 *done)
{
	ssize_t ret;

	do {
		ret = check(file, FMODE_WRITE);
		if (!ret)
			ret = transfer(file, WRITE, from + *done, len - *done, pos);
		if (ret < 0)
			return ret;
		if (!ret && *done < len)
			return -EIO;
		*done += ret;
		run->report.write_len += ret;
	} while (*done < len);
	return 0;
}

int bfk_op_read(struct bfk_call *call)
{
	struct bfk_run *run = call->run;
	u32 ahead_len = call->frame.slot || call->pos ? 0 : run->in_len - run->in_off;
	size_t len;
	u8 *to = bfk_call_room(call, &len);
	ssize_t ret;

	/* Bytes that ',' has read ahead from slot 0 come before what is still in the file. */
	if (ahead_len) {
		ret = min_t(size_t, len, ahead_len);
		memcpy(to, run->in + run->in_off, ret);
		run->in_off += ret;
	} else {
		ret = bfk_file_read(run, call->file, to, len, call->pos);
	}
	call->frame.len = ret;
	return ret > 0 ? 0 : ret ?: BFK_CALL_END;
}

int bfk_op_write(struct bfk_call *call)
{
	u8 *from = bfk_call_data(call);
	u64 *done = &call->run->done;

	if (!from)
		return -EINVAL;
	/* The program may have shortened the data while the run was stopped. */
	*done = min_t(u64, *done, call->frame.len);
	if (call->pos)
		*call->pos += *done;
	return bfk_file_write(call->run, call->file, from, call->frame.len, call->pos, done);
}

int bfk_op_seek(struct bfk_call *call)
{
	loff_t pos;

	if (call->frame.arg > SEEK_MAX)
		return -EINVAL;
	if (mutex_lock_interruptible(&call->file->f_pos_lock))
		return -ERESTARTSYS;
	pos = vfs_llseek(call->file, call->frame.off, call->frame.arg);
	mutex_unlock(&call->file->f_pos_lock);
	if (pos < 0)
		return pos;
	if (!call->frame.slot)
		call->run->in_off = call->run->in_len = 0;
	call->frame.off = pos;
	return 0;
}

/* Opens one name beneath @dir, whose reference it takes over. */
static struct file *open_name(struct file *dir, const char *name, int flags)
{
	struct file *file = ERR_PTR(-EXDEV);

	if (strcmp(name, ".."))
		file = file_open_root(&dir->f_path, *name ? name : ".",
				      flags | O_NOFOLLOW | O_LARGEFILE, 0666);
	fput(dir);
	return file;
}

/* Walks @path, which it takes apart, from @base. Returns an open file that the caller owns. */
static struct file *open_beneath(struct file *base, char *path, int flags)
{
	struct file *dir = get_file(base);
	char *name = strsep(&path, "/");

	for (; path; name = strsep(&path, "/")) {
		dir = open_name(dir, name, O_PATH | O_DIRECTORY);
		if (IS_ERR(dir))
			return dir;
	}
	return open_name(dir, name, flags);
}

/* Bits of arg above the access mode, lowest first. Returns -EINVAL for what makes no sense. */
static int open_flags(u8 arg)
{
	static const int bits[] = { O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_DIRECTORY, O_NONBLOCK };
	int flags = O_NOCTTY | (arg & O_ACCMODE), i;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		flags |= arg & (4 << i) ? bits[i] : 0;
	if ((arg & O_ACCMODE) == O_ACCMODE || (flags & O_CREAT && flags & O_DIRECTORY))
		return -EINVAL;
	return flags;
}

int bfk_op_open(struct bfk_call *call)
{
	int flags = open_flags(call->frame.arg), slot;
	u8 *data = bfk_call_data(call);
	struct file *file;
	char *path;

	if (!data || flags < 0)
		return -EINVAL;
	if (!S_ISDIR(file_inode(call->file)->i_mode))
		return -ENOTDIR;
	if (call->frame.len >= PATH_MAX)
		return -ENAMETOOLONG;
	path = kmemdup_nul(data, call->frame.len, BFK_GFP);
	if (!path)
		return -ENOMEM;
	if (*path == '/' || !*path || strlen(path) != call->frame.len)
		file = ERR_PTR(*path == '/' ? -EXDEV : -ENOENT);
	else
		file = open_beneath(call->file, path, flags);
	kfree(path);
	if (IS_ERR(file))
		return PTR_ERR(file);
	slot = bfk_slot_add(call->run, file);
	if (slot < 0)
		return slot;
	call->frame.arg = slot;
	return 0;
}

int bfk_op_close(struct bfk_call *call)
{
	int err = bfk_slot_put(call->run, call->frame.slot);

	/* The slot is empty now, whatever was said: this is not to be done again. */
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

	call->frame.off = err ? call->frame.off : stat.size;
	return err;
}

int bfk_op_truncate(struct bfk_call *call)
{
	if (!(call->file->f_mode & FMODE_WRITE) || call->frame.off > LLONG_MAX)
		return -EINVAL;
	return vfs_truncate(&call->file->f_path, call->frame.off);
}

/* As sendfile(2) does it: positions are read, used and set without their lock. */
static ssize_t move_chunk(struct file *in, struct file *out, u64 len)
{
	loff_t in_pos = in->f_pos, out_pos = out->f_pos;
	ssize_t ret;

	if (signal_pending(current))
		return -ERESTARTSYS;
	cond_resched();
	len = min_t(u64, len, MOVE_CHUNK_LEN);
	ret = rw_verify_area(READ, in, &in_pos, len) ?: rw_verify_area(WRITE, out, &out_pos, len);
	if (ret)
		return ret;
	if (BFK_COMPAT_START_WRITE)
		file_start_write(out);
	ret = do_splice_direct(in, &in_pos, out, &out_pos, len, 0);
	if (BFK_COMPAT_START_WRITE)
		file_end_write(out);
	if (ret > 0) {
		in->f_pos = in_pos;
		out->f_pos = out_pos;
	}
	return ret;
}

int bfk_op_move(struct bfk_call *call)
{
	struct file *in = call->file, *out = bfk_slot_get(call->run, call->frame.arg);
	u64 *done = &call->run->done, want = call->frame.off ?: U64_MAX;
	ssize_t ret = check(in, FMODE_READ) ?: check(out, FMODE_WRITE);

	if (ret)
		return ret;
	do {
		ret = move_chunk(in, out, want - *done);
		*done += max_t(ssize_t, ret, 0);
		call->run->report.read_len += max_t(ssize_t, ret, 0);
		call->run->report.write_len += max_t(ssize_t, ret, 0);
	} while (ret > 0 && *done < want);
	call->frame.off = *done;
	return ret < 0 ? ret : *done ? 0 : BFK_CALL_END;
}
