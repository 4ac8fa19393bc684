// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run: slots, fuel, signals, status, and what the engines ask of their host.
 *
 * Interface: bfk.h, jit/machine.h
 * Invariants:
 * 1. Everything here is under the instance's lock, on the task that called RUN.
 * 2. A stop by fuel or a signal loses nothing and repeats nothing: an operation cut short
 *    leaves what it moved in done, output that could not be written stays in out.
 * 3. Between two looks at signals at most BFK_SLICE_OPS ops run, or one program's length of
 *    them if that is more: a back-edge is paid at least once a program length.
 * 4. Without an owner there is no run, and all slots are empty.
 * 5. A slot holds one reference and never an instance of bfk. What bfk_slot_get() returns stays
 *    while an operation runs, as only that changes slots.
 */
#include <linux/file.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "bfk.h"
#include "syscall_ops/table.h"

/* Returns the file of a slot, NULL if it is empty or there is no such slot. */
struct file *bfk_slot_get(struct bfk_run *run, u8 slot)
{
	return slot < BFK_SLOTS ? run->slots[array_index_nospec(slot, BFK_SLOTS)] : NULL;
}

/* Empties a slot. Returns what closing it said, -EBADF if there was nothing in it. */
int bfk_slot_put(struct bfk_run *run, u8 slot)
{
	struct file *file = bfk_slot_get(run, slot);

	if (!file)
		return -EBADF;
	run->slots[slot] = NULL;
	if (!slot)
		run->in_off = run->in_len = 0;
	if (__test_and_clear_bit(slot, run->opened))
		return filp_close(file, NULL);
	fput(file);
	return 0;
}

/* Puts a file into the lowest free slot and takes over its reference. Slot, -EMFILE, -EINVAL. */
int bfk_slot_add(struct bfk_run *run, struct file *file)
{
	int i = 0;

	while (i < BFK_SLOTS && run->slots[i])
		i++;
	if (i == BFK_SLOTS || file->f_op == &bfk_dev_fops) {
		filp_close(file, NULL);
		return i == BFK_SLOTS ? -EMFILE : -EINVAL;
	}
	run->slots[i] = file;
	__set_bit(i, run->opened);
	return i;
}

static int stop(struct bfk_run *run, enum bfk_status status)
{
	run->machine.status = status;
	return 1;
}

static void note_outcome(struct bfk_run *run, u8 letter, int err)
{
	run->report.fail_errno = -err;
	run->report.fail_letter = err ? letter : 0;
	run->report.fail_off = err ? run->program.ops[run->machine.op_ix].source_off : 0;
}

/* An error of ',' or '.': a signal to come back after, or the end of the run. */
static int stop_io(struct bfk_run *run, u8 letter, int err)
{
	if (bfk_call_interrupted(err))
		return stop(run, BFK_STATUS_SIGNAL);
	note_outcome(run, letter, err);
	return stop(run, BFK_STATUS_FAILED);
}

/* Writes what '.' has buffered, or stops. On an error other than a signal the rest is dropped. */
static int flush(struct bfk_run *run)
{
	int err;

	if (!run->out_len)
		return 0;
	err = bfk_file_write(run, bfk_slot_get(run, 1), run->out, run->out_len, NULL,
			     &run->out_off);
	if (!bfk_call_interrupted(err))
		run->out_off = run->out_len = 0;
	return err ? stop_io(run, '.', err) : 0;
}

static int put_cell(struct bfk_run *run, u8 cell)
{
	if (run->out_len == BFK_IO_LEN && flush(run))
		return 1;
	run->out[run->out_len++] = cell;
	return 0;
}

static int get_cell(struct bfk_run *run, u8 *cell)
{
	ssize_t len;

	if (run->in_off == run->in_len) {
		if (flush(run))
			return 1;
		len = bfk_file_read(run, bfk_slot_get(run, 0), run->in, BFK_IO_LEN, NULL);
		if (len < 0)
			return stop_io(run, ',', len);
		run->in_off = 0;
		run->in_len = len;
	}
	if (run->in_len)
		*cell = run->in[run->in_off++];
	else if (!(run->program.flags & BFK_LOAD_EOF_KEEP))
		*cell = run->program.flags & BFK_LOAD_EOF_255 ? 255 : 0;
	return 0;
}

static int do_sysop(struct bfk_run *run, u8 *tape, u8 letter)
{
	struct bfk_call call = { .run = run, .tape = tape };
	int err;

	bfk_call_load(&call);
	if (!call.frame.go)
		return run->done = 0;	/* of an operation that was switched off while stopped */
	if (signal_pending(current))
		return stop(run, BFK_STATUS_SIGNAL);
	cond_resched();
	if (flush(run))
		return 1;
	err = bfk_sysop_do(&call, letter);
	if (bfk_call_interrupted(err))
		return stop(run, BFK_STATUS_SIGNAL);
	bfk_call_store(&call, err);
	run->done = 0;
	run->report.sysops++;
	note_outcome(run, letter, min(err, 0));
	return run->machine.status == BFK_STATUS_QUIT;
}

