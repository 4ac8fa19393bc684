// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text arena: the only writer of executable memory.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. The arena is never writable where it is executable: it is written through a mapping of
 *    its own, which exists from map_span() to unmap_span().
 * 2. Bytes that belong to no program are int3 (unless memory was short when they were given
 *    back), and a span is written whole before it is entered.
 * 3. A span is written only while no run can enter it: before LOAD hands it out, and after
 *    the instance, whose lock the caller holds, has let go of it.
 */
#include "bfk.h"
#include "jit/x86_emit.h"

#define GRANULES (BFK_TEXT_LEN / BFK_TEXT_GRANULE)

extern const u8 bfk_text_arena[];

static DEFINE_MUTEX(arena_lock);	   /* guards granules; held by who calls map_span() */
static DECLARE_BITMAP(granules, GRANULES); /* in use */
static kuid_t users[GRANULES];		   /* who loaded what is there */

/* A hint, out of date when it is read. */
u32 bfk_text_free_len(void)
{
	return (GRANULES - bitmap_weight(granules, GRANULES)) * BFK_TEXT_GRANULE;
}

/* A writable view of the span, filled with int3 (0xcc); NULL if memory is short. */
static u8 *map_span(const struct bfk_program *program)
{
	static struct page *pages[BFK_TEXT_LEN / PAGE_SIZE];
	u32 first_off = offset_in_page(program->text), n;
	u32 span_len = round_up(program->text_len, BFK_TEXT_GRANULE);
	void *map;

	for (n = 0; n * PAGE_SIZE < first_off + span_len; n++)
		pages[n] = vmalloc_to_page(program->text + n * PAGE_SIZE);
	map = vmap(pages, n, VM_MAP, PAGE_KERNEL);
	return map ? memset(map + first_off, 0xcc, span_len) : NULL;
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
 * @program: its ops; gets its text, which bfk_text_unload() gives back, also after an error
 *
 * When the arena has no room, or its user has too much of it, there is no text: it is to be interpreted.
 *
 * Context: sleeps; interrupts every CPU once.
 * Return: 0, -ENOMEM.
 */
int bfk_text_load(struct bfk_program *program)
{
	struct bfk_asm a = { .cap = U32_MAX };
	unsigned long first, n, n_user, i;
	int err;

	if (bfk_emit(&a, program->ops, program->n_ops, program->entry))
		return 0;
	n = DIV_ROUND_UP(a.len, BFK_TEXT_GRANULE);
	mutex_lock(&arena_lock);
	for (i = 0, n_user = n; i < GRANULES; i++)
		n_user += test_bit(i, granules) && uid_eq(users[i], current_uid());
	first = bitmap_find_next_zero_area(granules, GRANULES, 0, n, 0);
	if (first < GRANULES &&
	    (n_user <= BFK_TEXT_USER_LEN / BFK_TEXT_GRANULE || capable(CAP_SYS_RESOURCE))) {
		for (i = first; i < first + n; i++)
			users[i] = current_uid();
		bitmap_set(granules, first, n);
		program->text = bfk_text_arena + first * BFK_TEXT_GRANULE;
		program->text_len = a.len;
		a = (struct bfk_asm){ .out = map_span(program),
				      .cap = a.len,
				      .stub_off = a.stub_off };
	}
	mutex_unlock(&arena_lock);
	if (!a.out)
		return program->text_len ? -ENOMEM : 0;
	program->entry[BFK_ENTRY_HOST] = (u8 *)bfk_entry_host - program->text;
	program->entry[BFK_ENTRY_STOP] = (u8 *)bfk_entry_stop - program->text;
	err = bfk_emit(&a, program->ops, program->n_ops, program->entry);
	unmap_span(a.out);
	return WARN_ON_ONCE(err || a.len != a.cap) ? -EIO : 0;
}

/* Gives the text of a program back. If it cannot be cleared it is given back as it is. */
void bfk_text_unload(struct bfk_program *program)
{
	if (!program->text_len)
		return;
	mutex_lock(&arena_lock);
	unmap_span(map_span(program));
	bitmap_clear(granules, (program->text - bfk_text_arena) / BFK_TEXT_GRANULE,
		     DIV_ROUND_UP(program->text_len, BFK_TEXT_GRANULE));
	mutex_unlock(&arena_lock);
}
