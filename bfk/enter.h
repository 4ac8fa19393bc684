/* SPDX-License-Identifier: GPL-2.0-only */
/* The way into generated code and out of it (enter.S). */
#ifndef BFK_ENTER_H
#define BFK_ENTER_H

#include <linux/linkage.h>
#include "jit/machine.h"

/**
 * bfk_enter - run generated code until it stops
 * @machine: the program's registers, as for bfk_interp()
 * @addr: the text of the program, plus machine->resume_off
 */
asmlinkage void bfk_enter(struct bfk_machine *machine, const u8 *addr);

/* Where generated code goes; never called by C. See enum bfk_entry. */
asmlinkage void bfk_entry_host(void);
asmlinkage void bfk_entry_stop(void);

#endif
