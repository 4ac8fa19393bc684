/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Load in this process. */
#ifndef BFK_LOCAL_PROGRAM_H
#define BFK_LOCAL_PROGRAM_H

#include "text.h"
#include "userspace/engine/engine.h"

/**
 * struct local_program - what load made
 * @ops: the program, NULL: none loaded
 * @n_ops: ops in it
 * @text: its machine code, if it has any
 * @flags: BFK_LOAD_*
 */
struct local_program {
	struct bfk_op *ops;
	u32 n_ops;
	struct local_text text;
	u32 flags;
};

struct bfk_parse;
int local_program_parse(struct bfk_parse *parse, const struct bfk_load_args *args, u32 known);
int local_program_load(struct local_program *program, struct bfk_load_args *args,
		       struct bfk_op *ops, u32 known);
void local_program_unload(struct local_program *program);

#endif
