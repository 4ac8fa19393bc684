// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: open, ioctl, close; the only place where request structs are copied.
 *
 * Interface: uapi.h
 * Invariants:
 * 1. A request is copied in once, and the copy is what is checked and used.
 * 2. Calls on one instance exclude each other by its lock, which is never waited for.
 * 3. No user's memory is touched under the lock: it may be slow (FUSE, userfaultfd), and the
 *    holder of the lock may have to end another process's run. DUMP does it, for CAP_SYS_ADMIN.
 *
 * A run must not outlive its process's use of the instance, yet closing a descriptor cannot wait
 * for the lock. bfk_dev_flush() therefore marks the run (owner becomes BFK_ABANDONED), and
 * whoever has the lock ends it. The four ways a close can meet a call:
 *
 *	closer                        caller, who has the lock    the run is ended by
 *	1. no call is under way                                   the closer, who gets the lock
 *	2. marks, misses the lock     works, unlock() looks       the caller, in unlock()
 *	3. marks, misses the lock     unlock() has looked,        the caller, who looks again after
 *	                              drops the lock              unlocking; or the closer, if it is
 *	                                                          first to lock
 *	4. finds no run to mark       admit() sets owner after    the caller, in is_orphan(), which
 *	                              that                        finds no descriptor
 */
#include <linux/fdtable.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/seccomp.h>
#include <linux/seq_file.h>
#include "compat.h"
#include "run.h"
#include "tape.h"

#define BFK_MINOR 250 /* of those for local use, so that the node exists and loads the module */

/* Filters see system calls, and a program's operations are none. */
static bool allow_seccomp;
module_param(allow_seccomp, bool, 0644);
MODULE_PARM_DESC(allow_seccomp, "tasks under seccomp may RUN");

/**
 * struct bfk_instance - one open file of /dev/bfk
 * @lock: held by the one LOAD, RUN, RESET or DUMP under way
 * @sealed: no further LOAD; never cleared; written under @lock
 * @holder: a file table that has had a descriptor of this file ever since somebody closed one, or
 *	since it was opened; or NULL. Compared and never followed; without @lock: only set to NULL
 * @tape: the memory of the ring; constant while the file is open
 * @run: everything else, under @lock
 */
struct bfk_instance {
	struct mutex lock; /* never waited for */
	bool sealed;
	void *holder;
	struct bfk_tape tape;
	struct bfk_run run;
};

/**
 * struct bfk_request - one call of the device
 * @args: the struct of the call
 * @fds: of RUN: descriptors of files to hand over
 * @program: of LOAD: the new program, then the old one
 */
struct bfk_request {
	union {
		struct bfk_info_args info;
		struct bfk_load_args load;
		struct bfk_run_args run;
		struct bfk_reset_args reset;
		struct bfk_dump_args dump;
	} args;
	s32 fds[BFK_SLOTS];
	struct bfk_program program;
};

/* Ends the run if its process has closed a descriptor meanwhile, and drops the lock. */
static void unlock(struct bfk_instance *instance)
{
	do {
		if (READ_ONCE(instance->run.owner) == BFK_ABANDONED)
			bfk_run_end(&instance->run, BFK_STATUS_END);
		mutex_unlock(&instance->lock);
		/* Pairs with cmpxchg() in bfk_dev_flush(): this sees it, or that gets the lock. */
		smp_mb();
	} while (READ_ONCE(instance->run.owner) == BFK_ABANDONED && mutex_trylock(&instance->lock));
}

/* Does what needs no lock: all of INFO, and all access to the user's memory. */
static int prepare(struct bfk_instance *instance, unsigned int cmd, struct bfk_request *request)
{
	struct bfk_run_args *run = &request->args.run;

	if (cmd == BFK_INFO)
		request->args.info = (struct bfk_info_args){
			.abi_version = BFK_ABI_VERSION,
			.ops_version = BFK_OPS_VERSION,
			.features = (BFK_HAS_JIT ? BFK_FEATURE_JIT : 0) | BFK_FEATURE_URING |
				    BFK_FEATURE_STOP_OPS,
			.sysops = bfk_sysop_known(),
			.tape_cells = BFK_TAPE_CELLS,
			.slots = BFK_SLOTS,
			.source_max_len = BFK_SOURCE_MAX_LEN,
			.ops_max = BFK_OPS_MAX,
			.text_len = BFK_HAS_JIT ? BFK_TEXT_LEN : 0,
			.text_free_len = BFK_HAS_JIT ? bfk_text_free_len() : 0,
		};
	/* The holder of a sealed instance must not reach the parser. */
	if (cmd == BFK_LOAD && READ_ONCE(instance->sealed))
		return -EPERM;
	if (cmd == BFK_LOAD)
		return bfk_program_load(&request->program, &request->args.load);
	if (cmd != BFK_RUN)
		return 0;
	if (run->n_fds > BFK_SLOTS)
		return -EINVAL;
	if (copy_from_user(request->fds, u64_to_user_ptr(run->fds), run->n_fds * sizeof(s32)))
		return -EFAULT;
	return 0;
}

