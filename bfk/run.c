// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run: slots, fuel, signals, status, and what the engines ask of their host.
 *
 * Interface: run.h, jit/machine.h
 * Invariants:
 * 1. Everything here is under the instance's lock, on the task that called RUN.
 * 2. Before each call into a file, run_slices() and its callees check for signals, whatever the
 *    previous call returned. Two calls are exempt: RUN writes the output of '.' once more before it
 *    returns, so that Ctrl-C loses no output (SIGKILL does); and the path walk of %o, which would
 *    start again each time, checks for SIGKILL only.
 * 3. Between two checks for signals at most BFK_SLICE_OPS ops and a program's length of them run:
 *    each jump back is paid for, and at most a program's length lies between two of them.
 * 4. A stop loses nothing and repeats nothing. An interrupted operation keeps what it has moved,
 *    and when its wait ends, in call.progress; unwritten output stays in out_bytes. One of the two
 *    is always empty, because an operation begins only when all output is written.
 * 5. An operation that continues reads its frame again, as the tape has it now. What was moved
 *    stays moved, and counts against the new frame: never more is moved than that allows, and if
 *    more has been moved already the operation is done. If go is 0 now, it is skipped and its
 *    progress is lost.
 * 6. With BFK_RUN_STOP_OPS a run stops once before each operation that is not skipped: announced is
 *    set from that stop until the operation is done or skipped, whatever else stops the run.
 * 7. Without an owner there is no run, and all slots are empty. A run can start if the status is
 *    not below BFK_STATUS_FUEL; the status of a run that is over stays until RESET or LOAD.
 * 8. A slot holds one reference, and never an instance of bfk: references between instances could
 *    form a circle, and then none would ever be released.
 */
#include "run.h"
#include <linux/file.h>
#include <linux/module.h>
#include <net/sock.h>
#include "compat.h"
#define CREATE_TRACE_POINTS
#include "trace.h"

static long release(void *file)
{
	__fput_sync(file);
	return 0;
}

/**
 * bfk_slot_close_file - close a file as close(2) does: with the last reference it is released now
 * @file: the reference that is given up
 *
 * fput() would defer the release until the task returns to user space; by then a run that accepts
 * and closes could hold more files than the system allows. Where only a worker can release at once,
 * fput() still releases files that may take long, because a signal ends that on the caller's task
 * but not on a worker: sockets that linger, terminals that drain.
 *
 * Context: sleeps, as long as the file's own release does.
 * Return: what flushing the file returned.
 */
int bfk_slot_close_file(struct file *file)
{
	struct socket *sock = sock_from_file(file);
	bool is_slow = sock ? sock_flag(sock->sk, SOCK_LINGER) : S_ISCHR(file_inode(file)->i_mode);
	int err;

	get_file(file);
	err = filp_close(file, NULL);
	if (!BFK_COMPAT_RELEASE_ON_WORKER)
		release(file);
	else if (is_slow || file_count(file) > 1)
		fput(file);
	else
		work_on_cpu(raw_smp_processor_id(), release, file);
	return err;
}

/**
 * bfk_slot_find_free - the slot that a file which the program opens will get
 * @run: the run
 *
 * Slots are to a run what descriptors are to a process, with the same limit on their numbers.
 *
 * Return: the lowest free slot; -EMFILE none is free below RLIMIT_NOFILE.
 */
int bfk_slot_find_free(const struct bfk_run *run)
{
	u32 max = min_t(unsigned long, rlimit(RLIMIT_NOFILE), BFK_SLOTS), slot = 0;

	while (slot < max && run->slots[slot])
		slot++;
	return slot < max ? slot : -EMFILE;
}

/**
 * bfk_slot_set - put a file into a slot
 * @run: the run
 * @slot: an empty slot
 * @file: its reference is taken over, also on an error; or an ERR_PTR
 *
 * Context: sleeps.
 * Return: 0; the error in @file; -EINVAL an instance of bfk.
 */
int bfk_slot_set(struct bfk_run *run, u32 slot, struct file *file)
{
	if (IS_ERR(file))
		return PTR_ERR(file);
	/* This module's only files are instances. */
	if (file->f_op->owner == THIS_MODULE) {
		bfk_slot_close_file(file);
		return -EINVAL;
	}
	smp_store_release(&run->slots[slot], file); /* fdinfo may read it at once */
	return 0;
}

/**
 * bfk_slot_close - empty a slot, as a descriptor is closed
 * @run: the run
 * @slot: any number
 *
 * Context: sleeps.
 * Return: what closing the file returned; -EBADF the slot is empty or there is none.
 */
int bfk_slot_close(struct bfk_run *run, u8 slot)
{
	struct file *file = bfk_slot_get(run, slot);

	if (!file)
		return -EBADF;
	spin_lock(&run->slots_lock);
	run->slots[slot] = NULL;
	spin_unlock(&run->slots_lock);
	if (!slot)
		run->in_off = run->in_len;
	return bfk_slot_close_file(file);
}

/* Returns what bfk_host() does to stop the program. */
static int stop(struct bfk_run *run, enum bfk_status status)
{
	run->machine.status = status;
	return 1;
}

