// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: its pages (sixteen of 4 KiB, four of 16, or one of 64), mapped over and over.
 *
 *	map      ring = a multiple of 64 KiB
 *	|        |
 *	[...copy)[ the aligned copy )[ a copy after )...
 *	         ^ rbx = ring + head: only bx is ever written, so it cannot leave the copy
 *
 * Interface: tape.h
 * Invariants:
 * 1. Any 64 KiB of the mapping are a rotation of the ring: every address in it is a cell.
 * 2. The ring is a multiple of 64 KiB, so an address in that copy is its base with the head in the
 *    low 16 bits, and 16-bit arithmetic on it wraps as the ring does.
 * 3. A whole copy lies before it and one after its own: with |disp| < 65,536, and with a
 *    frame of at most 65,536 bytes at any head, nothing leaves the mapping.
 * 4. No user can hold a page of the ring: user mappings have page frame numbers only, and each
 *    holds the file, so the pages live exactly as long as the instance.
 */
#include "tape.h"

static_assert(BFK_TAPE_CELLS == 1 << 16 && BFK_TAPE_CELLS % PAGE_SIZE == 0);

/**
 * bfk_tape_create - allocate and map a zeroed ring, charged to the caller
 * @tape: zeroed; the caller calls vunmap() on its map and vfree() on its cells, also after an error
 *
 * Context: sleeps.
 * Return: cell 0 of the copy that starts at a multiple of 64 KiB, or NULL if memory is short.
 */
u8 *bfk_tape_create(struct bfk_tape *tape)
{
	struct page *pages[BFK_MAP_PAGES];
	int i;

	tape->cells = __vmalloc(BFK_TAPE_CELLS, BFK_GFP | __GFP_ZERO);
	if (!tape->cells)
		return NULL;
	for (i = 0; i < BFK_MAP_PAGES; i++)
		pages[i] = vmalloc_to_page(tape->cells + i * PAGE_SIZE % BFK_TAPE_CELLS);
	tape->map = vmap(pages, BFK_MAP_PAGES, VM_MAP, PAGE_KERNEL);
	return tape->map ? PTR_ALIGN(tape->map + BFK_TAPE_CELLS, BFK_TAPE_CELLS) : NULL;
}

/**
 * bfk_tape_mmap - map the ring into the caller's process, cell 0 at offset 0
 * @ring: its cell 0, as bfk_tape_create() returned it
 * @vma: MAP_SHARED, within 65,536 bytes
 *
 * By page frame number: nothing that wants a reference to a page (vmsplice, O_DIRECT, registered
 * buffers, ptrace) gets one, which would keep the page, and its charge, beyond the instance.
 *
 * Context: called by mmap(2), with the mmap lock held.
 * Return: 0; -EINVAL private; -ENXIO out of range; -ENOMEM.
 */
int bfk_tape_mmap(const u8 *ring, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff, n = vma_pages(vma), i;
	int err = 0;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (first >= BFK_TAPE_PAGES || n > BFK_TAPE_PAGES - first)
		return -ENXIO;
	for (i = 0; i < n && !err; i++)
		err = remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE,
				      vmalloc_to_pfn(ring + (first + i) * PAGE_SIZE), PAGE_SIZE,
				      vma->vm_page_prot);
	return err;
}
