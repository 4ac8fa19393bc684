// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: sixteen pages, mapped over and over.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. Any 64 KiB of the mapping are a rotation of the ring: every address in it is a cell.
 * 2. ring is a multiple of 64 KiB, so an address in that copy is its base with the head in the
 *    low 16 bits, and 16-bit arithmetic on it wraps as the ring does.
 * 3. A whole copy lies before ring and one after its own: with |disp| < 65,536, and with a
 *    frame of at most 65,536 bytes at any head, nothing leaves the mapping.
 */
#include <linux/align.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include "bfk.h"
#include "compat.h"

/* One copy before, up to a copy less a page to get aligned, the copy itself, one after. */
#define MAP_PAGES (4 * BFK_TAPE_PAGES - 1)

static_assert(BFK_TAPE_CELLS == 1 << 16);
static_assert(BFK_TAPE_CELLS % PAGE_SIZE == 0);

/**
 * bfk_tape_create - allocate and map a zeroed ring, charged to the caller
 * @tape: zeroed; the caller destroys it
 *
 * Context: sleeps.
 * Return: 0 or -ENOMEM, and then nothing is left to destroy.
 */
int bfk_tape_create(struct bfk_tape *tape)
{
	struct page **map = kvmalloc_array(MAP_PAGES, sizeof(*map), GFP_KERNEL);
	int i;

	if (!map)
		return -ENOMEM;
	for (i = 0; i < BFK_TAPE_PAGES; i++) {
		tape->pages[i] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
		if (!tape->pages[i])
			goto err_pages;
	}
	for (i = 0; i < MAP_PAGES; i++)
		map[i] = tape->pages[i % BFK_TAPE_PAGES];
	tape->map = vmap(map, MAP_PAGES, VM_MAP, PAGE_KERNEL);
	if (!tape->map)
		goto err_pages;
	kvfree(map);
	tape->ring = PTR_ALIGN(tape->map + BFK_TAPE_CELLS, BFK_TAPE_CELLS);
	return 0;

err_pages:
	kvfree(map);
	bfk_tape_destroy(tape);
	return -ENOMEM;
}

/* Frees whatever bfk_tape_create() got; pages still mapped by users live until unmapped. */
void bfk_tape_destroy(struct bfk_tape *tape)
{
	int i;

	vunmap(tape->map);
	for (i = 0; i < BFK_TAPE_PAGES && tape->pages[i]; i++)
		put_page(tape->pages[i]);
}

/**
 * bfk_tape_mmap - show the ring to the caller's process
 * @tape: the ring
 * @vma: MAP_SHARED, not executable, within 65,536 bytes from offset 0
 *
 * The pages start with what is cell (-ring mod 64 KiB) of the first copy, so they are mapped
 * in the order that makes offset 0 cell 0.
 *
 * Return: 0, -EINVAL private, -EPERM executable, -ENXIO out of range, -ENOMEM.
 */
int bfk_tape_mmap(struct bfk_tape *tape, struct vm_area_struct *vma)
{
	struct page *pages[BFK_TAPE_PAGES];
	int i;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	for (i = 0; i < BFK_TAPE_PAGES; i++)
		pages[i] = vmalloc_to_page(tape->ring + i * PAGE_SIZE);
	return vm_map_pages(vma, pages, BFK_TAPE_PAGES);
}
