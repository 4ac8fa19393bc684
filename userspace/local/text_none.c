// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * No executable memory in this process: text.c and enter.S for architectures other than x86-64.
 *
 * Interface: local.h
 */
#include "local.h"
#include <errno.h>

bool bfk_text_can_load(void)
{
	return false;
}

int bfk_text_load(struct bfk_text *text, struct bfk_op *ops, u32 n_ops)
{
	(void)text;
	(void)ops;
	(void)n_ops;
	return -EOPNOTSUPP;
}

void bfk_text_unload(struct bfk_text *text)
{
	(void)text;
}

void bfk_text_entries(const struct bfk_text *text, s64 *entry)
{
	(void)text;
	memset(entry, 0, BFK_ENTRIES * sizeof(*entry));
}

/* Not called: no program has text. */
void bfk_enter(struct bfk_machine *machine, const u8 *addr)
{
	(void)machine;
	(void)addr;
}
