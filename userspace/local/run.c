// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * One run in this process, and what the engines ask of their host; the twin of bfk/run.c.
 *
 * Interface: run.h, jit/machine.h
 * Invariants:
 * 1. A stop by fuel or a signal loses nothing and repeats nothing: an interrupted operation leaves
 *    the bytes it moved in moved_len, or the end of its wait in wait_end, and unwritten output
 *    stays in out. bfk(7), SIGNALS, documents how an operation continues.
 * 2. Without an owner there is no run, and all slots are empty.
 *
 * A run notices a signal where a system call returns EINTR. So a handler without SA_RESTART stops a
 * run that waits; to stop one that computes, the handler calls bfk_interrupt().
 */
#include "run.h"
#include "enter.h"
#include "frame.h"
#include "slots.h"
#include "sysop_file.h"
#include "sysops.h"
#include <errno.h>
#include <unistd.h>

/*
 * Bounds between two checks of bfk_interrupt(): jumps back, and ops, as the whole program may run
 * between two jumps back.
 */
#define SLICE_FUEL (1u << 20)
#define SLICE_OPS (1u << 30)

static struct local_instance *local_of(struct bfk_machine *machine)
{
	return (struct local_instance *)((u8 *)machine - offsetof(struct local_instance, machine));
}

/* Returns what bfk_host() returns to stop a run. */
static int stop(struct local_instance *local, enum bfk_status status)
{
	local->machine.status = status;
	return 1;
}

static void note_outcome(struct local_instance *local, u8 letter, int err)
{
	local->report.fail_errno = -err;
	local->report.fail_letter = err ? letter : 0;
	local->report.fail_off = err ? local->program.ops[local->machine.op_ix].source_off : 0;
}

/* Stops for an error of ',' or '.': a signal, after which the run continues, or its end. */
static int stop_io(struct local_instance *local, u8 letter, int err)
{
	if (local_call_interrupted(err))
		return stop(local, BFK_STATUS_SIGNAL);
	note_outcome(local, letter, err);
	return stop(local, BFK_STATUS_FAILED);
}

/* Writes what '.' has buffered, or stops. An error other than a signal drops the rest. */
static int write_out(struct local_instance *local)
{
	int err;

	if (!local->out_len)
		return 0;
	err = local_file_write(local, local_slot_get(local, 1), local->out, local->out_len, NULL,
			       &local->out_off);
	if (!local_call_interrupted(err))
		local->out_off = local->out_len = 0;
	return err ? stop_io(local, '.', err) : 0;
}

/* The same while the program runs: an interrupted run stops first. */
static int flush(struct local_instance *local)
{
	if (local->out_len && local_is_interrupted(local))
		return stop(local, BFK_STATUS_SIGNAL);
	return write_out(local);
}

static int put_cell(struct local_instance *local, u8 cell)
{
	if (local->out_len == BFK_IO_LEN && flush(local))
		return 1;
	local->out[local->out_len++] = cell;
	return 0;
}

static int get_cell(struct local_instance *local, u8 *cell)
{
	ssize_t len;

	if (local->in_off == local->in_len) {
		if (flush(local))
			return 1;
		if (local_is_interrupted(local))
			return stop(local, BFK_STATUS_SIGNAL);
		len = local_file_read(local, local_slot_get(local, 0), local->in, BFK_IO_LEN, NULL);
		if (len < 0)
			return stop_io(local, ',', len);
		local->in_off = 0;
		local->in_len = len;
	}
	if (local->in_len)
		*cell = local->in[local->in_off++];
	else if (!(local->program.flags & BFK_LOAD_EOF_KEEP))
		*cell = local->program.flags & BFK_LOAD_EOF_255 ? 255 : 0;
	return 0;
}

/* Ends the current operation: the next one has moved nothing, and has not begun to wait. */
static void forget_progress(struct local_instance *local)
{
	local->moved_len = 0;
	local->wait_end = 0;
	local->announced = false;
}

static int do_sysop(struct local_instance *local, u8 *tape, u8 letter)
{
	struct local_call call = { .local = local, .tape = tape };
	int err;

	local_call_load(&call);
	if (!call.frame.go) {
		forget_progress(local); /* go may have been cleared while the run was stopped */
		return 0;
	}
	if (flush(local))
		return 1;
	/* After the flush, as in the kernel: a signal there would replace this status. */
	if (local->report.flags & BFK_RUN_STOP_OPS && !local->announced) {
		local->announced = true;
		return stop(local, BFK_STATUS_OP);
	}
	if (local_is_interrupted(local))
		return stop(local, BFK_STATUS_SIGNAL);
	err = local_sysop_do(&call, letter);
	if (local_call_interrupted(err))
		return stop(local, BFK_STATUS_SIGNAL);
	local_call_store(&call, err);
	forget_progress(local);
	local->report.sysops++;
	note_outcome(local, letter, err < 0 ? err : 0);
	return local->machine.status == BFK_STATUS_QUIT;
}

