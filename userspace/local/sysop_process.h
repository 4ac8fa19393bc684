/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The process family. */
#ifndef BFK_LOCAL_SYSOP_PROCESS_H
#define BFK_LOCAL_SYSOP_PROCESS_H

#include "frame.h"

int local_op_ids(struct local_call *call);
int local_op_quit(struct local_call *call);
int local_op_random(struct local_call *call);

#endif
