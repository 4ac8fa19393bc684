/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of a run (slots.c). */
#ifndef BFK_SLOTS_H
#define BFK_SLOTS_H

#include <linux/nospec.h>
#include "run.h"

/**
 * bfk_slot_get - the file in a slot
 * @run: the run
 * @slot: any number; a speculated one stays in the array
 *
 * Return: the file, on the slot's reference, which stays while an operation runs, as only that
 * changes slots; NULL if the slot is empty or there is no such slot.
 */
static inline struct file *bfk_slot_get(const struct bfk_run *run, u8 slot)
{
	return slot < BFK_SLOTS ? run->slots[array_index_nospec(slot, BFK_SLOTS)] : NULL;
}

int bfk_slot_find_free(const struct bfk_run *run);
int bfk_slot_set(struct bfk_run *run, u32 slot, struct file *file);
int bfk_slot_close(struct bfk_run *run, u8 slot);
int bfk_slot_close_file(struct file *file);

#endif
