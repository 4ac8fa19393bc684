/* SPDX-License-Identifier: GPL-2.0-only */
/* Where Linux 6.1 and later kernels differ; the only test of LINUX_VERSION_CODE. */
#ifndef BFK_COMPAT_H
#define BFK_COMPAT_H

#include <linux/io_uring_types.h>
#include <linux/version.h>

/* Since 6.8 do_splice_direct() takes freeze protection itself. */
#define BFK_COMPAT_START_WRITE (LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0))

/* Until 6.5 the caller of file_open_root() has to notify of the open. */
#define BFK_COMPAT_NOTIFY_OPEN (LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0))

/* Until 6.6 only a kernel thread may release a file at once. */
#define BFK_COMPAT_RELEASE_ON_WORKER (LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0))

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#include <linux/io_uring.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->cmd)
#else
#include <linux/io_uring/cmd.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->sqe->cmd)
#endif

/* Where io_uring has no such function, each request has a pointer to its task. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define io_uring_cmd_get_task(uring) (cmd_to_io_kiocb(uring)->task)
#endif

#endif
