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
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/stat.h>
#include <linux/uio.h>
#include "table.h"
#include "../bfk/compat.h"

#define MOVE_CHUNK_LEN (1u << 20)	/* bytes between two looks at signals */

/* %o: bits of arg above the access mode */
#define OPEN_CREATE 4
#define OPEN_TRUNCATE 8
#define OPEN_APPEND 16
#define OPEN_EXCLUSIVE 32
#define OPEN_DIRECTORY 64
#define OPEN_NONBLOCK 128

/*
 * Where an operation without an offset of its own works, and the right to. NULL for streams.
 * Files whose position several users see one after the other are locked, and *err says how.
 */
static loff_t *position_get(struct file *file, int *err)
{
	*err = 0;
	if (file->f_mode & FMODE_STREAM)
		return NULL;
	if (file->f_mode & FMODE_ATOMIC_POS && mutex_lock_interruptible(&file->f_pos_lock))
		*err = -ERESTARTSYS;
	return &file->f_pos;
}

static void position_put(struct file *file)
{
	if (!(file->f_mode & FMODE_STREAM) && file->f_mode & FMODE_ATOMIC_POS)
		mutex_unlock(&file->f_pos_lock);
}

/* One transfer in @dir at @pos. What read(2) and write(2) would say of a directory is kept. */
static ssize_t transfer(struct file *file, int dir, void *data, size_t len, loff_t *pos)
{
	struct kvec vec = { .iov_base = data, .iov_len = len };
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & (dir == READ ? FMODE_READ : FMODE_WRITE)))
		return -EBADF;
	if (S_ISDIR(file_inode(file)->i_mode))
		return -EISDIR;
	iov_iter_kvec(&iter, dir, &vec, 1, len);
	if (dir == READ)
		return vfs_iter_read(file, &iter, pos, 0);
	bfk_compat_start_write(file);
	ret = vfs_iter_write(file, &iter, pos, 0);
	bfk_compat_end_write(file);
	return ret;
}

static ssize_t transfer_at_position(struct file *file, int dir, void *data, size_t len)
{
	loff_t *pos;
	ssize_t ret;
	int err;

	pos = position_get(file, &err);
	if (err)
		return err;
	ret = transfer(file, dir, data, len, pos);
	position_put(file);
	return ret;
}

/**
 * bfk_file_read - one read
 * @run: the run
 * @slot: the file
 * @to: kernel memory
 * @len: room there, in bytes
 * @pos: where to read, moved on by what was read; NULL: at the file's position
 *
 * Return: bytes read, 0 at the end; -EBADF, or what the file says.
 */
ssize_t bfk_file_read(struct bfk_run *run, u8 slot, void *to, size_t len, loff_t *pos)
{
	struct file *file = bfk_slot_get(run, slot);
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = pos ? transfer(file, READ, to, len, pos) : transfer_at_position(file, READ, to, len);
	if (ret > 0)
		run->read_len += ret;
	return ret;
}

/**
 * bfk_file_write - write all of it
 * @run: the run
 * @slot: the file
 * @from: kernel memory
 * @len: bytes
 * @done: how many of them are written already; moved on
 * @pos: where to write, moved on; NULL: at the file's position
 *
 * Return: 0 when @done is @len; -EBADF, or what the file says; -EIO if it takes nothing.
 */
int bfk_file_write(struct bfk_run *run, u8 slot, void *from, size_t len, u64 *done, loff_t *pos)
{
	struct file *file = bfk_slot_get(run, slot);
	ssize_t ret;

	if (!file)
		return -EBADF;
	do {
		void *rest = from + *done;

		ret = pos ? transfer(file, WRITE, rest, len - *done, pos) :
			    transfer_at_position(file, WRITE, rest, len - *done);
		if (ret < 0)
			return ret;
		if (!ret && *done < len)
			return -EIO;
		*done += ret;
		run->write_len += ret;
	} while (*done < len);
	return 0;
}

