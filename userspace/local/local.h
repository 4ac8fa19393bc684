/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the files of the engines in this process know of each other. They are named after the
 * kernel's files that they correspond to: run.c does what bfk/run.c does, and sysop_file.c what
 * syscall_ops/file.c does. The exceptions: engine.c corresponds to dev.c, slots.c to the slots of
 * run.c, sysop_open.c to the %o of syscall_ops/file.c, and sysops.c to syscall_ops/table.c with the
 * time and process families.
 */
#ifndef BFK_LOCAL_H
#define BFK_LOCAL_H

#define BFK_LOCAL_HOST_OFF 40 /* bytes from machine to host, for enter.S */

#include "jit/machine.h"
#ifndef __ASSEMBLY__
#include "userspace/engine/engine.h"
#include <stdatomic.h>
#include <sys/types.h>
#include "bfk/limits.h"

/**
 * struct bfk_tape - the ring
 * @map: the reserved addresses it lies in
 * @ring: the copy that starts at a multiple of 64 KiB with a whole one on each side
 */
struct bfk_tape {
	void *map;
	u8 *ring;
};

int bfk_tape_create(struct bfk_tape *tape);
void bfk_tape_destroy(struct bfk_tape *tape);

/**
 * struct bfk_text - machine code
 * @map: the mapping: a copy of the stubs, then the code
 * @map_len: bytes mapped
 * @addr: the code
 * @len: bytes of code, 0: none
 */
struct bfk_text {
	u8 *map;
	size_t map_len;
	u8 *addr;
	u32 len;
};

/* Can machine code be made on this architecture? If not, text_none.c has the functions below. */
bool bfk_text_can_load(void);
int bfk_text_load(struct bfk_text *text, struct bfk_op *ops, u32 n_ops);
void bfk_text_unload(struct bfk_text *text);
void bfk_text_entries(const struct bfk_text *text, s64 *entry);

/* enter.S */
void bfk_enter(struct bfk_machine *machine, const u8 *addr);

/**
 * struct bfk_program - what load made
 * @ops: the program, NULL: none loaded
 * @n_ops: ops in it
 * @text: its machine code, if it has any
 * @flags: BFK_LOAD_*
 */
struct bfk_program {
	struct bfk_op *ops;
	u32 n_ops;
	struct bfk_text text;
	u32 flags;
};

struct bfk_parse;
int bfk_program_parse(struct bfk_parse *parse, const struct bfk_load_args *args);
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args, struct bfk_op *ops);
void bfk_program_unload(struct bfk_program *program);

/**
 * struct bfk_local - an instance in this process
 * @base: for libbfk.c
 * @sealed: no further load
 * @touched: somebody has had the tape: it may not be zero. Atomic: bfk_tape() may be called while
 *	the queue's thread runs it
 * @tape: the ring
 * @machine: registers of the program
 * @host: bfk_host(), for the stub that calls it; lies right behind @machine, where they look for it
 * @program: what runs
 * @owner: the process the run belongs to, 0: there is no run
 * @over: the last run ended, and nothing has put the program back to its first op yet
 * @slots: its files, descriptors of its own; -1 where there is none
 * @opened: bit i: slot i was opened by the program
 * @moved_len: bytes that the operation a signal has cut short had moved, else 0
 * @wait_end: when the wait that a signal has cut short is over, in ns of CLOCK_MONOTONIC, else 0
 * @announced: the run has stopped with BFK_STATUS_OP at the operation that is next
 * @out_off: bytes of @out written already; only writing the rest, or dropping it, clears this
 * @out_len: bytes in @out
 * @in_off: bytes of @in used already
 * @in_len: bytes in @in
 * @report: flags of the run call under way, and outputs that add up as the run goes: exit_code, fail_*,
 *	sysops, *_len
 * @out: what '.' has put, to be written
 * @in: what was read ahead for ','
 */
struct bfk_local {
	struct bfk base;
	bool sealed;
	atomic_bool touched;
	struct bfk_tape tape;
	struct bfk_machine machine;
	int (*host)(struct bfk_machine *machine, u32 op_ix);
	struct bfk_program program;
	pid_t owner;
	bool over, announced;
	int slots[BFK_SLOTS];
	u64 opened, moved_len, wait_end, out_off;
	u32 out_len, in_off, in_len;
	struct bfk_run_args report;
	u8 out[BFK_IO_LEN], in[BFK_IO_LEN];
};

static_assert(offsetof(struct bfk_local, host) ==
		      offsetof(struct bfk_local, machine) + BFK_LOCAL_HOST_OFF,
	      "known to enter.S");

/* Has bfk_interrupt() asked for a stop? To be looked at before each call into a file. */
static inline bool bfk_local_is_interrupted(const struct bfk_local *local)
{
	return atomic_load_explicit(&local->base.interrupted, memory_order_relaxed);
}

int bfk_local_run(struct bfk *bfk, struct bfk_run_args *args);
void bfk_local_end(struct bfk_local *local);
void bfk_local_restart(struct bfk_local *local);

/* The slots, for operations. */
int bfk_slot_get(const struct bfk_local *local, u8 slot);
int bfk_slot_put(struct bfk_local *local, u8 slot);
int bfk_slot_find_free(const struct bfk_local *local);
int bfk_slot_set(struct bfk_local *local, int slot, int fd);
int bfk_slot_take(struct bfk_local *local, u8 slot, int fd);
#endif

#endif
