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
 *    them if that is more: a jump back is paid at least once a program length.
 * 4. Without an owner there is no run, and all slots are empty. One can start if the status is not
 *    below BFK_STATUS_FUEL: that of a run that is over stays until RESET or LOAD.
 * 5. A slot holds one reference and never an instance of bfk. What bfk_slot_get() returns stays
 *    while an operation runs, as only that changes slots.
 */
#include "bfk.h"
#include "syscall_ops/table.h"

static long release(void *file)
{
	__fput_sync(file);
	return 0;
}

/**
 * bfk_file_close - close a file as close(2) does: if the last reference goes, it is closed now
 * @file: the reference that is let go
 *
 * fput() would leave that until the task returns to user space; by then a run that accepts and
 * closes may have had more than there can be.
 *
 * Context: sleeps; for ever only where a signal ends it, so a socket that lingers is not for a worker.
 * Return: what closing it said.
 */
int bfk_file_close(struct file *file)
{
	struct socket *sock = sock_from_file(file);
	int err;

	get_file(file);
	err = filp_close(file, NULL);
	if (!BFK_COMPAT_RELEASE_ON_WORKER)
		release(file);
	else if (file_count(file) > 1 || (sock && sock_flag(sock->sk, SOCK_LINGER)))
		fput(file);
	else
		work_on_cpu(raw_smp_processor_id(), release, file);
	return err;
}

/* Empties a slot, as a descriptor is closed. What closing it said, -EBADF if it is empty. */
int bfk_slot_put(struct bfk_run *run, u8 slot)
{
	struct file *file = bfk_slot_get(run, slot);

	if (!file)
		return -EBADF;
	run->slots[slot] = NULL;
	if (!slot)
		run->in_off = run->in_len = 0;
	return bfk_file_close(file);
}

/**
 * bfk_slot_add - put a file into the lowest free slot
 * @run: the run
 * @first: not into one below this
 * @file: its reference is taken over; or an error, which is handed back
 * @slot: set to the slot
 *
 * Return: 0; -EMFILE none is free; -EINVAL an instance of bfk.
 */
int bfk_slot_add(struct bfk_run *run, u32 first, struct file *file, u8 *slot)
{
	if (IS_ERR(file))
		return PTR_ERR(file);
	while (first < BFK_SLOTS && run->slots[first])
		first++;
	if (first == BFK_SLOTS || file->f_op == &bfk_dev_fops) {
		bfk_file_close(file);
		return first == BFK_SLOTS ? -EMFILE : -EINVAL;
	}
	run->slots[first] = file;
	*slot = first;
	return 0;
}

static int stop(struct bfk_run *run, enum bfk_status status)
{
	run->machine.status = status;
	return 1;
}

/* Lets others run. A signal stops the run. */
static int pause(struct bfk_run *run)
{
	cond_resched();
	return signal_pending(current) ? stop(run, BFK_STATUS_SIGNAL) : 0;
}

/* Notes what an operation came to. If a signal cut it short the run stops, to go on with it. */
static int conclude(struct bfk_run *run, u8 letter, int err)
{
	if (err && bfk_call_interrupted(err))
		return stop(run, BFK_STATUS_SIGNAL);
	run->report.fail_errno = -err;
	run->report.fail_letter = err ? letter : 0;
	run->report.fail_off = err ? run->program.ops[run->machine.op_ix].source_off : 0;
	return 0;
}

/* What is to be said before an operation is begun. One with a mode or at needs a file. */
static __always_inline int check(const struct bfk_sysop_entry *sysop, const struct bfk_call *call)
{
	return !call->file && !sysop->no_file			      ? -EBADF :
	       sysop->at && (s64)call->frame.off < 0		      ? -EINVAL :
	       sysop->at && !(call->file->f_mode & sysop->at)	      ? -ESPIPE :
	       sysop->data && call->frame.len > BFK_DATA_MAX_LEN      ? -EINVAL :
	       sysop->mode && !(call->file->f_mode & sysop->mode)     ? -EBADF :
	       sysop->mode && S_ISDIR(file_inode(call->file)->i_mode) ? -EISDIR :
									0;
}