/* Bytes that ',' has read ahead come first. */
static ssize_t read_ahead(struct bfk_call *call, void *to, size_t len)
{
	struct bfk_run *run = call->run;

	len = min_t(size_t, len, run->in_len - run->in_off);
	memcpy(to, run->in + run->in_off, len);
	run->in_off += len;
	return len;
}

static int finish_read(struct bfk_call *call, ssize_t ret)
{
	if (bfk_call_interrupted(ret))
		return ret;
	call->frame.len = max_t(ssize_t, ret, 0);
	return ret > 0 ? 0 : ret ?: BFK_CALL_END;
}

int bfk_op_read(struct bfk_call *call)
{
	ssize_t ret = 0;
	size_t len;
	u8 *to = bfk_call_room(call, &len);

	if (!call->frame.slot)
		ret = read_ahead(call, to, len);
	if (!ret)
		ret = bfk_file_read(call->run, call->frame.slot, to, len, NULL);
	return finish_read(call, ret);
}

/* Positions given by the program need a file that has them. */
static int check_offset(struct bfk_call *call, fmode_t mode)
{
	struct file *file = bfk_slot_get(call->run, call->frame.slot);

	if (!file)
		return -EBADF;
	if (call->frame.off > LLONG_MAX)
		return -EINVAL;
	return file->f_mode & mode ? 0 : -ESPIPE;
}

int bfk_op_get(struct bfk_call *call)
{
	loff_t pos = call->frame.off;
	ssize_t ret;
	size_t len;
	u8 *to = bfk_call_room(call, &len);

	ret = check_offset(call, FMODE_PREAD);
	if (!ret)
		ret = bfk_file_read(call->run, call->frame.slot, to, len, &pos);
	call->frame.off = pos;
	return finish_read(call, ret);
}

static int write_data(struct bfk_call *call, loff_t *pos)
{
	u8 *from = bfk_call_data(call);
	u64 *done = &call->run->done;
	int err;

	/* The program may have shortened the data while the run was stopped. */
	*done = min_t(u64, *done, call->frame.len);
	if (pos)
		*pos += *done;
	err = from ? bfk_file_write(call->run, call->frame.slot, from, call->frame.len, done, pos) :
		     -EINVAL;
	if (err && !bfk_call_interrupted(err))
		call->frame.len = *done;
	return err;
}

int bfk_op_write(struct bfk_call *call)
{
	return write_data(call, NULL);
}

int bfk_op_put(struct bfk_call *call)
{
	loff_t pos = call->frame.off;
	int err = check_offset(call, FMODE_PWRITE);

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
	struct file *file = bfk_slot_get(call->run, call->frame.slot);
	loff_t pos;
	int err;

	if (!file)
		return -EBADF;
	if (call->frame.arg > SEEK_MAX)
		return -EINVAL;
	position_get(file, &err);
	if (err)
		return err;
	pos = vfs_llseek(file, call->frame.off, call->frame.arg);
	position_put(file);
	if (pos < 0)
		return pos;
	if (!call->frame.slot)
		call->run->in_off = call->run->in_len = 0;
	call->frame.off = pos;
	return 0;
}

/* Opens one name beneath @dir. */
static struct file *open_name(struct file *dir, const char *name, int flags)
{
	if (!strcmp(name, ".."))
		return ERR_PTR(-EXDEV);
	return file_open_root(&dir->f_path, name, flags | O_NOFOLLOW | O_LARGEFILE, 0666);
}

/* Walks @path, which it takes apart, from @base. Returns an open file that the caller owns. */
static struct file *open_beneath(struct file *base, char *path, int flags)
{
	struct file *dir = get_file(base), *next;
	char *name = strsep(&path, "/");