int bfk_host(struct bfk_machine *machine, u32 op_ix)
{
	struct bfk_run *run = container_of(machine, struct bfk_run, machine);
	const struct bfk_op *op = &run->program.ops[op_ix];
	u8 *cell = &machine->tape[(u16)(machine->head + op->off)];

	machine->op_ix = op_ix;
	switch (op->kind) {
	case BFK_OP_IN: return get_cell(run, cell);
	case BFK_OP_OUT: return put_cell(run, *cell);
	case BFK_OP_SYS: return do_sysop(run, cell, op->val);
	default: return flush(run) ?: stop(run, BFK_STATUS_END);
	}
}

/* Runs in slices until something stops the program. Returns the fuel left. */
static u64 run_slices(struct bfk_run *run, u64 fuel)
{
	struct bfk_machine *machine = &run->machine;
	const struct bfk_program *program = &run->program;
	u64 slice, slice_max = max(1u, BFK_SLICE_OPS / program->n_ops);

	do {
		if (signal_pending(current)) {
			stop(run, BFK_STATUS_SIGNAL);
			break;
		}
		cond_resched();
		slice = min(fuel, slice_max);
		machine->fuel = slice;
		stop(run, BFK_STATUS_FUEL);
		if (program->text_len)
			bfk_enter(machine, bfk_text_addr(program) + machine->resume_off);
		else
			bfk_interp(machine, program->ops);
		if (machine->status == BFK_STATUS_FUEL)
			machine->fuel = 0;	/* generated code left one less */
		fuel -= slice - machine->fuel;
	} while (machine->status == BFK_STATUS_FUEL && fuel);
	return fuel;
}

/* Starts a run with the files handed over. On an error it holds none. */
static int start(struct bfk_run *run, const struct bfk_run_args *args)
{
	s32 fds[BFK_SLOTS];
	int err = 0;
	u32 i;

	if (args->n_fds > BFK_SLOTS)
		return -EINVAL;
	if (copy_from_user(fds, u64_to_user_ptr(args->fds), args->n_fds * sizeof(*fds)))
		return -EFAULT;
	for (i = 0; i < args->n_fds && !err; i++) {
		if (fds[i] == -1)
			continue;
		run->slots[i] = fget(fds[i]);
		if (!run->slots[i])
			err = -EBADF;
		else if (run->slots[i]->f_op == &bfk_dev_fops)
			err = -EINVAL;
	}
	if (err)
		bfk_run_reset(run);
	else
		WRITE_ONCE(run->owner, current->files);
	return err;
}

/**
 * bfk_run - start the program or continue it
 * @run: the run, under its instance's lock
 * @args: see uapi.h
 *
 * Context: sleeps; may block as long as the files do, and then a signal ends the wait.
 * Return: 0 with the outputs of @args set; -EINVAL unknown flags; -ENOEXEC no program;
 * -EBADFD the run is over (RESET first); -EPERM it is another process's; -EINVAL files handed
 * over when continuing, or more than 64; -EFAULT; -EBADF; -EINVAL one is a bfk instance.
 */
int bfk_run(struct bfk_run *run, struct bfk_run_args *args)
{
	struct bfk_run_args *report = &run->report;
	const struct bfk_op *op;
	int err;

	if (args->flags)
		return -EINVAL;
	if (!run->program.ops)
		return -ENOEXEC;
	if (run->owner)
		err = run->owner != current->files ? -EPERM : args->n_fds ? -EINVAL : 0;
	else
		err = run->over ? -EBADFD : start(run, args);
	if (err)
		return err;
	report->fuel = run_slices(run, args->fuel);
	flush(run);	/* what stopped the run stands, unless this has a reason of its own */
	report->status = run->machine.status;
	op = &run->program.ops[run->machine.op_ix];
	report->source_off = op->source_off;
	report->head = (u16)(run->machine.head + (op->kind <= BFK_OP_HOST_MAX ? op->off : 0));
	report->engine = run->program.text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	*args = *report;
	if (report->status < BFK_STATUS_FUEL)
		bfk_run_end(run);
	return 0;
}

/* Ends a run, wherever it is: lets go of its files and of input and output not yet used. */
void bfk_run_end(struct bfk_run *run)
{
	int i;

	for (i = 0; i < BFK_SLOTS; i++)
		bfk_slot_put(run, i);
	run->in_off = run->in_len = run->out_off = run->out_len = 0;
	WRITE_ONCE(run->owner, NULL);
	run->over = true;
}

/* Ends a run, and puts the program back to its first op. */
void bfk_run_reset(struct bfk_run *run)
{
	bfk_run_end(run);
	run->machine = (struct bfk_machine){ .tape = run->machine.tape, .status = BFK_STATUS_FUEL };
	memset(&run->report, 0, sizeof(run->report));
	run->done = 0;
	run->over = false;
}
