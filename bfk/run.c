// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run: program, slots, fuel, signals, status, and what the engines ask of their host.
 *
 * Interface: bfk.h, jit/machine.h
 * Invariants:
 * 1. Everything here is under the instance's lock, on the task that called RUN.
 * 2. A stop by fuel or a signal loses nothing and repeats nothing: an operation cut short
 *    leaves what it moved in done, output that could not be written stays in out.
 * 3. Between two looks at signals at most BFK_SLICE_OPS ops run, or one program's length of
 *    them if that is more: a back-edge is paid at least once a program length.
 * 4. When state becomes OVER or READY all slots are empty.
 */
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "bfk.h"
#include "../jit/parse.h"
#include "../syscall_ops/table.h"

static struct bfk_run *run_of(struct bfk_machine *machine)
{
	return container_of(machine, struct bfk_run, machine);
}

static int stop(struct bfk_run *run, u32 why)
{
	run->machine.stop = why;
	return 1;
}

static void note_failure(struct bfk_run *run, u8 letter, int err, u32 op_ix)
{
	run->fail_errno = -err;
	run->fail_letter = err ? letter : 0;
	run->fail_off = err ? run->program.ops[op_ix].source_off : 0;
}

/* An error of ',' or '.': a signal to come back after, or the end of the run. */
static int stop_io(struct bfk_run *run, u8 letter, int err, u32 op_ix)
{
	if (bfk_call_interrupted(err))
		return stop(run, BFK_STOP_SIGNAL);
	note_failure(run, letter, err, op_ix);
	return stop(run, BFK_STOP_FAILED);
}

/* Writes what '.' has buffered. On an error other than a signal the rest is dropped. */
static int flush(struct bfk_run *run)
{
	u64 done = run->out_off;
	int err;

	if (!run->out_len)
		return 0;
	err = bfk_file_write(run, 1, run->out, run->out_len, &done, NULL);
	run->out_off = done;
	if (!bfk_call_interrupted(err))
		run->out_off = run->out_len = 0;
	return err;
}

int bfk_host_out(struct bfk_machine *machine, u32 op_ix)
{
	struct bfk_run *run = run_of(machine);
	int err;

	if (run->out_len == BFK_IO_LEN) {
		err = flush(run);
		if (err)
			return stop_io(run, '.', err, op_ix);
	}
	run->out[run->out_len++] = machine->tape[(u16)(machine->head +
						       run->program.ops[op_ix].off)];
	return 0;
}

int bfk_host_in(struct bfk_machine *machine, u32 op_ix)
{
	struct bfk_run *run = run_of(machine);
	u8 *cell = &machine->tape[(u16)(machine->head + run->program.ops[op_ix].off)];
	ssize_t len;
	int err;

	if (run->in_off == run->in_len) {
		err = flush(run);
		if (err)
			return stop_io(run, '.', err, op_ix);
		len = bfk_file_read(run, 0, run->in, BFK_IO_LEN, NULL);
		if (len < 0)
			return stop_io(run, ',', len, op_ix);
		run->in_off = 0;
		run->in_len = len;
	}
	if (run->in_len)
		*cell = run->in[run->in_off++];
	else if (run->program.flags & BFK_LOAD_EOF_255)
		*cell = 255;
	else if (!(run->program.flags & BFK_LOAD_EOF_KEEP))
		*cell = 0;
	return 0;
}

int bfk_host_sys(struct bfk_machine *machine, u32 op_ix)
{
	struct bfk_run *run = run_of(machine);
	const struct bfk_op *op = &run->program.ops[op_ix];
	struct bfk_call call = { .run = run };
	int err;

	if (!bfk_call_load(&call, machine, op->off))
		return 0;
	if (signal_pending(current))
		return stop(run, BFK_STOP_SIGNAL);
	cond_resched();
	err = flush(run);
	if (err)
		return stop_io(run, '.', err, op_ix);
	err = bfk_sysop_find(op->val)->fn(&call);
	if (bfk_call_interrupted(err))
		return stop(run, BFK_STOP_SIGNAL);
	bfk_call_store(&call, err);
	run->done = 0;
	run->sysops++;
	note_failure(run, op->val, min(err, 0), op_ix);
	return machine->stop == BFK_STOP_QUIT;
}

static void enter(struct bfk_run *run)
{
	const struct bfk_text *text = &run->program.text;

	run->machine.stop = BFK_STOP_FUEL;
	if (!text->len)
		bfk_interp(&run->machine, run->program.ops);
	else if (WARN_ON_ONCE(run->machine.resume_off >= text->len))
		stop(run, BFK_STOP_FAILED);
	else
		bfk_enter(&run->machine, bfk_text_addr(text) + run->machine.resume_off);
}