static int load(struct bfk_instance *instance, struct bfk_request *request)
{
	if (instance->sealed)
		return -EPERM;
	bfk_run_end(&instance->run, BFK_STATUS_FUEL);
	memset(instance->run.machine.tape, 0, BFK_TAPE_CELLS);
	memcpy(instance->run.machine.tape, request->program.tape, request->args.load.tape_len);
	swap(instance->run.program, request->program);
	swap(instance->run.program.tape, request->program.tape); /* to be freed */
	WRITE_ONCE(instance->sealed, request->args.load.flags & BFK_LOAD_SEAL);
	return 0;
}

static int find_file(const void *file, struct file *other, unsigned int fd)
{
	return file == other;
}

/*
 * After a RUN: has this process a run, but no descriptor of the instance to close? All descriptors
 * are searched once after a close, so a process that closes none does not pay for their number.
 */
static bool is_orphan(struct bfk_instance *instance, const struct file *file)
{
	if (READ_ONCE(instance->run.owner) != current->files)
		return false;
	/* Here the owner is written and the holder read, in bfk_dev_flush() the other way round. */
	smp_mb();
	if (READ_ONCE(instance->holder) == current->files)
		return false;
	/* Set before the search: a close of what that finds sets it to NULL again. */
	smp_store_mb(instance->holder, current->files);
	if (iterate_fd(current->files, 0, find_file, file))
		return false;
	WRITE_ONCE(instance->holder, NULL);
	return true;
}

static int reset(struct bfk_instance *instance, const struct bfk_reset_args *args)
{
	if (args->flags & ~BFK_RESET_KEEP_TAPE || args->reserved)
		return -EINVAL;
	bfk_run_end(&instance->run, BFK_STATUS_FUEL);
	if (!(args->flags & BFK_RESET_KEEP_TAPE))
		memset(instance->run.machine.tape, 0, BFK_TAPE_CELLS);
	return 0;
}

static int dump(const struct bfk_program *program, struct bfk_dump_args *args)
{
	u32 text_len = args->text ? min(args->text_len, program->text.len) : 0;
	size_t n_ops = args->ops ? min(args->n_ops, program->n_ops) : 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!program->text.len)
		return program->ops ? -ENODATA : -ENOEXEC;
	memcpy(args->entry, program->text.entry, sizeof(args->entry));
	args->text_len = program->text.len;
	args->n_ops = program->n_ops;
	if (copy_to_user(u64_to_user_ptr(args->text), program->text.addr, text_len) ||
	    copy_to_user(u64_to_user_ptr(args->ops), program->ops, n_ops * sizeof(*program->ops)))
		return -EFAULT;
	return 0;
}

static int call(struct file *file, unsigned int cmd, struct bfk_request *request)
{
	struct bfk_instance *instance = file->private_data;
	int err = prepare(instance, cmd, request);

	if (err || cmd == BFK_INFO)
		return err;
	if (!mutex_trylock(&instance->lock))
		return -EBUSY;
	if (cmd == BFK_LOAD)
		err = load(instance, request);
	else if (cmd == BFK_RUN)
		err = bfk_run(&instance->run, &request->args.run, request->fds);
	else if (cmd == BFK_RESET)
		err = reset(instance, &request->args.reset);
	else
		err = dump(&instance->run.program, &request->args.dump);
	if (is_orphan(instance, file))
		bfk_run_end(&instance->run, BFK_STATUS_END);
	unlock(instance);
	return err;
}

/* Makes the call @cmd with the struct at @user for @task, for which current may be working. */
static long do_request(struct file *file, unsigned int cmd, void __user *user,
		       struct task_struct *task)
{
	static const unsigned int cmds[] = { BFK_INFO, BFK_LOAD, BFK_RUN, BFK_RESET, BFK_DUMP };
	unsigned int nr = _IOC_NR(cmd), user_len = _IOC_SIZE(cmd);
	struct bfk_request request = {};
	int err;

	if (nr >= ARRAY_SIZE(cmds) || (cmd ^ cmds[nr]) & ~IOCSIZE_MASK)
		return -ENOTTY;
	if (cmds[nr] == BFK_RUN && seccomp_mode(&task->seccomp) && !allow_seccomp)
		return -EACCES;
	err = copy_struct_from_user(&request.args, _IOC_SIZE(cmds[nr]), user, user_len);
	if (err)
		return err;
	err = call(file, cmds[nr], &request);
	bfk_program_unload(&request.program);
	if (copy_to_user(user, &request.args, min(_IOC_SIZE(cmds[nr]), user_len)))
		return -EFAULT;
	if (err || cmds[nr] != BFK_RUN || task == current)
		return err;
	/* io_uring has cancelled the request, or the process was stopped or frozen. */
	return request.args.run.status == BFK_STATUS_SIGNAL ? -EINTR : 0;
}

