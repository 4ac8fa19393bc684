/* SPDX-License-Identifier: GPL-2.0-only */
/* The ring of cells (tape.c). */
#ifndef BFK_TAPE_H
#define BFK_TAPE_H

#include <linux/mm.h>
#include <linux/vmalloc.h>
#include "limits.h"

#define BFK_TAPE_PAGES (BFK_TAPE_CELLS >> PAGE_SHIFT)
/* One copy before, up to a copy less a page to get aligned, the copy itself, one after. */
#define BFK_MAP_PAGES (4 * BFK_TAPE_PAGES - 1)

/**
 * struct bfk_tape - the ring, mapped several times in a row
 * @cells: the memory of the ring
 * @map: the mapping of its pages, repeated
 */
struct bfk_tape {
	void *cells, *map;
};

u8 *bfk_tape_create(struct bfk_tape *tape);
int bfk_tape_mmap(const u8 *ring, struct vm_area_struct *vma);

#endif
