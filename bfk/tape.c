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
#include <linux/vmalloc.h>
#include "bfk.h"
#include "compat.h"

/* One copy before, up to a copy less a page to get aligned, the copy itself, one after. */
#define MAP_PAGES (4 * BFK_TAPE_PAGES - 1)

static_assert(BFK_TAPE_CELLS == 1 << 16 && BFK_TAPE_CELLS % PAGE_SIZE == 0);

/**
 * bfk_tape_create - allocate and map a zeroed ring, charged to the caller
 * @instance: zeroed; bfk_tape_destroy() frees what it gets, also after an error
 *
 * Context: sleeps.
 * Return: 0 or -ENOMEM.
 */
int bfk_tape_create(struct bfk_instance *instance)
{
	struct page *map[MAP_PAGES];
	int i;

	for (i = 0; i < BFK_TAPE_PAGES; i++) {
		instance->pages[i] = alloc_page(BFK_GFP | __GFP_ZERO);
		if (!instance->pages[i])
			return -ENOMEM;
	}
	for (i = 0; i < MAP_PAGES; i++)
		map[i] = instance->pages[i % BFK_TAPE_PAGES];
	instance->map = vmap(map, MAP_PAGES, VM_MAP, PAGE_KERNEL);
	instance->ring = PTR_ALIGN(instance->map + BFK_TAPE_CELLS, BFK_TAPE_CELLS);
	return instance->map ? 0 : -ENOMEM;
}

/* Pages that users still have mapped live until they are unmapped. */
void bfk_tape_destroy(struct bfk_instance *instance)
{
	int i;

	vunmap(instance->map);
	for (i = 0; i < BFK_TAPE_PAGES && instance->pages[i]; i++)
		put_page(instance->pages[i]);
}

/**
 * bfk_tape_mmap - show the ring to the caller's process, cell 0 at offset 0
 * @file: an instance
 * @vma: MAP_SHARED, not executable, within 65,536 bytes
 *
 * Return: 0, -EINVAL private, -EPERM executable, -ENXIO out of range, -ENOMEM.
 */
int bfk_tape_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bfk_instance *instance = file->private_data;
	struct page *pages[BFK_TAPE_PAGES];
	int i;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	for (i = 0; i < BFK_TAPE_PAGES; i++)
		pages[i] = vmalloc_to_page(instance->ring + i * PAGE_SIZE);
	return vm_map_pages(vma, pages, BFK_TAPE_PAGES);
}
