// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file family. What each operation takes and gives is in bfk(7).
 *
 * Interface: table.h
 * Invariants:
 * 1. Files move data to and from kernel addresses only: call->data.
 * 2. A path is walked one name at a time from the directory in the slot; a name is never "..",
 *    and a symbolic link is never followed, so the walk cannot leave that directory.
 */
#include <linux/fsnotify.h>
#include "table.h"

#define MOVE_CHUNK_LEN (1u << 20) /* bytes between two looks at signals */

/*
 * One transfer in @dir, at off or else at the file's own position, if it has one. What
 * vfs_iter_read() and vfs_iter_write() do, with fewer steps between.
 */
static __always_inline ssize_t transfer(struct bfk_call *call, int dir, size_t len)
{
	struct file *file = call->file;
	ssize_t (*move)(struct kiocb *, struct iov_iter *) = dir == READ ? file->f_op->read_iter :
									   file->f_op->write_iter;
	struct kvec vec = { .iov_base = call->data + call->run->done, .iov_len = len };
	struct kiocb kiocb = { .ki_filp = file, .ki_flags = file->f_iocb_flags };
	/* What iov_iter_kvec() makes, of which @dir is known here. */
	/* clang-format off */
	struct iov_iter iter = { .iter_type = ITER_KVEC, .data_source = dir == WRITE,
				 .kvec = &vec, .nr_segs = 1, .count = len };
	/* clang-format on */
	ssize_t ret;

	if (!move || !len)
		return move ? 0 : -EINVAL;
	kiocb.ki_pos = call->at ? call->frame.off + call->run->done : file->f_pos;
	ret = rw_verify_area(dir, file, &kiocb.ki_pos, len);
	if (ret)
		return ret;
	if (dir == WRITE)
		file_start_write(file);
	ret = move(&kiocb, &iter);
	if (dir == WRITE)
		file_end_write(file);
	if (ret > 0)
		dir == READ ? fsnotify_access(file) : fsnotify_modify(file);
	/* A stream has no position: its f_pos is 0. */
	if (!call->at && !(file->f_mode & FMODE_STREAM))
		file->f_pos = kiocb.ki_pos;
	return ret;
}

int bfk_op_read(struct bfk_call *call)
{
	struct bfk_run *run = call->run;
	u32 ahead_len = call->frame.slot || call->at ? 0 : run->in_len - run->in_off;
	ssize_t ret;

	/* Bytes that ',' has read ahead from slot 0 come before what is still in the file. */
	if (ahead_len) {
		ret = min(call->room, ahead_len);
		memcpy(call->data, run->in + run->in_off, ret);
		run->in_off += ret;
	} else {
		ret = transfer(call, READ, call->room);
		run->report.read_len += max_t(ssize_t, ret, 0);
	}
	call->frame.len = ret;
	return ret > 0 ? 0 : ret ?: BFK_CALL_END;
}

/* Writes all of it; EIO if the file takes nothing. */
int bfk_op_write(struct bfk_call *call)
{
	u64 len = call->frame.len, *done = &call->run->done;
	ssize_t ret;

	/* The program may have shortened the data while the run was stopped. */
	*done = min(*done, len);
	do {
		ret = transfer(call, WRITE, len - *done);
		if (ret < 0 || (!ret && *done < len))
			return ret ?: -EIO;
		*done += ret;
		call->run->report.write_len += ret;
	} while (*done < len);
	return 0;
}

int bfk_op_seek(struct bfk_call *call)
{
	u8 whence = call->frame.arg;
	loff_t pos = whence > SEEK_MAX ? -EINVAL : vfs_llseek(call->file, call->frame.off, whence);

	if (pos < 0)
		return pos;
	if (!call->frame.slot)
		call->run->in_off = call->run->in_len = 0;
	call->frame.off = pos;
	return 0;
}

/* Walks @path, which it takes apart, from @base. Returns an open file that the caller owns. */
static struct file *open_beneath(struct file *base, char *path, int flags)
{
	struct file *file = get_file(base), *dir;
	const char *name;
	int how;

	while (path && !IS_ERR(file)) {
		dir = file;
		file = ERR_PTR(-EXDEV);
		name = strsep(&path, "/");
		how = O_NOFOLLOW | O_LARGEFILE | (path ? O_PATH | O_DIRECTORY : flags);
		if (strcmp(name, ".."))
			file = file_open_root(&dir->f_path, *name ? name : ".", how, 0666);
		bfk_file_close(dir);
	}
	return file;
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
	int flags = open_flags(call->frame.arg), err;
	char *path;

	if (flags < 0)
		return flags;
	if (!S_ISDIR(file_inode(call->file)->i_mode))
		return -ENOTDIR;
	if (call->frame.len >= PATH_MAX)
		return -ENAMETOOLONG;
	path = kmemdup_nul(call->data, call->frame.len, BFK_GFP);
	if (!path)
		return -ENOMEM;
	if (*path == '/' || !*path || strlen(path) != call->frame.len)
		err = *path == '/' ? -EXDEV : -ENOENT;
	else
		err = bfk_slot_add(call->run, 0, open_beneath(call->file, path, flags),
				   &call->frame.arg);
	kfree(path);
	return err;
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
	bool fits = call->file->f_mode & FMODE_WRITE && call->frame.off <= LLONG_MAX;

	return fits ? vfs_truncate(&call->file->f_path, call->frame.off) : -EINVAL;
}

/* One piece, as sendfile(2) does it: positions are read, used and set without their lock. */
int bfk_op_move(struct bfk_call *call)
{
	struct file *in = call->file, *out = bfk_slot_get(call->run, call->frame.arg);
	u64 *done = &call->run->done, want = call->frame.off ?: U64_MAX;
	u32 len = min_t(u64, want - *done, MOVE_CHUNK_LEN);
	loff_t in_pos = in->f_pos, out_pos;
	ssize_t ret;

	if (!out || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	out_pos = out->f_pos;
	ret = rw_verify_area(READ, in, &in_pos, len) ?: rw_verify_area(WRITE, out, &out_pos, len);
	if (!ret) {
		if (BFK_COMPAT_START_WRITE)
			file_start_write(out);
		ret = do_splice_direct(in, &in_pos, out, &out_pos, len, 0);
		if (BFK_COMPAT_START_WRITE)
			file_end_write(out);
	}
	if (ret > 0) {
		in->f_pos = in_pos;
		out->f_pos = out_pos;
		*done += ret;
		call->run->report.read_len += ret;
		call->run->report.write_len += ret;
		if (*done < want)
			return BFK_CALL_AGAIN;
	}
	call->frame.off = *done;
	return ret < 0 ? ret : *done ? 0 : BFK_CALL_END;
}