int bfk_host(struct bfk_machine *machine, u32 op_ix)
{
	struct local_instance *local = local_of(machine);
	const struct bfk_op *op = &local->program.ops[op_ix];
	u8 *cell = &machine->tape[(u16)(machine->head + op->off)];

	machine->op_ix = op_ix;
	switch (op->kind) {
	case BFK_OP_IN:
		return get_cell(local, cell);
	case BFK_OP_OUT:
		return put_cell(local, *cell);
	case BFK_OP_SYS:
		return do_sysop(local, cell, op->val);
	default:
		return flush(local) ? 1 : stop(local, BFK_STATUS_END);
	}
}

static void run_slice(struct local_instance *local)
{
	const struct local_program *program = &local->program;

	if (program->text.len)
		local_enter(&local->machine,
			    program->text.addr + program->ops[local->machine.op_ix].text_off);
	else
		bfk_interp(&local->machine, program->ops);
}

/* Runs in slices until something stops the program. Returns the fuel left. */
static u64 run_slices(struct local_instance *local, u64 fuel)
{
	u64 slice_max = 1 + SLICE_OPS / local->program.n_ops, slice;
	struct bfk_machine *machine = &local->machine;

	if (slice_max > SLICE_FUEL)
		slice_max = SLICE_FUEL;
	machine->status = BFK_STATUS_FUEL;
	while (fuel && machine->status == BFK_STATUS_FUEL) {
		if (local_is_interrupted(local)) {
			machine->status = BFK_STATUS_SIGNAL;
			break;
		}
		slice = fuel < slice_max ? fuel : slice_max;
		machine->fuel = slice;
		run_slice(local);
		fuel -= slice - machine->fuel;
	}
	return fuel;
}

/* Starts a run with the caller's files. After an error it holds none. */
static int start(struct local_instance *local, const int *fds, unsigned int n_fds)
{
	unsigned int i;
	int err;

	for (i = 0; i < n_fds; i++) {
		err = fds[i] == -1 ? 0 : local_slot_take(local, i, fds[i]);
		if (err) {
			local_restart(local);
			return err;
		}
	}
	local->owner = getpid();
	return 0;
}

static void report(struct local_instance *local)
{
	const struct bfk_op *op = &local->program.ops[local->machine.op_ix];
	struct bfk_run_args *report = &local->report;

	report->status = local->machine.status;
	report->engine = local->program.text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	report->source_off = op->source_off;
	report->head = (u16)(local->machine.head + bfk_op_shift(op, local->machine.op_ix));
}

/* Starts a run, or checks that the current one may continue. */
static int admit(struct local_instance *local, const struct bfk_run_args *args)
{
	if (args->n_fds > BFK_SLOTS || args->flags & ~BFK_RUN_STOP_OPS)
		return -EINVAL;
	if (!local->program.ops)
		return -ENOEXEC;
	if (local->owner == getpid())
		return args->n_fds ? -EINVAL : 0;
	if (local->owner)
		return -EPERM;
	if (local->over)
		return -EBADFD;
	return start(local, (const int *)(uintptr_t)args->fds, args->n_fds);
}

/* RUN for these engines. Returns 0, -EINVAL, -ENOEXEC, -EPERM, -EBADFD, -EBADF or -EMFILE. */
int local_run(struct bfk *bfk, struct bfk_run_args *args)
{
	struct local_instance *local = (struct local_instance *)bfk;
	int err = admit(local, args);

	if (err)
		return err;
	local->touched = true;
	local->report.flags = args->flags;
	local->report.fuel = run_slices(local, args->fuel);
	write_out(local); /* the status stands, unless this stops with one of its own */
	report(local);
	*args = local->report;
	if (args->status < BFK_STATUS_FUEL)
		local_end(local);
	return 0;
}

/* Ends a run at any point: closes its files, drops unused input and output. */
void local_end(struct local_instance *local)
{
	int i;

	for (i = 0; i < BFK_SLOTS; i++)
		local_slot_put(local, i);
	local->in_off = local->in_len = local->out_off = local->out_len = 0;
	local->owner = 0;
	local->over = true;
}

/* Ends a run, and returns the program to its first op. */
void local_restart(struct local_instance *local)
{
	local_end(local);
	local->machine =
		(struct bfk_machine){ .tape = local->tape.ring, .status = BFK_STATUS_FUEL };
	local->report = (struct bfk_run_args){};
	forget_progress(local);
	local->over = false;
}
