/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The tape family. */
#ifndef BFK_LOCAL_SYSOP_TAPE_H
#define BFK_LOCAL_SYSOP_TAPE_H

#include "frame.h"

int local_op_copy(struct local_call *call);
int local_op_find(struct local_call *call);

#endif
