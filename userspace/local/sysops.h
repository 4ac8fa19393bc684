/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Everything a program may ask for, in this process; the twin of syscall_ops/table.c. */
#ifndef BFK_LOCAL_SYSOPS_H
#define BFK_LOCAL_SYSOPS_H

#include "frame.h"

u32 local_sysop_known(void);
int local_sysop_do(struct local_call *call, u8 letter);

#endif
