// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a run: what a program has in place of descriptors.
 *
 * Interface: slots.h
 * Invariants:
 * 1. Slots change only under the instance's lock.
 * 2. A slot holds one reference, and never an instance of bfk: references among instances could
 *    go round, and then none would ever be released.
 */
#include "slots.h"
#include <linux/module.h>
#include "compat.h"

/**
 * bfk_slot_close_file - close a file as close(2) does: if the last reference goes, it is released now
 * @file: the reference that is given up
 *
 * fput() would leave that until the task returns to user space; by then a run that accepts and
 * closes may have had more files than there can be.
 *
 * Context: sleeps, as long as the file's own release does.
 * Return: what flushing the file returned.
 */
int bfk_slot_close_file(struct file *file)
{
	int err;

	get_file(file);
	err = filp_close(file, NULL);
	bfk_compat_release(file);
	return err;
}

/**
 * bfk_slot_find_free - the slot that a file which the program opens will get
 * @run: the run
 *
 * Slots are to a run what descriptors are to a process, with the same limit on their numbers.
 *
 * Return: the lowest free slot; -EMFILE none is free below RLIMIT_NOFILE.
 */
int bfk_slot_find_free(const struct bfk_run *run)
{
	u32 max = min_t(unsigned long, rlimit(RLIMIT_NOFILE), BFK_SLOTS), slot = 0;

	while (slot < max && run->slots[slot])
		slot++;
	return slot < max ? slot : -EMFILE;
}

/**
 * bfk_slot_set - put a file into a slot
 * @run: the run
 * @slot: an empty slot
 * @file: its reference is taken over, also on an error; or an ERR_PTR
 *
 * Context: sleeps.
 * Return: 0; the error in @file; -EINVAL an instance of bfk.
 */
int bfk_slot_set(struct bfk_run *run, u32 slot, struct file *file)
{
	if (IS_ERR(file))
		return PTR_ERR(file);
	/* This module's only files are instances. */
	if (file->f_op->owner == THIS_MODULE) {
		bfk_slot_close_file(file);
		return -EINVAL;
	}
	run->slots[slot] = file;
	return 0;
}

/**
 * bfk_slot_close - empty a slot, as a descriptor is closed
 * @run: the run
 * @slot: any number
 *
 * Context: sleeps.
 * Return: what closing the file returned; -EBADF the slot is empty or there is none.
 */
int bfk_slot_close(struct bfk_run *run, u8 slot)
{
	struct file *file = bfk_slot_get(run, slot);

	if (!file)
		return -EBADF;
	run->slots[slot] = NULL;
	if (!slot)
		run->in.off = run->in.len;
	return bfk_slot_close_file(file);
}
