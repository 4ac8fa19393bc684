/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of bfk/ know of each other: an instance, its parts, and the frame of an operation. */
#ifndef BFK_H
#define BFK_H

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid_namespace.h>
#include <linux/poll.h>
#include <linux/seccomp.h>
#include <linux/seq_file.h>
#include <linux/splice.h>
#include <linux/vmalloc.h>
#include <asm/sync_core.h>
#include <net/sock.h>
#include "compat.h"
#include "limits.h"
#include "uapi.h"
#include "jit/machine.h"

#define BFK_TAPE_PAGES (BFK_TAPE_CELLS >> PAGE_SHIFT)
/* One copy before, up to a copy less a page to get aligned, the copy itself, one after. */
#define BFK_MAP_PAGES (4 * BFK_TAPE_PAGES - 1)

/* For what a user asks for: charged to it, and no word in the log when there is none. */
#define BFK_GFP (GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/**
 * struct bfk_program - what LOAD made
 * @ops: the program, NULL: none loaded
 * @n_ops: ops in it
 * @flags: BFK_LOAD_*
 * @text: its machine code, in the arena
 * @text_len: bytes of it, 0: it is interpreted
 * @entry: where the static entry points lie, seen from its text
 */
struct bfk_program {
	struct bfk_op *ops;
	const u8 *text;
	u32 n_ops, flags, text_len;
	s64 entry[BFK_ENTRIES];
};

/* As it lies on the tape, little-endian; the fields are told in bfk(7). */
struct bfk_frame {
	u8 go, err, slot, arg;
	u16 cap, len;
	u64 off;
};

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN);

/**
 * struct bfk_call - one operation under way
 * @run: on whose behalf
 * @data: behind the frame on the tape, or a buffer of ',' or '.'
 * @room: bytes the program has room for there
 * @file: what is in the slot the frame names, not NULL if the operation needs one
 * @at: transfer at off, and not at the file's own position
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_run *run;
	u8 *data;
	u32 room;
	struct file *file;
	bool at;
	struct bfk_frame frame;
};

#define BFK_OWNER_LEFT ((void *)1)

/**
 * struct bfk_run - one execution, over as many RUN calls as it takes
 * @machine: registers of the program
 * @program: what runs
 * @owner: the file table of the process it belongs to, compared and never followed; NULL: no
 *	run is under way or stopped, and all slots are empty; BFK_OWNER_LEFT: the process has let
 *	go of the instance, and who has the lock ends the run before it unlocks
 * @slots: its files, one reference each
 * @call: the operation under way; there is one at a time
 * @done: bytes it had moved before a signal stopped it, or that were written of @out then: while
 *	there is output to be written no operation is under way; else 0
 * @out_len: bytes in @out
 * @in_off: bytes of @in used already
 * @in_len: bytes in @in
 * @n_runs: runs started
 * @n_sysops: operations done, in all runs
 * @fuel_used: units paid, in all runs
 * @report: outputs of RUN that add up as the run goes: exit_code, fail_*, sysops, *_len
 * @out: what '.' has put, to be written
 * @in: what was read ahead for ','
 */
struct bfk_run {
	struct bfk_machine machine;
	struct bfk_program program;
	void *owner;
	struct file *slots[BFK_SLOTS];
	struct bfk_call call;
	u64 done;
	u32 out_len, in_off, in_len;
	u64 n_runs, n_sysops, fuel_used;
	struct bfk_run_args report;
	u8 out[BFK_IO_LEN], in[BFK_IO_LEN];
};

/**
 * struct bfk_instance - one open file of /dev/bfk
 * @lock: held by the one LOAD, RUN, RESET or DUMP under way
 * @sealed: no further LOAD
 * @cells: memory of the ring
 * @map: the mapping of @pages
 * @pages: those of @cells, which come round several times
 * @run: everything else, under @lock
 */
struct bfk_instance {
	struct mutex lock;
	bool sealed;
	void *cells, *map;
	struct page *pages[BFK_MAP_PAGES];
	struct bfk_run run;
};

extern const struct file_operations bfk_dev_fops;

int bfk_tape_create(struct bfk_instance *instance);
int bfk_tape_mmap(struct file *file, struct vm_area_struct *vma);

int bfk_text_load(struct bfk_program *program);
void bfk_text_unload(struct bfk_program *program);
u32 bfk_text_free_len(void);

int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args);
void bfk_program_unload(struct bfk_program *program);

int bfk_run(struct bfk_run *run, struct bfk_run_args *args);
void bfk_run_end(struct bfk_run *run, enum bfk_status status);

/* Returns the file of a slot, NULL if it is empty or there is no such slot. */
static inline struct file *bfk_slot_get(struct bfk_run *run, u8 slot)
{
	return slot < BFK_SLOTS ? run->slots[array_index_nospec(slot, BFK_SLOTS)] : NULL;
}

int bfk_file_close(struct file *file);
int bfk_slot_put(struct bfk_run *run, u8 slot);
int bfk_slot_add(struct bfk_run *run, u32 first, struct file *file, u8 *slot);

/* enter.S */
asmlinkage void bfk_enter(struct bfk_machine *machine, const u8 *addr);
asmlinkage void bfk_entry_host(void);
asmlinkage void bfk_entry_stop(void);

#endif
