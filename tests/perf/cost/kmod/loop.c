// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel programmer would write instead of a %-program, to compare the two: the same kernel
 * functions, called for the same files in the same order, with a check for signals in each turn,
 * and nothing else. For measuring only.
 *
 * Interface: loop.h
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/version.h>
#include "loop.h"

#define BLOCK_MAX 65536 /* bytes */

/* What vfs_iter_read() and vfs_iter_write() do, for files that have these methods. */
static ssize_t short_way(struct file *file, int dir, struct iov_iter *iter, loff_t *pos)
{
	struct kiocb kiocb = { .ki_filp = file, .ki_flags = file->f_iocb_flags };
	ssize_t ret;

	kiocb.ki_pos = pos ? *pos : 0;
	ret = rw_verify_area(dir, file, &kiocb.ki_pos, iov_iter_count(iter));
	if (ret)
		return ret;
	if (dir == READ) {
		ret = file->f_op->read_iter(&kiocb, iter);
		if (ret > 0)
			fsnotify_access(file);
	} else {
		file_start_write(file);
		ret = file->f_op->write_iter(&kiocb, iter);
		file_end_write(file);
		if (ret > 0)
			fsnotify_modify(file);
	}
	if (pos)
		*pos = kiocb.ki_pos;
	return ret;
}

/* kernel_read() and kernel_write() refuse /dev/zero and /dev/null; this does the same. */
static ssize_t long_way(struct file *file, int dir, struct iov_iter *iter, loff_t *pos)
{
	bool start = dir == WRITE && LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0);
	ssize_t ret;

	if (start)
		file_start_write(file);
	ret = dir == READ ? vfs_iter_read(file, iter, pos, 0) : vfs_iter_write(file, iter, pos, 0);
	if (start)
		file_end_write(file);
	return ret;
}

static ssize_t transfer(struct file *file, int dir, void *data, size_t len, bool is_short)
{
	bool lock = file->f_mode & FMODE_ATOMIC_POS; /* as read(2) and write(2) do */
	loff_t *pos = file->f_mode & FMODE_STREAM ? NULL : &file->f_pos;
	struct kvec vec = { .iov_base = data, .iov_len = len };
	struct iov_iter iter;
	ssize_t ret;

	iov_iter_kvec(&iter, dir, &vec, 1, len);
	if (lock)
		mutex_lock(&file->f_pos_lock);
	ret = (is_short ? short_way : long_way)(file, dir, &iter, pos);
	if (lock)
		mutex_unlock(&file->f_pos_lock);
	return ret;
}

static ssize_t write_all(struct file *file, u8 *data, ssize_t len, bool is_short)
{
	ssize_t done, ret;

	for (done = 0; done < len; done += ret) {
		ret = transfer(file, WRITE, data + done, len - done, is_short);
		if (ret <= 0)
			return ret ?: -EIO;
	}
	return 0;
}

static int copy_loop(struct cost_copy_args *args, struct file *in, struct file *out, u8 *data)
{
	bool is_short = args->is_short;
	u64 turns = 0;
	ssize_t ret;

	args->len = 0;

	while ((ret = transfer(in, READ, data, args->block, is_short)) > 0) {
		args->len += ret;
		ret = write_all(out, data, ret, is_short);
		if (ret || ++turns == args->turns)
			break;
		cond_resched();
		if (signal_pending(current))
			return -EINTR;
	}
	return ret;
}

static int copy(struct cost_copy_args *args)
{
	struct file *in = fget(args->in), *out = fget(args->out);
	u8 *data = kvmalloc(BLOCK_MAX, GFP_KERNEL);
	int err = -EBADF;

	if (in && out && in->f_mode & FMODE_READ && out->f_mode & FMODE_WRITE)
		err = !data					     ? -ENOMEM :
		      args->block > BLOCK_MAX			     ? -EINVAL :
		      !in->f_op->read_iter || !out->f_op->write_iter ? -EINVAL :
								       0;
	err = err ?: copy_loop(args, in, out, data);
	kvfree(data);
	if (out)
		fput(out);
	if (in)
		fput(in);
	return err;
}

static int read_one(struct file *dir, const char *name, u32 block, u8 *data)
{
	int flags = O_RDONLY | O_NOCTTY | O_NOFOLLOW | O_LARGEFILE;
	struct file *file = file_open_root(&dir->f_path, name, flags, 0);
	ssize_t ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = transfer(file, READ, data, block, false);
	filp_close(file, NULL);
	cond_resched();
	return ret < 0 ? ret : signal_pending(current) ? -EINTR : ret;
}

static int files(struct cost_files_args *args)
{
	struct file *dir = fget(args->dir);
	u8 *data = kvmalloc(BLOCK_MAX, GFP_KERNEL);
	int i, ret = !dir ? -EBADF : !data ? -ENOMEM : args->block > BLOCK_MAX ? -EINVAL : 0;
	char name[4] = "";

	args->read_len = 0;
	for (i = 0; i < 1000 && ret >= 0; i++) {
		name[0] = '0' + i / 100;
		name[1] = '0' + i / 10 % 10;
		name[2] = '0' + i % 10;
		ret = read_one(dir, name, args->block, data);
		args->read_len += max(ret, 0);
	}
	kvfree(data);
	if (dir)
		fput(dir);
	return min(ret, 0);
}

static long cost_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;
	union {
		struct cost_copy_args copy;
		struct cost_files_args files;
	} args;
	int err;

	if (cmd != COST_COPY && cmd != COST_FILES)
		return -ENOTTY;
	if (copy_from_user(&args, user, _IOC_SIZE(cmd)))
		return -EFAULT;
	err = cmd == COST_COPY ? copy(&args.copy) : files(&args.files);
	return err ?: copy_to_user(user, &args, _IOC_SIZE(cmd)) ? -EFAULT : 0;
}

static const struct file_operations cost_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = cost_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bfk-cost",
	.fops = &cost_fops,
	.mode = 0600,
};

module_misc_device(device);
MODULE_DESCRIPTION("Loops to measure bfk against");
MODULE_LICENSE("GPL");
