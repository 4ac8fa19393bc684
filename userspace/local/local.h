/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An instance in this process: the struct that the files of this folder share. They are named after
 * the kernel's files that they correspond to: run.c does what bfk/run.c does, and sysop_file.c what
 * syscall_ops/file.c does. The exceptions: instance.c corresponds to dev.c, slots.c to the slots of
 * run.c, frame.c and sysops.c to syscall_ops/table.h and table.c, and sysop_open.c to the %o of
 * syscall_ops/file.c. A name has one meaning in the tree, so the names here start with local_.
 *
 * What is long and pure exists once, in jit/, which both sides compile. Rules of a few lines (the
 * frame, the flags of LOAD and %o, the tape family, the end of input) are written on both sides:
 * as functions for both they would take more lines of the trusted side than they do now. Two
 * versions also check each other: the tests compare all four engines.
 */
#ifndef BFK_LOCAL_LOCAL_H
#define BFK_LOCAL_LOCAL_H

#include <stdatomic.h>
#include <sys/types.h>
#include "enter.h"
#include "program.h"
#include "tape.h"
#include "bfk/limits.h"
#include "jit/machine.h"
#include "userspace/engine/engine.h"

/**
 * struct local_instance - an instance in this process
 * @base: what libbfk.c knows of it
 * @sealed: no further load
 * @touched: a run or bfk_tape() has had the tape, so it may not be zero. Atomic: bfk_tape() may be
 *	called while a thread of the queue runs the program
 * @tape: the ring
 * @machine: registers of the program
 * @host: bfk_host(), which local_entry_host calls; at LOCAL_HOST_OFF bytes from @machine
 * @program: what runs
 * @owner: the process the run belongs to, 0: there is no run
 * @over: the last run has ended, and neither load nor reset has returned the program to its first
 *	op
 * @slots: descriptors of its own; -1: empty
 * @opened: bit i: slot i was opened by the program
 * @moved_len: bytes moved by the operation that a signal interrupted, else 0
 * @wait_end: end of the wait that a signal interrupted, in ns of CLOCK_MONOTONIC, else 0
 * @announced: the run has stopped with BFK_STATUS_OP before the next operation
 * @out_off: bytes of @out written already; only writing the rest, or dropping it, clears this
 * @out_len: bytes in @out
 * @in_off: bytes of @in used already
 * @in_len: bytes in @in
 * @report: flags of the current run call, and outputs that add up over the run: exit_code, fail_*,
 *	sysops, *_len
 * @out: output of '.'
 * @in: input read ahead for ','
 */
struct local_instance {
	struct bfk base;
	bool sealed;
	atomic_bool touched;
	struct local_tape tape;
	struct bfk_machine machine;
	int (*host)(struct bfk_machine *machine, u32 op_ix);
	struct local_program program;
	pid_t owner;
	bool over, announced;
	int slots[BFK_SLOTS];
	u64 opened, moved_len, wait_end, out_off;
	u32 out_len, in_off, in_len;
	struct bfk_run_args report;
	u8 out[BFK_IO_LEN], in[BFK_IO_LEN];
};

static_assert(offsetof(struct local_instance, host) ==
		      offsetof(struct local_instance, machine) + LOCAL_HOST_OFF,
	      "known to enter.S");

/* Has bfk_interrupt() asked for a stop? Checked before each call into a file. */
static inline bool local_is_interrupted(const struct local_instance *local)
{
	return atomic_load_explicit(&local->base.interrupted, memory_order_relaxed);
}

#endif
