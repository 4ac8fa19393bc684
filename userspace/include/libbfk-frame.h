/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a C program lays on a tape: the values of arg in struct bfk_frame (bfk/uapi.h), by operation.
 * They are called as what the system call of the same meaning takes, but most have other values.
 * bfk(7) describes the operations. libbfk.h includes this.
 */
#ifndef LIBBFK_FRAME_H
#define LIBBFK_FRAME_H

/* %o: one of the first three, and any of the others. */
#define BFK_O_RDONLY 0
#define BFK_O_WRONLY 1
#define BFK_O_RDWR 2
#define BFK_O_CREAT 4
#define BFK_O_TRUNC 8
#define BFK_O_APPEND 16
#define BFK_O_EXCL 32
#define BFK_O_DIRECTORY 64
#define BFK_O_NONBLOCK 128

/* %l: where off counts from. */
#define BFK_SEEK_SET 0
#define BFK_SEEK_CUR 1
#define BFK_SEEK_END 2
#define BFK_SEEK_DATA 3
#define BFK_SEEK_HOLE 4

/* %e: what to wait for, 0: BFK_POLLIN; and what the second cell of each pair becomes. */
#define BFK_POLLIN 1
#define BFK_POLLPRI 2
#define BFK_POLLOUT 4
#define BFK_POLLERR 8
#define BFK_POLLHUP 16
#define BFK_POLLNVAL 32 /* the slot is empty */
#define BFK_POLLRDNORM 64
#define BFK_POLLRDBAND 128

/* %i: whose number. */
#define BFK_ID_PROCESS 0
#define BFK_ID_PARENT 1
#define BFK_ID_USER 2  /* the real one */
#define BFK_ID_GROUP 3 /* the real one */

/* %m: which clock. */
#define BFK_CLOCK_REALTIME 0
#define BFK_CLOCK_MONOTONIC 1
#define BFK_CLOCK_BOOTTIME 7

/* %h: which direction ends. */
#define BFK_SHUT_RD 0
#define BFK_SHUT_WR 1
#define BFK_SHUT_RDWR 2

/* %y: what is written to the disk. */
#define BFK_SYNC_ALL 0
#define BFK_SYNC_DATA 1

/* %k: which way. */
#define BFK_COPY_FROM_TAPE 0 /* from off to the data */
#define BFK_COPY_TO_TAPE 1   /* from the data to off */

#endif
