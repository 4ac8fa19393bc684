// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots: the only files a run can name.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. A slot holds one reference. Only the task in RUN changes slots, so what get returned
 *    stays while an operation runs.
 * 2. No slot holds an instance of bfk.
 */
#include <linux/file.h>
#include <linux/nospec.h>
#include "bfk.h"

/* Returns the file of a slot, NULL if it is empty or there is no such slot. */
struct file *bfk_slot_get(struct bfk_run *run, u8 slot)
{
	return slot < BFK_SLOTS ? run->slots[array_index_nospec(slot, BFK_SLOTS)] : NULL;
}

/* Empties a slot. Returns what closing it said, -EBADF if there was nothing in it. */
int bfk_slot_put(struct bfk_run *run, u8 slot)
{
	struct file *file = bfk_slot_get(run, slot);
	bool opened;

	if (!file)
		return -EBADF;
	opened = run->opened & BIT_ULL(slot);
	run->slots[slot] = NULL;
	run->opened &= ~BIT_ULL(slot);
	if (!slot)
		run->in_off = run->in_len = 0;
	if (opened)
		return filp_close(file, NULL);
	fput(file);
	return 0;
}

/* Can this file be in a slot? Returns 0 or -EINVAL. */
int bfk_slot_check(const struct file *file)
{
	return file->f_op == &bfk_dev_fops ? -EINVAL : 0;
}

/* Puts a file into the lowest free slot and takes over its reference. Slot, -EMFILE, -EINVAL. */
int bfk_slot_add(struct bfk_run *run, struct file *file)
{
	int err = bfk_slot_check(file), i;

	for (i = 0; !err && i < BFK_SLOTS; i++) {
		if (run->slots[i])
			continue;
		run->slots[i] = file;
		run->opened |= BIT_ULL(i);
		return i;
	}
	filp_close(file, NULL);
	return err ?: -EMFILE;
}
