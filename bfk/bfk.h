/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of bfk/ know of each other: an instance and its parts. */
#pragma once

#include <linux/fs.h>
#include <linux/mutex.h>
#include "limits.h"
#include "uapi.h"
#include "jit/machine.h"

#define BFK_TAPE_PAGES (BFK_TAPE_CELLS >> PAGE_SHIFT)

/* For what a user asks for: charged to it, and no word in the log when there is none. */
#define BFK_GFP (GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/**
 * struct bfk_program - what LOAD made
 * @ops: the program, NULL: none loaded
 * @n_ops: ops in it
 * @flags: BFK_LOAD_*
 * @text_off: where its machine code starts in the arena
 * @text_len: bytes of machine code, 0: it is interpreted
 */
struct bfk_program {
	struct bfk_op *ops;
	u32 n_ops, flags, text_off, text_len;
};

/**
 * struct bfk_run - one execution, over as many RUN calls as it takes
 * @machine: registers of the program
 * @program: what runs
 * @owner: the file table of the process it belongs to, compared and never followed; NULL: no
 *	run is under way or stopped, and all slots are empty
 * @over: no run can start before RESET or LOAD
 * @slots: its files, one reference each
 * @opened: bit i: slot i was opened by the program, and is closed as a descriptor would be
 * @done: bytes the operation at op_ix had moved when a signal stopped it
 * @out_off: bytes of @out written already
 * @out_len: bytes in @out
 * @in_off: bytes of @in used already
 * @in_len: bytes in @in
 * @report: outputs of RUN that add up as the run goes: exit_code, fail_*, sysops, *_len
 * @out: what '.' has put, to be written
 * @in: what was read ahead for ','
 */
struct bfk_run {
	struct bfk_machine machine;
	struct bfk_program program;
	const void *owner;
	bool over;
	struct file *slots[BFK_SLOTS];
	DECLARE_BITMAP(opened, BFK_SLOTS);
	u64 done, out_off;
	u32 out_len, in_off, in_len;
	struct bfk_run_args report;
	u8 out[BFK_IO_LEN], in[BFK_IO_LEN];
};

/**
 * struct bfk_instance - one open file of /dev/bfk
 * @lock: held by the one LOAD, RUN, RESET or DUMP under way
 * @abandoned: an owner that let go of the instance; if the run is still its own, it ends
 * @sealed: no further LOAD
 * @pages: memory of the ring, one reference each
 * @map: the mapping, in which the pages come round several times
 * @ring: the copy in @map that starts at a multiple of 64 KiB with a whole one on each side
 * @run: everything else, under @lock
 */
struct bfk_instance {
	struct mutex lock;
	const void *abandoned;
	bool sealed;
	struct page *pages[BFK_TAPE_PAGES];
	void *map;
	u8 *ring;
	struct bfk_run run;
};

extern const struct file_operations bfk_dev_fops;

int bfk_tape_create(struct bfk_instance *instance);
void bfk_tape_destroy(struct bfk_instance *instance);
int bfk_tape_mmap(struct file *file, struct vm_area_struct *vma);

int bfk_text_load(struct bfk_program *program);
void bfk_text_unload(struct bfk_program *program);
const u8 *bfk_text_addr(const struct bfk_program *program);
void bfk_text_entries(const struct bfk_program *program, s64 *entry);
u32 bfk_text_free_len(void);

int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args);
void bfk_program_unload(struct bfk_program *program);

int bfk_run(struct bfk_run *run, struct bfk_run_args *args);
void bfk_run_end(struct bfk_run *run);
void bfk_run_reset(struct bfk_run *run);

struct file *bfk_slot_get(struct bfk_run *run, u8 slot);
int bfk_slot_put(struct bfk_run *run, u8 slot);
int bfk_slot_add(struct bfk_run *run, struct file *file);

/* enter.S */
asmlinkage void bfk_enter(struct bfk_machine *machine, const u8 *addr);
asmlinkage void bfk_entry_host(void);
asmlinkage void bfk_entry_stop(void);
