/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Constants for C programs that write frames: the values of arg in struct bfk_frame (bfk/uapi.h),
 * by operation. Their names are those of the corresponding system call, but most values differ.
 * bfk(7) describes the operations. libbfk.h includes this file.
 */
#ifndef LIBBFK_FRAME_H
#define LIBBFK_FRAME_H

/* %o: one of the first three, plus any of the others. */
#define BFK_O_RDONLY 0
#define BFK_O_WRONLY 1
#define BFK_O_RDWR 2
#define BFK_O_CREAT 4
#define BFK_O_TRUNC 8
#define BFK_O_APPEND 16
#define BFK_O_EXCL 32
#define BFK_O_DIRECTORY 64
#define BFK_O_NONBLOCK 128

/* %l: what off is relative to. */
#define BFK_SEEK_SET 0
#define BFK_SEEK_CUR 1
#define BFK_SEEK_END 2
#define BFK_SEEK_DATA 3
#define BFK_SEEK_HOLE 4

/* %e: events to wait for (0: BFK_POLLIN), and events reported in the second cell of each pair. */
#define BFK_POLLIN 1
#define BFK_POLLPRI 2
#define BFK_POLLOUT 4
#define BFK_POLLERR 8
#define BFK_POLLHUP 16
#define BFK_POLLNVAL 32 /* the slot is empty */
#define BFK_POLLRDNORM 64
#define BFK_POLLRDBAND 128

/* %i: which ID. */
#define BFK_ID_PROCESS 0
#define BFK_ID_PARENT 1
#define BFK_ID_USER 2  /* the real one */
#define BFK_ID_GROUP 3 /* the real one */

/* %m: which clock. */
#define BFK_CLOCK_REALTIME 0
#define BFK_CLOCK_MONOTONIC 1
#define BFK_CLOCK_BOOTTIME 7

/* %h: which direction to shut down. */
#define BFK_SHUT_RD 0
#define BFK_SHUT_WR 1
#define BFK_SHUT_RDWR 2

/* %y: what to write to the disk. */
#define BFK_SYNC_ALL 0
#define BFK_SYNC_DATA 1

/* %k: direction. */
#define BFK_COPY_FROM_TAPE 0 /* from off to the data */
#define BFK_COPY_TO_TAPE 1   /* from the data to off */

#endif