/* Runs in slices until something stops the program. Returns the fuel left. */
static u64 run_slices(struct bfk_run *run, u64 fuel)
{
	u64 slice, slice_max = max(1u, BFK_SLICE_OPS / run->program.n_ops);

	do {
		if (signal_pending(current)) {
			stop(run, BFK_STOP_SIGNAL);
			break;
		}
		cond_resched();
		slice = min(fuel, slice_max);
		run->machine.fuel = slice;
		enter(run);
		fuel -= slice - run->machine.fuel;
	} while (run->machine.stop == BFK_STOP_FUEL && fuel);
	return fuel;
}

static bool is_final(u32 why)
{
	return why == BFK_STOP_END || why == BFK_STOP_QUIT || why == BFK_STOP_FAILED;
}

/* Takes the files of a new run. On an error it holds none. */
static int take_slots(struct bfk_run *run, const struct bfk_run_args *args)
{
	s32 fds[BFK_SLOTS];
	int err;
	u32 i;

	if (args->n_fds > BFK_SLOTS)
		return -EINVAL;
	if (copy_from_user(fds, u64_to_user_ptr(args->fds), args->n_fds * sizeof(*fds)))
		return -EFAULT;
	for (i = 0; i < args->n_fds; i++) {
		if (fds[i] == -1)
			continue;
		run->slots[i] = fget(fds[i]);
		err = run->slots[i] ? bfk_slot_check(run->slots[i]) : -EBADF;
		if (err)
			goto err_slots;
	}
	return 0;

err_slots:
	bfk_run_end(run);
	run->state = BFK_RUN_READY;
	return err;
}

static int start(struct bfk_run *run, const struct bfk_run_args *args)
{
	int err;

	switch (run->state) {
	case BFK_RUN_READY:
		err = take_slots(run, args);
		if (err)
			return err;
		WRITE_ONCE(run->owner, current->files);
		run->state = BFK_RUN_STOPPED;
		return 0;
	case BFK_RUN_STOPPED:
		if (run->owner != current->files)
			return -EPERM;
		return args->n_fds ? -EINVAL : 0;
	default:
		return -EBADFD;
	}
}

static void report(const struct bfk_run *run, struct bfk_run_args *args, u32 why)
{
	const struct bfk_op *op = &run->program.ops[run->machine.op_ix];
	bool on_cell = op->kind == BFK_OP_IN || op->kind == BFK_OP_OUT || op->kind == BFK_OP_SYS;
	static const u8 status[] = {
		[BFK_STOP_END] = BFK_STATUS_END,
		[BFK_STOP_FUEL] = BFK_STATUS_FUEL,
		[BFK_STOP_SIGNAL] = BFK_STATUS_SIGNAL,
		[BFK_STOP_QUIT] = BFK_STATUS_QUIT,
		[BFK_STOP_FAILED] = BFK_STATUS_FAILED,
	};

	args->status = status[why];
	args->exit_code = run->exit_code;
	args->source_off = op->source_off;
	args->head = (u16)(run->machine.head + (on_cell ? op->off : 0));
	args->engine = run->program.text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->fail_off = run->fail_off;
	args->fail_errno = run->fail_errno;
	args->fail_letter = run->fail_letter;
	args->sysops = run->sysops;
	args->read_len = run->read_len;
	args->write_len = run->write_len;
}

/**
 * bfk_run - start the program or continue it
 * @run: the run, under its instance's lock
 * @args: see uapi.h
 *
 * Context: sleeps; may block as long as the files do, and then a signal ends the wait.
 * Return: 0 with the outputs of @args set; -EINVAL unknown flags; -ENOEXEC no program;
 * -EBADFD the run is over (RESET first); -EPERM it is another process's; -EINVAL more than 64
 * files, a bfk instance among them, or files handed over when continuing; -EFAULT; -EBADF.
 */
int bfk_run(struct bfk_run *run, struct bfk_run_args *args)
{
	u32 why;
	int err;

	if (args->flags)
		return -EINVAL;
	if (!run->program.ops)
		return -ENOEXEC;
	err = start(run, args);
	if (err)
		return err;
	if (!is_final(run->machine.stop))
		args->fuel = run_slices(run, args->fuel);

	/* Output first; if it has to wait, the run is not over yet. */
	err = flush(run);
	if (err && !bfk_call_interrupted(err))
		stop_io(run, '.', err, run->machine.op_ix);
	why = bfk_call_interrupted(err) ? BFK_STOP_SIGNAL : run->machine.stop;
	if (is_final(why))
		bfk_run_end(run);
	report(run, args, why);
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
	run->state = BFK_RUN_OVER;
}

/* Ends a run, and puts the program back to its first op. */
void bfk_run_reset(struct bfk_run *run)
{
	u8 *ring = run->machine.tape;

	bfk_run_end(run);
	run->machine = (struct bfk_machine){ .tape = ring, .stop = BFK_STOP_FUEL };
	run->done = run->sysops = run->read_len = run->write_len = 0;
	run->fail_off = run->fail_errno = run->fail_letter = run->exit_code = 0;
	run->state = BFK_RUN_READY;
}