/* Does one operation; the check of ops lets only letters through that are in the table. */
static __always_inline int do_sysop(struct bfk_call *call, u8 letter)
{
	const struct bfk_sysop_entry *sysop = &bfk_sysop_table[letter - 'a'];
	bool lock;
	int err;

	call->file = bfk_slot_get(call->run, call->frame.slot);
	call->at = sysop->at;
	err = check(sysop, call);
	lock = !err && sysop->pos && call->file->f_mode & FMODE_ATOMIC_POS;
	if (lock && mutex_lock_interruptible(&call->file->f_pos_lock))
		return -ERESTARTSYS;
	err = err ?: sysop->fn(call);
	if (lock)
		mutex_unlock(&call->file->f_pos_lock);
	if (err < 0 && (sysop->fn == bfk_op_read || sysop->fn == bfk_op_write))
		call->frame.len = call->run->done; /* a read that fails moves nothing */
	if (sysop->at)
		call->frame.off += call->frame.len;
	return err;
}

/* Writes what '.' has buffered, or stops. On an error other than a signal the rest is dropped. */
static int flush(struct bfk_run *run)
{
	struct bfk_call *call = &run->call;
	int err;

	if (!run->out_len)
		return 0;
	call->data = run->out;
	call->frame = (struct bfk_frame){ .slot = 1, .len = run->out_len };
	err = do_sysop(call, 'w');
	if (err && conclude(run, '.', err))
		return 1;
	run->done = run->out_len = 0;
	return err ? stop(run, BFK_STATUS_FAILED) : 0;
}

/* Takes the next byte of slot 0, reading ahead if there is none left, or stops. */
static int get_cell(struct bfk_run *run, u8 *cell)
{
	struct bfk_call *call = &run->call;
	int err;

	if (run->in_off == run->in_len) {
		if (flush(run))
			return 1;
		call->data = run->in;
		call->frame = (struct bfk_frame){};
		call->room = BFK_IO_LEN;
		err = do_sysop(call, 'r');
		if (err < 0)
			return conclude(run, ',', err) ?: stop(run, BFK_STATUS_FAILED);
		run->in_off = 0;
		run->in_len = call->frame.len;
	}
	if (run->in_len)
		*cell = run->in[run->in_off++];
	else if (!(run->program.flags & BFK_LOAD_EOF_KEEP))
		*cell = run->program.flags & BFK_LOAD_EOF_255 ? 255 : 0;
	return 0;
}

/* Does %@letter on the frame at @tape, a cell of the aligned copy of the ring, or stops. */
static int do_frame(struct bfk_run *run, u8 *tape, u8 letter)
{
	struct bfk_call *call = &run->call;
	int err;

	/* go, which is not looked at again; done is of an operation switched off while stopped */
	if (!READ_ONCE(*tape))
		return run->done = 0;
	if (run->out_len && flush(run))
		return 1;
	call->data = tape + BFK_FRAME_LEN;
	memcpy(&call->frame, tape, BFK_FRAME_LEN);
	barrier(); /* the compiler may not look at the tape again */
	call->room = min(call->frame.cap ?: BFK_CAP_DEFAULT, BFK_DATA_MAX_LEN);
	do
		err = pause(run) ? -ERESTARTSYS : do_sysop(call, letter);
	while (err == BFK_CALL_AGAIN);
	if (conclude(run, letter, min(err, 0)))
		return 1;
	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(tape, &call->frame, BFK_FRAME_LEN);
	run->done = 0;
	run->report.sysops++;
	run->n_sysops++;
	return run->machine.status == BFK_STATUS_QUIT;
}

