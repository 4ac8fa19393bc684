/* SPDX-License-Identifier: GPL-2.0-only */
/* Where Linux 6.1 and later kernels differ; the only test of LINUX_VERSION_CODE. */
#pragma once

#include <linux/version.h>

/* Since 6.8 vfs_iter_write() and do_splice_direct() take freeze protection themselves. */
#define BFK_COMPAT_START_WRITE (LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0))
