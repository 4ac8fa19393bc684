/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The time family. */
#ifndef BFK_LOCAL_SYSOP_TIME_H
#define BFK_LOCAL_SYSOP_TIME_H

#include "frame.h"

int local_op_clock(struct local_call *call);

#endif
