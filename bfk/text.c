// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text arena: the only writer of executable memory.
 *
 * Interface: text.h
 * Invariants:
 * 1. The arena is never writable where it is executable: it is written through a mapping of
 *    its own, which exists from map_span() to unmap_span().
 * 2. Bytes that belong to no program are int3 (unless memory was short when they were given
 *    back), and a span is written whole before it is entered.
 * 3. A span is written only while no run can enter it: by bfk_text_load(), before anybody else
 *    has the program, and by bfk_text_unload(), when nobody has it any more.
 */
#include "text.h"
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/sync_core.h>
#include "jit/x86_emit.h"

#define GRANULES (BFK_TEXT_LEN / BFK_TEXT_GRANULE)

static DEFINE_MUTEX(arena_lock);
static DECLARE_BITMAP(granules, GRANULES); /* under arena_lock: in use */
static kuid_t users[GRANULES];		   /* under arena_lock: who loaded what is there */

/* Read without the lock: a hint. */
u32 bfk_text_free_len(void)
{
	return (GRANULES - bitmap_weight(granules, GRANULES)) * BFK_TEXT_GRANULE;
}

/* Gives the caller @n granules in a row. Returns the first; GRANULES if it cannot have them. */
static u32 claim(u32 n)
{
	u32 first, i, n_user = n;

	mutex_lock(&arena_lock);
	first = bitmap_find_next_zero_area(granules, GRANULES, 0, n, 0);
	for (i = 0; i < GRANULES; i++)
		n_user += test_bit(i, granules) && uid_eq(users[i], current_uid());
	if (n_user > BFK_TEXT_USER_LEN / BFK_TEXT_GRANULE && !capable(CAP_SYS_RESOURCE))
		first = GRANULES;
	if (first < GRANULES)
		bitmap_set(granules, first, n);
	for (i = first; i < GRANULES && i < first + n; i++)
		users[i] = current_uid();
	mutex_unlock(&arena_lock);
	return min_t(u32, first, GRANULES);
}

/* Returns a writable view of a text, filled with int3; NULL if memory is short. */
static u8 *map_span(const struct bfk_text *text)
{
	static struct page *pages[BFK_TEXT_LEN / PAGE_SIZE]; /* under arena_lock */
	u32 first_off = offset_in_page(text->addr), n;
	u32 span_len = round_up(text->len, BFK_TEXT_GRANULE);
	void *map;

	mutex_lock(&arena_lock);
	for (n = 0; n * PAGE_SIZE < first_off + span_len; n++)
		pages[n] = vmalloc_to_page(text->addr + n * PAGE_SIZE);
	map = vmap(pages, n, VM_MAP, PAGE_KERNEL);
	mutex_unlock(&arena_lock);
	return map ? memset(map + first_off, 0xcc /* int3 */, span_len) : NULL;
}

static void sync_core_on_this_cpu(void *unused)
{
	sync_core();
}

/* Other CPUs may have fetched what these addresses held before (SDM 3A, 8.1.3). Takes NULL. */
static void unmap_span(u8 *map)
{
	vunmap(PTR_ALIGN_DOWN(map, PAGE_SIZE));
	on_each_cpu(sync_core_on_this_cpu, NULL, true);
}

/**
 * bfk_text_load - compile a program into the arena
 * @text: zeroed; bfk_text_unload() gives it back, also after an error
 * @ops: the program, which bfk_check() let through; gets its text_off set
 * @n_ops: ops in it
 *
 * Leaves @text empty, so that the program is interpreted, if the arena has no room or its user
 * already has too much of it.
 *
 * Context: sleeps; interrupts every CPU once.
 * Return: 0, -ENOMEM.
 */
int bfk_text_load(struct bfk_text *text, struct bfk_op *ops, u32 n_ops)
{
	struct bfk_asm a = { .cap = U32_MAX };
	u32 first;

	bfk_emit(&a, ops, n_ops, text->entry); /* measures; with that cap it cannot fail */
	first = claim(DIV_ROUND_UP(a.len, BFK_TEXT_GRANULE));
	if (first == GRANULES)
		return 0;
	text->addr = bfk_text_arena + first * BFK_TEXT_GRANULE;
	text->len = a.len;
	text->entry[BFK_ENTRY_HOST] = bfk_entry_host - text->addr;
	text->entry[BFK_ENTRY_STOP] = bfk_entry_stop - text->addr;
	a = (struct bfk_asm){ .out = map_span(text), .cap = a.len };
	if (!a.out)
		return -ENOMEM;
	bfk_emit(&a, ops, n_ops, text->entry); /* writes; if that fails it ends short of cap */
	unmap_span(a.out);
	return WARN_ON_ONCE(a.len != a.cap) ? -EIO : 0;
}

/* Gives a text back to the arena. If it cannot be cleared it is given back as it is. */
void bfk_text_unload(struct bfk_text *text)
{
	if (!text->len)
		return;
	unmap_span(map_span(text));
	mutex_lock(&arena_lock);
	bitmap_clear(granules, (text->addr - bfk_text_arena) / BFK_TEXT_GRANULE,
		     DIV_ROUND_UP(text->len, BFK_TEXT_GRANULE));
	mutex_unlock(&arena_lock);
}