/* Records the result of an operation: 0 or -errno. */
static void record(struct bfk_run *run, u8 letter, int err)
{
	run->report.fail_errno = -err;
	run->report.fail_letter = err ? letter : 0;
	run->report.fail_off = err ? run->program.ops[run->machine.op_ix].source_off : 0;
}

/* Stops the program for an error of ',' or '.': a signal, or the end of the run. */
static int stop_io(struct bfk_run *run, u8 letter, int err)
{
	if (bfk_call_interrupted(err))
		return stop(run, BFK_STATUS_SIGNAL);
	record(run, letter, err);
	return stop(run, BFK_STATUS_FAILED);
}

/*
 * Checks what the table asks for, then calls the operation, with the file's position locked if it
 * works there, as read(2) does. An operation with a mode, pos or at has a file.
 */
static __always_inline int call_sysop(const struct bfk_sysop_entry *sysop, struct bfk_call *call)
{
	int err;

	if (!call->file && !sysop->no_file)
		return -EBADF;
	if (sysop->at && (s64)call->frame.off < 0)
		return -EINVAL;
	if (sysop->at && !(call->file->f_mode & sysop->at))
		return -ESPIPE;
	if (sysop->data && call->frame.len > BFK_DATA_MAX_LEN)
		return -EINVAL;
	if (sysop->mode && !(call->file->f_mode & sysop->mode))
		return -EBADF;
	if (sysop->mode && S_ISDIR(file_inode(call->file)->i_mode))
		return -EISDIR;
	if (!sysop->pos || !(call->file->f_mode & FMODE_ATOMIC_POS))
		return sysop->fn(call);
	if (mutex_lock_interruptible(&call->file->f_pos_lock))
		return -ERESTARTSYS;
	err = sysop->fn(call);
	mutex_unlock(&call->file->f_pos_lock);
	return err;
}

/* Does one operation. bfk_check() has let through only letters of the table. */
static __always_inline int do_sysop(struct bfk_call *call, u8 letter)
{
	int err;

	call->file = bfk_slot_get(call->run, call->frame.slot);
	call->sysop = &bfk_sysop_table[letter - 'a'];
	err = call_sysop(call->sysop, call);
	if (call->sysop->counts)
		call->frame.len = call->moved;
	if (call->sysop->at)
		call->frame.off += call->frame.len;
	return err;
}

/* Writes the output of '.', or stops. On an error other than a signal the rest is dropped. */
static int write_out(struct bfk_run *run)
{
	struct bfk_call *call = &run->call;
	int err;

	call->data = run->out_bytes + run->out_off;
	call->frame = (struct bfk_frame){ .slot = 1, .len = run->out_len - run->out_off };
	err = do_sysop(call, 'w');
	run->out_off += call->moved;
	call->moved = 0;
	if (!bfk_call_interrupted(err)) {
		run->out_off = 0;
		run->out_len = 0;
	}
	return err ? stop_io(run, '.', err) : 0;
}

/* Writes the output of '.', if there is any and no signal is pending, or stops. */
static int flush(struct bfk_run *run)
{
	if (!run->out_len)
		return 0;
	if (bfk_run_check_signal())
		return stop(run, BFK_STATUS_SIGNAL);
	return write_out(run);
}

/* Reads ahead for ',', or stops. */
static int read_in(struct bfk_run *run)
{
	struct bfk_call *call = &run->call;
	int err;

	if (flush(run))
		return 1;
	call->data = run->in_bytes;
	call->room = BFK_IO_LEN;
	call->frame = (struct bfk_frame){};
	err = bfk_run_check_signal() ?: do_sysop(call, 'r');
	call->moved = 0;
	if (err < 0)
		return stop_io(run, ',', err);
	run->in_off = 0;
	run->in_len = call->frame.len;
	return 0;
}

/* Takes the next byte of slot 0, or stops. */
static int get_cell(struct bfk_run *run, u8 *cell)
{
	if (run->in_off == run->in_len && read_in(run))
		return 1;
	if (run->in_len)
		*cell = run->in_bytes[run->in_off++];
	else if (!(run->program.flags & BFK_LOAD_EOF_KEEP))
		*cell = run->program.flags & BFK_LOAD_EOF_255 ? 255 : 0;
	return 0;
}

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN);

