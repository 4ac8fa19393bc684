/* SPDX-License-Identifier: GPL-2.0-only */
/* One execution of a program, and its files (run.c). */
#ifndef BFK_RUN_H
#define BFK_RUN_H

#include <linux/nospec.h>
#include "program.h"
#include "syscall_ops/table.h"

/* The owner of a run whose process has closed a descriptor of the instance: the run has to end. */
#define BFK_ABANDONED ((void *)1)

/**
 * struct bfk_run - one execution, over as many RUN calls as it takes
 * @machine: registers of the program
 * @program: what runs
 * @owner: the file table of the process it belongs to, compared and never followed. NULL: no run
 *	is under way or stopped, and all slots are empty. BFK_ABANDONED: the process has closed a
 *	descriptor of the instance, and whoever has the lock ends the run before it unlocks. dev.c
 *	sets that without the lock; everything else here is under it
 * @slots_lock: held to clear @slots, and to read them without the instance's lock
 * @slots: its files, one reference each
 * @n_runs: runs started
 * @n_sysops: operations done, in all runs
 * @fuel_used: units paid, in all runs; not yet those of the current slice
 * @in_bytes: what ',' has read ahead
 * @out_bytes: what '.' has put
 * @call: the current operation, or the one at op_ix that a signal interrupted. This and everything
 *	below is zero between runs
 * @report: flags of the current RUN, and outputs that accumulate: exit_code, fail_*, sysops, *_len;
 *	and the fuel left, less that of the current slice
 * @in_off: bytes of @in_bytes used already
 * @in_len: bytes in it
 * @out_off: bytes of @out_bytes already written, if a signal interrupted that
 * @out_len: bytes in it
 */
struct bfk_run {
	struct bfk_machine machine;
	struct bfk_program program;
	void *owner;
	spinlock_t slots_lock; /* innermost */
	struct file *slots[BFK_SLOTS];
	u64 n_runs, n_sysops, fuel_used;
	u8 in_bytes[BFK_IO_LEN], out_bytes[BFK_IO_LEN];
	struct bfk_call call;
	struct bfk_run_args report;
	u32 in_off, in_len, out_off, out_len;
};

/**
 * bfk_run_check_signal - check for signals before each call into a file, whatever the last returned
 *
 * Lets other tasks run.
 *
 * Return: 0, or -ERESTARTSYS if a signal is pending.
 */
static inline int bfk_run_check_signal(void)
{
	cond_resched();
	return signal_pending(current) ? -ERESTARTSYS : 0;
}

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

int bfk_run(struct bfk_run *run, struct bfk_run_args *args, const s32 *fds);
void bfk_run_end(struct bfk_run *run, enum bfk_status status);

#endif