static long bfk_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return do_request(file, cmd, (void __user *)arg, current);
}

/* The first try must not sleep: io_uring makes the second on a worker of the process. */
static int bfk_dev_uring_cmd(struct io_uring_cmd *uring, unsigned int issue_flags)
{
	const u64 *arg = (const void *)BFK_COMPAT_URING_ARG(uring);
	struct bfk_instance *instance = uring->file->private_data;

	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	/* A process that calls through a fixed file of a ring may never have had a descriptor. */
	if (cmd_to_io_kiocb(uring)->flags & REQ_F_FIXED_FILE)
		WRITE_ONCE(instance->holder, NULL);
	return do_request(uring->file, uring->cmd_op, u64_to_user_ptr(READ_ONCE(*arg)),
			  io_uring_cmd_get_task(uring));
}

/* Read without the lock: not a consistent snapshot. */
static __no_kcsan void bfk_dev_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct bfk_instance *instance = file->private_data;
	struct bfk_run *run = &instance->run;
	const char *state = run->machine.status < BFK_STATUS_FUEL ? "over" : "ready";
	int i;

	if (!run->program.ops)
		state = "empty";
	if (run->owner)
		state = "stopped";
	if (mutex_is_locked(&instance->lock))
		state = "running";
	seq_printf(seq, "state:\t%s\nsealed:\t%d\nops:\t%u\ntext:\t%u\ntape:\t%u\n", state,
		   instance->sealed, run->program.n_ops, run->program.text.len, BFK_TAPE_CELLS);
	seq_printf(seq, "runs:\t%llu\nsysops:\t%llu\nfuel:\t%llu\nfuel_left:\t%llu\n", run->n_runs,
		   run->n_sysops, run->fuel_used, run->report.fuel + run->machine.fuel);
	seq_printf(seq, "refs:\t%ld\nprogram:\t%08x\nallowed:\t0x%07x\n",
		   file_count(file) - 1 /* this reader's */, run->program.crc,
		   run->program.allowed);
	spin_lock(&run->slots_lock);
	for (i = 0; i < BFK_SLOTS; i++) {
		if (!run->slots[i])
			continue;
		seq_printf(seq, "slot:\t%d 0%o ", i, run->slots[i]->f_flags);
		seq_file_path(seq, run->slots[i], "\n\\");
		seq_putc(seq, '\n');
	}
	spin_unlock(&run->slots_lock);
}

static int bfk_dev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bfk_instance *instance = file->private_data;

	return bfk_tape_mmap(instance->run.machine.tape, vma);
}

/* A process closes a descriptor, or exits: if it owns the run, the run ends (uapi.h). */
static int bfk_dev_flush(struct file *file, fl_owner_t id)
{
	struct bfk_instance *instance = file->private_data;

	if (!id)
		return 0;
	smp_store_mb(instance->holder, NULL); /* see is_orphan() */
	if (cmpxchg(&instance->run.owner, id, BFK_ABANDONED) != id)
		return 0;
	if (mutex_trylock(&instance->lock))
		unlock(instance);
	return 0;
}

static int bfk_dev_release(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = file->private_data;

	bfk_run_end(&instance->run, BFK_STATUS_END);
	bfk_program_unload(&instance->run.program);
	vunmap(instance->tape.map);
	vfree(instance->tape.cells);
	kvfree(instance);
	return 0;
}

static int bfk_dev_open(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = kvzalloc(sizeof(*instance), BFK_GFP);

	if (!instance)
		return -ENOMEM;
	file->private_data = instance;
	instance->holder = current->files;
	mutex_init(&instance->lock);
	spin_lock_init(&instance->run.slots_lock);
	instance->run.machine.tape = bfk_tape_create(&instance->tape);
	if (instance->run.machine.tape)
		return 0;
	bfk_dev_release(inode, file);
	return -ENOMEM;
}

static const struct file_operations bfk_dev_fops = {
	.owner = THIS_MODULE,
	.open = bfk_dev_open,
	.flush = bfk_dev_flush,
	.release = bfk_dev_release,
	.unlocked_ioctl = bfk_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = bfk_dev_uring_cmd,
	.mmap = bfk_dev_mmap,
	.show_fdinfo = bfk_dev_show_fdinfo,
};

/* Mode 0600 until the administrator says otherwise. Open files hold the module. */
static struct miscdevice device = {
	.minor = BFK_MINOR,
	.name = "bfk",
	.fops = &bfk_dev_fops,
	.mode = 0600,
};

module_misc_device(device);
MODULE_DESCRIPTION("Brainfuck with system calls, compiled and run in the kernel");
MODULE_AUTHOR("The bfk developers");
MODULE_VERSION(BFK_MODULE_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_MISCDEV(BFK_MINOR);
MODULE_ALIAS("devname:bfk");