int bfk_host(struct bfk_machine *machine, u32 op_ix)
{
	struct bfk_run *run = container_of(machine, struct bfk_run, machine);
	const struct bfk_op *op = &run->program.ops[op_ix];
	u8 *cell = &machine->tape[(u16)(machine->head + op->off)];

	machine->op_ix = op_ix;
	if (op->kind == BFK_OP_SYS)
		return do_frame(run, cell, op->val);
	switch (op->kind) {
	case BFK_OP_IN: return get_cell(run, cell);
	case BFK_OP_OUT:
		if (run->out_len == BFK_IO_LEN && flush(run))
			return 1;
		run->out[run->out_len++] = *cell;
		return 0;
	default: return flush(run) ?: stop(run, BFK_STATUS_END);
	}
}

/* Runs in slices until something stops the program. Returns the fuel left. */
static u64 run_slices(struct bfk_run *run, u64 fuel)
{
	struct bfk_machine *machine = &run->machine;
	const struct bfk_program *program = &run->program;
	u64 slice, slice_max = max(1u, BFK_SLICE_OPS / program->n_ops);

	stop(run, BFK_STATUS_FUEL);
	while (fuel && machine->status == BFK_STATUS_FUEL && !pause(run)) {
		machine->fuel = slice = min(fuel, slice_max);
		if (program->text_len)
			bfk_enter(machine, program->text + machine->resume_off);
		else
			bfk_interp(machine, program->ops);
		fuel -= slice - machine->fuel;
		run->fuel_used += slice - machine->fuel;
	}
	return fuel;
}

/* Starts a run with the files handed over. On an error it holds none. */
static int start(struct bfk_run *run, const struct bfk_run_args *args)
{
	s32 fds[BFK_SLOTS];
	int err = 0;
	u32 i;
	u8 slot;

	if (args->n_fds > BFK_SLOTS)
		return -EINVAL;
	if (copy_from_user(fds, u64_to_user_ptr(args->fds), args->n_fds * sizeof(*fds)))
		return -EFAULT;
	run->call.run = run;
	WRITE_ONCE(run->owner, current->files);
	for (i = 0; i < args->n_fds && !err; i++)
		if (fds[i] != -1)
			err = bfk_slot_add(run, i, fget(fds[i]) ?: ERR_PTR(-EBADF), &slot);
	run->n_runs += !err;
	if (err)
		bfk_run_end(run, BFK_STATUS_FUEL);
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
	void *owner = READ_ONCE(run->owner); /* who may leave meanwhile */
	const struct bfk_op *op;
	int err;

	err = args->flags				     ? -EINVAL :
	      !run->program.ops				     ? -ENOEXEC :
	      owner == current->files			     ? (args->n_fds ? -EINVAL : 0) :
	      owner && owner != BFK_OWNER_LEFT		     ? -EPERM :
	      owner || run->machine.status < BFK_STATUS_FUEL ? -EBADFD :
							       start(run, args);
	if (err)
		return err;
	report->fuel = run_slices(run, args->fuel);
	flush(run); /* what stopped the run stands, unless this has a reason of its own */
	report->status = run->machine.status;
	op = &run->program.ops[run->machine.op_ix];
	report->source_off = op->source_off;
	report->head = (u16)(run->machine.head + bfk_op_shift(op, run->machine.op_ix));
	report->engine = run->program.text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	*args = *report;
	if (report->status < BFK_STATUS_FUEL)
		bfk_run_end(run, BFK_STATUS_END);
	return 0;
}

/**
 * bfk_run_end - end a run, wherever it is, and put the program back to its first op
 * @run: the run
 * @status: BFK_STATUS_FUEL: another can start; BFK_STATUS_END: not before RESET or LOAD
 *
 * Lets go of its files and of input and output not yet used.
 *
 * Context: sleeps.
 */
void bfk_run_end(struct bfk_run *run, enum bfk_status status)
{
	int i;

	for (i = 0; i < BFK_SLOTS; i++)
		bfk_slot_put(run, i);
	run->in_off = run->in_len = run->out_len = run->done = 0;
	run->machine = (struct bfk_machine){ .tape = run->machine.tape, .status = status };
	memset(&run->report, 0, sizeof(run->report));
	WRITE_ONCE(run->owner, NULL);
}
