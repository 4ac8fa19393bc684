// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * No executable memory in this process: text.c and enter.S for architectures other than x86-64.
 *
 * Interface: text.h, enter.h
 */
#include "text.h"
#include "enter.h"
#include <errno.h>

bool local_text_can_load(void)
{
	return false;
}

int local_text_load(struct local_text *text, struct bfk_op *ops, u32 n_ops)
{
	(void)text;
	(void)ops;
	(void)n_ops;
	return -EOPNOTSUPP;
}

void local_text_unload(struct local_text *text)
{
	(void)text;
}

void local_text_entries(const struct local_text *text, s64 *entry)
{
	(void)text;
	memset(entry, 0, BFK_ENTRIES * sizeof(*entry));
}

/* Not called: no program has text. */
void local_enter(struct bfk_machine *machine, const u8 *addr)
{
	(void)machine;
	(void)addr;
}
