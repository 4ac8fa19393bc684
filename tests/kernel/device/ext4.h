/* SPDX-License-Identifier: GPL-2.0-only */
/* A file system on a disk image, for features that tmpfs lacks. */
#ifndef BFK_TESTS_EXT4_H
#define BFK_TESTS_EXT4_H

#include "dev.h"

/* Mounts it on /mnt, unless it is mounted; it stays there. */
static inline void ext4_mount(void)
{
	if (system("mountpoint -q /mnt || { modprobe loop; modprobe ext4; truncate -s 32M /tmp/ext4.img && "
		   "mkfs.ext4 -q /tmp/ext4.img && mount -o loop /tmp/ext4.img /mnt; }"))
		fail(__FILE__, __LINE__, "no ext4");
}

#endif
