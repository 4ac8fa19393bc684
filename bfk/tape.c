// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: sixteen pages, mapped over and over.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. Any 64 KiB of the mapping are a rotation of the ring: every address in it is a cell.
 * 2. machine.tape is a multiple of 64 KiB, so an address in that copy is its base with the head in
 *    the low 16 bits, and 16-bit arithmetic on it wraps as the ring does.
 * 3. A whole copy lies before it and one after its own: with |disp| < 65,536, and with a
 *    frame of at most 65,536 bytes at any head, nothing leaves the mapping.
 */
#include "bfk.h"

static_assert(BFK_TAPE_CELLS == 1 << 16 && BFK_TAPE_CELLS % PAGE_SIZE == 0);

/**
 * bfk_tape_create - allocate and map a zeroed ring, charged to the caller
 * @instance: zeroed; its cells are for vfree() and its map is for vunmap(), also after an error
 *
 * Context: sleeps.
 * Return: 0 or -ENOMEM.
 */
int bfk_tape_create(struct bfk_instance *instance)
{
	int i;

	instance->cells = __vmalloc(BFK_TAPE_CELLS, BFK_GFP | __GFP_ZERO);
	if (!instance->cells)
		return -ENOMEM;
	for (i = 0; i < BFK_MAP_PAGES; i++)
		instance->pages[i] =
			vmalloc_to_page(instance->cells + i * PAGE_SIZE % BFK_TAPE_CELLS);
	instance->map = vmap(instance->pages, BFK_MAP_PAGES, VM_MAP, PAGE_KERNEL);
	instance->run.machine.tape = PTR_ALIGN(instance->map + BFK_TAPE_CELLS, BFK_TAPE_CELLS);
	return instance->map ? 0 : -ENOMEM;
}

/**
 * bfk_tape_mmap - show the ring to the caller's process, cell 0 at offset 0
 * @file: an instance
 * @vma: MAP_SHARED, within 65,536 bytes
 *
 * Return: 0, -EINVAL private, -ENXIO out of range, -ENOMEM.
 */
int bfk_tape_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bfk_instance *instance = file->private_data;
	u32 first = ((void *)instance->run.machine.tape - instance->map) >> PAGE_SHIFT;

	return vma->vm_flags & VM_MAYSHARE ?
		       vm_map_pages(vma, instance->pages + first, BFK_TAPE_PAGES) :
		       -EINVAL;
}
