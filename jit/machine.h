/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The state a running program has, whatever the engine, and what an engine asks of its host.
 *
 * The BFK_M_* offsets are for the assembly that enters and leaves generated code; x86_emit.c lists
 * the registers it keeps the state in meanwhile.
 */
#ifndef BFK_MACHINE_H
#define BFK_MACHINE_H

#define BFK_M_TAPE 0
#define BFK_M_FUEL 8
#define BFK_M_HEAD 16
#define BFK_M_OP_IX 20
#define BFK_M_REGS 28

#ifndef __ASSEMBLY__
#include "env.h"
#include "op.h"

/**
 * struct bfk_machine - registers of a stopped or running program
 * @tape: cell 0 of a copy of the ring that starts at a multiple of 64 KiB and has a whole
 *	copy before and after it
 * @fuel: jumps back until the run stops; not 0 when an engine is entered
 * @head: index of the current cell, less the shift that ops have in their offsets (bfk_op_shift())
 * @op_ix: while a run is stopped, the op to be done next; where an engine is entered
 * @status: enum bfk_status, the host's: set to BFK_STATUS_FUEL before an engine is entered, to
 *	another reason by bfk_host(); engines do not look at it
 * @regs: the registers; regs[0] is not used
 */
struct bfk_machine {
	u8 *tape;
	u64 fuel;
	u16 head;
	u32 op_ix, status;
	u8 regs[BFK_OP_REGS];
};

static_assert(offsetof(struct bfk_machine, tape) == BFK_M_TAPE, "known to assembly");
static_assert(offsetof(struct bfk_machine, fuel) == BFK_M_FUEL, "known to assembly");
static_assert(offsetof(struct bfk_machine, head) == BFK_M_HEAD, "known to assembly");
static_assert(offsetof(struct bfk_machine, op_ix) == BFK_M_OP_IX, "known to assembly");
static_assert(offsetof(struct bfk_machine, regs) == BFK_M_REGS, "known to assembly");

/**
 * bfk_host - do an END, IN, OUT or SYS; the host of the engines provides it
 * @machine: state, with the head up to date
 * @op_ix: the op
 *
 * Context: called by the engines, in the context they were entered in.
 * Return: 0 to continue; 1, with machine->op_ix and machine->status set, to stop at this op. If the
 * run is resumed the op is done again, so an op that stops the run has either done nothing yet, or
 * the host remembers what it has done.
 */
int bfk_host(struct bfk_machine *machine, u32 op_ix);

/**
 * bfk_interp - run ops from machine->op_ix until something stops them
 * @machine: state; the caller has set status to BFK_STATUS_FUEL
 * @ops: an array that bfk_check() accepted
 *
 * The reference for what every op means. On return machine->status says why the run stopped, and
 * machine->op_ix where.
 *
 * Context: as bfk_host(), otherwise pure.
 */
void bfk_interp(struct bfk_machine *machine, const struct bfk_op *ops);
#endif

#endif
