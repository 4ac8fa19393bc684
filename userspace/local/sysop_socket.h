/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The socket family. */
#ifndef BFK_LOCAL_SYSOP_SOCKET_H
#define BFK_LOCAL_SYSOP_SOCKET_H

#include "frame.h"

int local_op_accept(struct local_call *call);
int local_op_shutdown(struct local_call *call);

#endif
