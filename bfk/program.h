/* SPDX-License-Identifier: GPL-2.0-only */
/* What LOAD makes of what a user hands in (program.c). */
#ifndef BFK_PROGRAM_H
#define BFK_PROGRAM_H

#include "text.h"

/**
 * struct bfk_program - a program that can run
 * @ops: the program, owned; NULL: none loaded
 * @n_ops: ops in it
 * @flags: BFK_LOAD_*
 * @allowed: operations it may contain, bit i: 'a' + i
 * @crc: what it is known by: the CRC-32 (that of gzip) of its ops, as they are loaded
 * @tape: the first cells of its tape, owned; NULL once they are on the tape
 * @text: its machine code, owned
 */
struct bfk_program {
	struct bfk_op *ops;
	u32 n_ops, flags, allowed, crc;
	u8 *tape;
	struct bfk_text text;
};

int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args);
void bfk_program_unload(struct bfk_program *program);

#endif
