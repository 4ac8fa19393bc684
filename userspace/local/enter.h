/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The way into generated code and out of it, in this process. */
#ifndef BFK_LOCAL_ENTER_H
#define BFK_LOCAL_ENTER_H

#define LOCAL_HOST_OFF 40 /* bytes from machine to host, for enter.S */

#include "jit/machine.h"

#ifndef __ASSEMBLY__
void local_enter(struct bfk_machine *machine, const u8 *addr);

/* The template of the stubs, and where the entry points are in it. */
extern const u8 local_stubs[], local_stubs_end[];
extern const u8 local_entry_host[], local_entry_stop[];
#endif

#endif