	while (path) {
		next = open_name(dir, *name ? name : ".", O_PATH | O_DIRECTORY);
		fput(dir);
		if (IS_ERR(next))
			return next;
		dir = next;
		name = strsep(&path, "/");
	}
	next = open_name(dir, *name ? name : ".", flags);
	fput(dir);
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

int bfk_op_open(struct bfk_call *call)
{
	struct file *dir = bfk_slot_get(call->run, call->frame.slot), *file;
	u8 *data = bfk_call_data(call);
	char *path;
	int slot;

	if (!dir)
		return -EBADF;
	if (!data || (call->frame.arg & O_ACCMODE) == O_ACCMODE ||
	    (call->frame.arg & OPEN_CREATE && call->frame.arg & OPEN_DIRECTORY))
		return -EINVAL;
	if (!S_ISDIR(file_inode(dir)->i_mode))
		return -ENOTDIR;
	if (call->frame.len >= PATH_MAX)
		return -ENAMETOOLONG;
	path = kmemdup_nul(data, call->frame.len, GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	if (strlen(path) != call->frame.len || *path == '/' || !*path)
		file = ERR_PTR(*path == '/' ? -EXDEV : -ENOENT);
	else
		file = open_beneath(dir, path, open_flags(call->frame.arg));
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
	return bfk_slot_put(call->run, call->frame.slot);
}

int bfk_op_sync(struct bfk_call *call)
{
	struct file *file = bfk_slot_get(call->run, call->frame.slot);

	return file ? vfs_fsync(file, call->frame.arg & 1) : -EBADF;
}

int bfk_op_size(struct bfk_call *call)
{
	struct file *file = bfk_slot_get(call->run, call->frame.slot);
	struct kstat stat;
	int err;

	if (!file)
		return -EBADF;
	err = vfs_getattr(&file->f_path, &stat, STATX_SIZE, AT_STATX_SYNC_AS_STAT);
	if (!err)
		call->frame.off = stat.size;
	return err;
}

int bfk_op_truncate(struct bfk_call *call)
{
	struct file *file = bfk_slot_get(call->run, call->frame.slot);

	if (!file)
		return -EBADF;
	if (!(file->f_mode & FMODE_WRITE) || call->frame.off > LLONG_MAX)
		return -EINVAL;
	return vfs_truncate(&file->f_path, call->frame.off);
}

/* As sendfile(2) does it: positions are read, used and set without their lock. */
static ssize_t move_chunk(struct file *in, struct file *out, u64 len)
{
	loff_t in_pos = in->f_pos, out_pos = out->f_pos;
	ssize_t ret;

	len = min_t(u64, len, MOVE_CHUNK_LEN);
	ret = rw_verify_area(READ, in, &in_pos, len);
	if (!ret)
		ret = rw_verify_area(WRITE, out, &out_pos, len);
	if (ret)
		return ret;
	bfk_compat_start_write(out);
	ret = do_splice_direct(in, &in_pos, out, &out_pos, len, 0);
	bfk_compat_end_write(out);
	if (ret > 0) {
		in->f_pos = in_pos;
		out->f_pos = out_pos;
	}
	return ret;
}

int bfk_op_move(struct bfk_call *call)
{
	struct file *in = bfk_slot_get(call->run, call->frame.slot);
	struct file *out = bfk_slot_get(call->run, call->frame.arg);
	u64 *done = &call->run->done, want = call->frame.off ?: U64_MAX;
	ssize_t ret = 0;

	if (!in || !out || !(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (S_ISDIR(file_inode(in)->i_mode))
		return -EISDIR;
	while (*done < want) {
		ret = signal_pending(current) ? -ERESTARTSYS : move_chunk(in, out, want - *done);
		if (ret <= 0)
			break;
		*done += ret;
		call->run->read_len += ret;
		call->run->write_len += ret;
		cond_resched();
	}
	if (bfk_call_interrupted(ret))
		return ret;
	call->frame.off = *done;
	return ret < 0 ? ret : *done ? 0 : BFK_CALL_END;
}
