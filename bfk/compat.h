/* SPDX-License-Identifier: GPL-2.0-only */
/* Where Linux 6.1 and later kernels differ; the only test of LINUX_VERSION_CODE. */
#ifndef BFK_COMPAT_H
#define BFK_COMPAT_H

#include <linux/file.h>
#include <linux/io_uring_types.h>
#include <linux/version.h>

/* Since 6.8 do_splice_direct() takes freeze protection itself. */
#define BFK_COMPAT_START_WRITE (LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0))

/* Until 6.5 file_open_root() leaves it to its caller to tell inotify of an open. */
#define BFK_COMPAT_NOTIFY_OPEN (LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0))

/*
 * Releases a file now if this is its last reference. Until 6.6 __fput_sync() is for kernel threads
 * only. There, fput() with softirqs off puts the file on the list of those that no task can release
 * on its way to user space, and flush_delayed_fput() releases what is on that list.
 */
static inline void bfk_compat_release(struct file *file)
{
	if (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)) {
		__fput_sync(file);
	} else {
		local_bh_disable();
		fput(file);
		local_bh_enable();
		flush_delayed_fput();
	}
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#include <linux/io_uring.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->cmd)
#else
#include <linux/io_uring/cmd.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->sqe->cmd)
#endif

#endif
