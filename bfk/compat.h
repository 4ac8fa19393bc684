/* SPDX-License-Identifier: GPL-2.0-only */
/* Where Linux 6.1 and later kernels differ; the only test of LINUX_VERSION_CODE. */
#pragma once

#include <linux/io_uring_types.h>
#include <linux/version.h>

/* Since 6.8 vfs_iter_write() and do_splice_direct() take freeze protection themselves. */
#define BFK_COMPAT_START_WRITE (LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0))

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#include <linux/io_uring.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->cmd)
#else
#include <linux/io_uring/cmd.h>
#define BFK_COMPAT_URING_ARG(uring) ((uring)->sqe->cmd)
#endif
