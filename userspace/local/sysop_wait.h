/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The wait family. */
#ifndef BFK_LOCAL_SYSOP_WAIT_H
#define BFK_LOCAL_SYSOP_WAIT_H

#include "frame.h"

int local_op_poll(struct local_call *call);
int local_op_sleep(struct local_call *call);

#endif
