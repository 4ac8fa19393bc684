/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The file family, except %o. A descriptor of -1 gives EBADF. */
#ifndef BFK_LOCAL_SYSOP_FILE_H
#define BFK_LOCAL_SYSOP_FILE_H

#include "frame.h"

bool local_file_is_directory(int fd);
ssize_t local_file_read(struct local_instance *local, int fd, void *to, size_t len, off_t *pos);
int local_file_write(struct local_instance *local, int fd, const u8 *from, size_t len, off_t *pos,
		     u64 *written);

int local_op_read(struct local_call *call);
int local_op_write(struct local_call *call);
int local_op_seek(struct local_call *call);
int local_op_close(struct local_call *call);
int local_op_sync(struct local_call *call);
int local_op_size(struct local_call *call);
int local_op_truncate(struct local_call *call);
int local_op_move(struct local_call *call);

#endif