/* Does %@letter on the frame at @tape, a cell of the aligned copy of the ring, or stops. */
static int do_frame(struct bfk_run *run, u8 *tape, u8 letter)
{
	struct bfk_call *call = &run->call;
	int err;

	if (!READ_ONCE(*tape)) { /* go; below, only the copy counts */
		memset(&call->progress, 0, sizeof(call->progress));
		return 0;
	}
	if (flush(run))
		return 1;
	/* All output is written, so no signal during a write can replace this status. */
	if (run->report.flags & BFK_RUN_STOP_OPS && !call->announced) {
		call->announced = true;
		return stop(run, BFK_STATUS_OP);
	}
	memcpy(&call->frame, tape, BFK_FRAME_LEN);
	barrier(); /* the compiler must not read the tape again */
	call->data = tape + BFK_FRAME_LEN;
	call->room = min(call->frame.cap ?: BFK_CAP_DEFAULT, BFK_DATA_MAX_LEN);
	err = bfk_run_check_signal() ?: do_sysop(call, letter);
	if (err < 0 && bfk_call_interrupted(err))
		return stop(run, BFK_STATUS_SIGNAL);
	memset(&call->progress, 0, sizeof(call->progress));
	call->frame.go = !err;
	err = min(err, 0); /* the end of input is no error */
	call->frame.err = err < -255 ? EIO : -err;
	memcpy(tape, &call->frame, BFK_FRAME_LEN);
	record(run, letter, err);
	run->report.sysops++;
	run->n_sysops++;
	trace_bfk_sysop(run, &call->frame, letter);
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
	if (op->kind == BFK_OP_IN)
		return get_cell(run, cell);
	if (op->kind == BFK_OP_END)
		return flush(run) || stop(run, BFK_STATUS_END);
	if (run->out_len == BFK_IO_LEN && flush(run))
		return 1;
	run->out_bytes[run->out_len++] = *cell;
	return 0;
}

/* Runs in slices until something stops the program. A slice's fuel is in machine->fuel. */
static void run_slices(struct bfk_run *run)
{
	struct bfk_machine *machine = &run->machine;
	u64 slice, slice_max = max(1u, BFK_SLICE_OPS / run->program.n_ops);

	machine->status = BFK_STATUS_FUEL;
	while (run->report.fuel && machine->status == BFK_STATUS_FUEL) {
		if (bfk_run_check_signal()) {
			machine->status = BFK_STATUS_SIGNAL;
			break;
		}
		slice = min(run->report.fuel, slice_max);
		run->report.fuel -= slice;
		machine->fuel = slice;
		if (BFK_HAS_JIT && run->program.text.len)
			bfk_enter(machine, run->program.text.addr +
						   run->program.ops[machine->op_ix].text_off);
		else
			bfk_interp(machine, run->program.ops);
		run->fuel_used += slice - machine->fuel;
		run->report.fuel += machine->fuel;
		machine->fuel = 0;
	}
}

/*
 * Starts a run with the files passed in, or checks that the current run may be continued. A run
 * that cannot start holds no files.
 */
static int admit(struct bfk_run *run, const struct bfk_run_args *args, const s32 *fds)
{
	void *owner = READ_ONCE(run->owner); /* its process may leave meanwhile */
	int err = 0;
	u32 i;

	if (args->flags & ~BFK_RUN_STOP_OPS)
		return -EINVAL;
	if (!run->program.ops)
		return -ENOEXEC;
	if (owner == current->files)
		return args->n_fds ? -EINVAL : 0;
	if (owner && owner != BFK_ABANDONED)
		return -EPERM;
	if (owner || run->machine.status < BFK_STATUS_FUEL)
		return -EBADFD;
	run->call.run = run;
	for (i = 0; i < args->n_fds && !err; i++)
		if (fds[i] != -1)
			err = bfk_slot_set(run, i, fget(fds[i]) ?: ERR_PTR(-EBADF));
	if (err)
		bfk_run_end(run, BFK_STATUS_FUEL);
	else
		run->n_runs++;
	WRITE_ONCE(run->owner, err ? NULL : current->files);
	return err;
}

/**
 * bfk_run - start the program or continue it
 * @run: the run, under its instance's lock
 * @args: see uapi.h; gets its outputs set
 * @fds: args->n_fds descriptors, copied from the caller
 *
 * Context: sleeps; may block as long as the files do, and then a signal ends the wait.
 * Return: 0; -EINVAL unknown flags; -ENOEXEC no program; -EINVAL files handed over when
 * continuing; -EPERM the run is another process's; -EBADFD it is over (RESET first); -EBADF no such
 * descriptor; -EINVAL one is a bfk instance.
 */
int bfk_run(struct bfk_run *run, struct bfk_run_args *args, const s32 *fds)
{
	struct bfk_run_args *report = &run->report;
	const struct bfk_op *op;
	int err = admit(run, args, fds);

	if (err)
		return err;
	report->flags = args->flags;
	report->fuel = args->fuel;
	run_slices(run);
	/* Keeps the status, unless the write itself stops the run. */
	if (run->out_len && !fatal_signal_pending(current))
		write_out(run);
	op = &run->program.ops[run->machine.op_ix];
	report->status = run->machine.status;
	report->source_off = op->source_off;
	report->head = (u16)(run->machine.head + bfk_op_shift(op, run->machine.op_ix));
	report->engine = run->program.text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
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
 * Closes its files and drops input and output not yet used.
 *
 * Context: sleeps.
 */
void bfk_run_end(struct bfk_run *run, enum bfk_status status)
{
	int i;

	if (READ_ONCE(run->owner))
		trace_bfk_run_end(run->program.crc, &run->report);
	for (i = 0; i < BFK_SLOTS; i++)
		bfk_slot_close(run, i);
	run->machine = (struct bfk_machine){ .tape = run->machine.tape, .status = status };
	memset_startat(run, 0, call);
	WRITE_ONCE(run->owner, NULL);
}
