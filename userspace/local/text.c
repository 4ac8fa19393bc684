// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Executable memory in this process: one mapping per program, for the stubs and then the code.
 *
 * Interface: text.h
 * Invariants:
 * 1. A mapping is first writable, then executable, and never both.
 */
#include "text.h"
#include "enter.h"
#include <errno.h>
#include <sys/mman.h>
#include "jit/x86_emit.h"

#define PAGE_LEN 4096

static size_t stubs_len(void)
{
	return local_stubs_end - local_stubs;
}

bool local_text_can_load(void)
{
	return true;
}

/* Sets @entry to the offsets of the entry points, which lie before the code. */
void local_text_entries(const struct local_text *text, s64 *entry)
{
	entry[BFK_ENTRY_HOST] = text->map + (local_entry_host - local_stubs) - text->addr;
	entry[BFK_ENTRY_STOP] = text->map + (local_entry_stop - local_stubs) - text->addr;
}

static int map_text(struct local_text *text, u32 len)
{
	void *map;

	text->map_len = (stubs_len() + len + PAGE_LEN - 1) & -(size_t)PAGE_LEN;
	map = mmap(NULL, text->map_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return -errno;
	text->map = map;
	text->addr = text->map + stubs_len();
	text->len = len;
	return 0;
}

/* Writes the stubs, and the code that @a has measured. */
static int fill(struct local_text *text, struct bfk_asm *a, struct bfk_op *ops, u32 n_ops)
{
	s64 entry[BFK_ENTRIES];

	local_text_entries(text, entry);
	memcpy(text->map, local_stubs, stubs_len());
	a->out = text->addr;
	a->cap = text->len;
	a->len = 0;
	if (bfk_emit(a, ops, n_ops, entry) || a->len != text->len)
		return -EIO;
	return mprotect(text->map, text->map_len, PROT_READ | PROT_EXEC) ? -errno : 0;
}

/**
 * local_text_load - compile ops
 * @text: zeroed; filled in, and the caller unloads it
 * @ops: a well-formed program; sets their text_off
 * @n_ops: ops in it
 *
 * Return: 0, -EOVERFLOW if the code is too long for a rel32, or -errno of mmap(2) or mprotect(2).
 */
int local_text_load(struct local_text *text, struct bfk_op *ops, u32 n_ops)
{
	static const s64 nowhere[BFK_ENTRIES];
	struct bfk_asm a = { .cap = U32_MAX };
	int err;

	err = bfk_emit(&a, ops, n_ops, nowhere);
	if (!err)
		err = map_text(text, a.len);
	if (err)
		return err;
	err = fill(text, &a, ops, n_ops);
	if (err)
		local_text_unload(text);
	return err;
}

void local_text_unload(struct local_text *text)
{
	if (text->map)
		munmap(text->map, text->map_len);
	memset(text, 0, sizeof(*text));
}
