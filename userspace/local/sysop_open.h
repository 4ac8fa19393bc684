/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* %o. */
#ifndef BFK_LOCAL_SYSOP_OPEN_H
#define BFK_LOCAL_SYSOP_OPEN_H

#include "frame.h"

int local_op_open(struct local_call *call);

#endif
