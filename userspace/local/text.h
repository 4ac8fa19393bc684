/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Machine code in this process: text.c, or text_none.c where there can be none. */
#ifndef BFK_LOCAL_TEXT_H
#define BFK_LOCAL_TEXT_H

#include "jit/env.h"
#include "jit/op.h"

/**
 * struct local_text - machine code
 * @map: the mapping: a copy of the stubs, then the code
 * @map_len: bytes mapped
 * @addr: the code
 * @len: bytes of code, 0: none
 */
struct local_text {
	u8 *map;
	size_t map_len;
	u8 *addr;
	u32 len;
};

/* Can machine code be made on this architecture? */
bool local_text_can_load(void);
int local_text_load(struct local_text *text, struct bfk_op *ops, u32 n_ops);
void local_text_unload(struct local_text *text);
void local_text_entries(const struct local_text *text, s64 *entry);

#endif
