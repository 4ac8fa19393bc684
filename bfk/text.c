// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text arena: the only writer of executable memory.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. The arena is never writable where it is executable: it is written through a mapping of
 *    its own, which exists only inside fill().
 * 2. Bytes that belong to no program are int3 (unless memory was short when they were given
 *    back), and a span is written whole before it is entered.
 * 3. A span is written only while no run can enter it: before LOAD hands it out, and after
 *    the instance, whose lock the caller holds, has let go of it.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>
#include <asm/sync_core.h>
#include "bfk.h"
#include "../jit/emit.h"

#define GRANULES (BFK_TEXT_LEN / BFK_TEXT_GRANULE)
#define INT3 0xcc

extern const u8 bfk_text_arena[];

static DEFINE_MUTEX(arena_lock);		/* guards granules */
static DECLARE_BITMAP(granules, GRANULES);	/* in use */

static u32 granules_of(u32 len)
{
	return DIV_ROUND_UP(len, BFK_TEXT_GRANULE);
}

static void sync_core_on_this_cpu(void *unused)
{
	sync_core();
}

/* Writes @len bytes and int3 up to the next granule. @image NULL: all int3. */
static int fill(const struct bfk_text *text, const u8 *image)
{
	unsigned long from = (unsigned long)bfk_text_addr(text);
	u32 span_len = granules_of(text->len) * BFK_TEXT_GRANULE;
	u32 n_pages = DIV_ROUND_UP(offset_in_page(from) + span_len, PAGE_SIZE), i;
	struct page **pages = kvmalloc_array(n_pages, sizeof(*pages), GFP_KERNEL);
	u8 *map = NULL, *to;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < n_pages; i++)
		pages[i] = vmalloc_to_page((void *)(from & PAGE_MASK) + i * PAGE_SIZE);
	map = vmap(pages, n_pages, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	if (!map)
		return -ENOMEM;
	to = map + offset_in_page(from);
	memset(to, INT3, span_len);
	if (image)
		memcpy(to, image, text->len);
	vunmap(map);
	/* Another CPU may have fetched what these addresses held before (SDM 3A, 8.1.3). */
	on_each_cpu(sync_core_on_this_cpu, NULL, true);
	return 0;
}

const u8 *bfk_text_addr(const struct bfk_text *text)
{
	return bfk_text_arena + text->off;
}

/* Addresses of the static entry points. */
const u64 bfk_text_entries[BFK_ENTRIES] = {
	[BFK_ENTRY_END] = (u64)bfk_entry_end,
	[BFK_ENTRY_FUEL] = (u64)bfk_entry_fuel,
	[BFK_ENTRY_STOP] = (u64)bfk_entry_stop,
	[BFK_ENTRY_IN] = (u64)bfk_entry_in,
	[BFK_ENTRY_OUT] = (u64)bfk_entry_out,
	[BFK_ENTRY_SYS] = (u64)bfk_entry_sys,
};

u32 bfk_text_free_len(void)
{
	u32 used;

	mutex_lock(&arena_lock);
	used = bitmap_weight(granules, GRANULES);
	mutex_unlock(&arena_lock);
	return (GRANULES - used) * BFK_TEXT_GRANULE;
}

static int reserve(struct bfk_text *text, u32 len)
{
	unsigned long first;

	mutex_lock(&arena_lock);
	first = bitmap_find_next_zero_area(granules, GRANULES, 0, granules_of(len), 0);
	if (first < GRANULES)
		bitmap_set(granules, first, granules_of(len));
	mutex_unlock(&arena_lock);
	if (first >= GRANULES)
		return -ENOSPC;
	text->off = first * BFK_TEXT_GRANULE;
	text->len = len;
	return 0;
}

static void release(struct bfk_text *text)
{
	mutex_lock(&arena_lock);
	bitmap_clear(granules, text->off / BFK_TEXT_GRANULE, granules_of(text->len));
	mutex_unlock(&arena_lock);
	text->len = 0;
}

/**
 * bfk_text_load - compile ops into the arena
 * @text: filled in; the caller unloads it
 * @ops: a well-formed program
 * @n_ops: ops in it
 * @text_off: n_ops + 1 entries, filled in
 *
 * Context: sleeps; interrupts every CPU once.
 * Return: 0, -ENOSPC when the arena has no room (interpret instead), -ENOMEM.
 */
int bfk_text_load(struct bfk_text *text, const struct bfk_op *ops, u32 n_ops, u32 *text_off)
{
	struct bfk_asm a = { .cap = U32_MAX };
	int err;

	err = bfk_emit(&a, ops, n_ops, text_off, bfk_text_entries);
	if (err || a.len > BFK_TEXT_LEN || reserve(text, a.len))
		return -ENOSPC;
	a = (struct bfk_asm){ .cap = a.len, .addr = (u64)bfk_text_addr(text) };
	err = -ENOMEM;
	a.out = kvmalloc(a.cap, GFP_KERNEL_ACCOUNT);
	if (!a.out)
		goto err_release;
	err = bfk_emit(&a, ops, n_ops, text_off, bfk_text_entries);
	if (WARN_ON_ONCE(err || a.len != text->len))
		err = -EIO;
	else
		err = fill(text, a.out);
	kvfree(a.out);
	if (!err)
		return 0;

err_release:
	release(text);
	return err;
}

/* Gives a span back. If it cannot be cleared it is given back as it is (invariant 2). */
void bfk_text_unload(struct bfk_text *text)
{
	if (!text->len)
		return;
	fill(text, NULL);
	release(text);
}
