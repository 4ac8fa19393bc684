/* SPDX-License-Identifier: GPL-2.0-only */
/* Published machine code (text.c), and the way into it and out of it (enter.S). */
#ifndef BFK_TEXT_H
#define BFK_TEXT_H

#include "jit/machine.h"
#include "limits.h"
#include "uapi.h"

/* Programs are interpreted on other architectures, and text.c and enter.S are not built there. */
#define BFK_HAS_JIT IS_ENABLED(CONFIG_X86_64)

/**
 * struct bfk_text - the machine code of one program
 * @addr: where it lies in the arena
 * @len: bytes of it, 0: there is none, and the program is interpreted
 * @entry: the static entry points by enum bfk_entry, as offsets from @addr
 */
struct bfk_text {
	const u8 *addr;
	u32 len;
	s64 entry[BFK_ENTRIES];
};

int bfk_text_load(struct bfk_text *text, struct bfk_op *ops, u32 n_ops);
void bfk_text_unload(struct bfk_text *text);
u32 bfk_text_free_len(void);

/**
 * bfk_enter - run generated code until it stops
 * @machine: the program's registers, as for bfk_interp()
 * @addr: the code of op machine->op_ix
 */
asmlinkage void bfk_enter(struct bfk_machine *machine, const u8 *addr);

/* Where generated code lies: BFK_TEXT_LEN bytes (text_arena.S). */
extern const u8 bfk_text_arena[];

/* Where generated code goes; not for C to call. See enum bfk_entry. */
extern const u8 bfk_entry_host[], bfk_entry_stop[];

#endif
