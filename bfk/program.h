/* SPDX-License-Identifier: GPL-2.0-only */
/* What LOAD makes of what a user hands in (program.c). */
#ifndef BFK_PROGRAM_H
#define BFK_PROGRAM_H

#include "jit/op.h"
#include "text.h"
#include "uapi.h"

/**
 * struct bfk_program - a program that can run
 * @ops: the program, owned; NULL: none loaded
 * @n_ops: ops in it
 * @flags: BFK_LOAD_*
 * @text: its machine code, owned
 */
struct bfk_program {
	struct bfk_op *ops;
	u32 n_ops, flags;
	struct bfk_text text;
};

int bfk_program_copy_user(u8 **copy, u64 from, u32 len);
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args);
void bfk_program_unload(struct bfk_program *program);

#endif
