// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: open, ioctl, close; the only place where request structs are copied.
 *
 * Interface: uapi.h
 * Invariants:
 * 1. A request is copied in once, and the copy is what is checked and used.
 * 2. Calls on one instance exclude each other by its lock, which is never waited for.
 */
#include "bfk.h"
#include "syscall_ops/table.h"

/* Filters see system calls, and a program's operations are none. */
static bool allow_seccomp;
module_param(allow_seccomp, bool, 0644);
MODULE_PARM_DESC(allow_seccomp, "tasks under seccomp may RUN");

union args {
	struct bfk_info_args info;
	struct bfk_load_args load;
	struct bfk_run_args run;
	struct bfk_reset_args reset;
	struct bfk_dump_args dump;
};

static int info(struct bfk_info_args *args)
{
	/* clang-format off */
	*args = (struct bfk_info_args){
		.abi_version = BFK_ABI_VERSION, .ops_version = BFK_OPS_VERSION,
		.features = BFK_FEATURE_JIT | BFK_FEATURE_URING, .sysops = bfk_sysop_known(),
		.tape_cells = BFK_TAPE_CELLS, .slots = BFK_SLOTS,
		.source_max_len = BFK_SOURCE_MAX_LEN, .ops_max = BFK_OPS_MAX,
		.text_len = BFK_TEXT_LEN, .text_free_len = bfk_text_free_len(),
	};
	/* clang-format on */
	return 0;
}

/* The tape is taken last: if that faults, the new program stays, on a tape partly filled. */
static int load(struct bfk_instance *instance, struct bfk_load_args *args)
{
	struct bfk_program program = {};
	u8 *tape = instance->run.machine.tape;
	int err = instance->sealed ? -EPERM : bfk_program_load(&program, args);

	if (!err) {
		bfk_run_end(&instance->run, BFK_STATUS_FUEL);
		swap(instance->run.program, program);
		memset(tape, 0, BFK_TAPE_CELLS);
		if (copy_from_user(tape, u64_to_user_ptr(args->tape), args->tape_len))
			err = -EFAULT;
		instance->sealed = !err && args->flags & BFK_LOAD_SEAL;
	}
	bfk_program_unload(&program);
	return err;
}

static int reset(struct bfk_instance *instance, const struct bfk_reset_args *args)
{
	if (args->flags & ~BFK_RESET_FLAGS || args->reserved)
		return -EINVAL;
	bfk_run_end(&instance->run, BFK_STATUS_FUEL);
	if (!(args->flags & BFK_RESET_KEEP_TAPE))
		memset(instance->run.machine.tape, 0, BFK_TAPE_CELLS);
	return 0;
}

static int dump(const struct bfk_program *program, struct bfk_dump_args *args)
{
	u32 text_len = args->text ? min(args->text_len, program->text_len) : 0;
	u32 n_ops = args->ops ? min(args->n_ops, program->n_ops) : 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!program->text_len)
		return program->ops ? -ENODATA : -ENOEXEC;
	memcpy(args->entry, program->entry, sizeof(args->entry));
	args->text_len = program->text_len;
	args->n_ops = program->n_ops;
	return copy_to_user(u64_to_user_ptr(args->text), program->text, text_len) ||
			       copy_to_user(u64_to_user_ptr(args->ops), program->ops,
					    n_ops * sizeof(*program->ops)) ?
		       -EFAULT :
		       0;
}

/* Lets go of the lock. An owner that has let go of the instance meanwhile has its run ended. */
static void unlock(struct bfk_instance *instance)
{
	do {
		if (READ_ONCE(instance->run.owner) == BFK_OWNER_LEFT)
			bfk_run_end(&instance->run, BFK_STATUS_END);
		mutex_unlock(&instance->lock);
		/* Pairs with cmpxchg() in bfk_dev_flush(): this sees it, or that gets the lock. */
		smp_mb();
	} while (READ_ONCE(instance->run.owner) == BFK_OWNER_LEFT && mutex_trylock(&instance->lock));
}

static int is_same(const void *file, struct file *other, unsigned int fd)
{
	return file == other;
}

static int call(struct file *file, unsigned int cmd, union args *request)
{
	struct bfk_instance *instance = file->private_data;
	struct bfk_run *run = &instance->run;
	int err;

	if (cmd == BFK_INFO)
		return info(&request->info);
	if (!mutex_trylock(&instance->lock))
		return -EBUSY;
	switch (cmd) {
	case BFK_LOAD: err = load(instance, &request->load); break;
	case BFK_RUN: err = bfk_run(run, &request->run); break;
	case BFK_RESET: err = reset(instance, &request->reset); break;
	default: err = dump(&run->program, &request->dump); break;
	}
	/* If the last descriptor was closed before there was a run to end: it ends now. */
	if (READ_ONCE(run->owner) == current->files && !iterate_fd(current->files, 0, is_same, file))
		bfk_run_end(run, BFK_STATUS_END);
	unlock(instance);
	return err;
}

/* Makes the call @cmd with the struct at @user for @task, on whose behalf current may be working. */
static long do_request(struct file *file, unsigned int cmd, void __user *user,
		       struct task_struct *task)
{
	static const unsigned int cmds[] = { BFK_INFO, BFK_LOAD, BFK_RUN, BFK_RESET, BFK_DUMP };
	unsigned int nr = _IOC_NR(cmd), user_len = _IOC_SIZE(cmd);
	union args request;
	bool is_stopped;
	int err;

	if (nr >= ARRAY_SIZE(cmds) || (cmd ^ cmds[nr]) & ~IOCSIZE_MASK)
		return -ENOTTY;
	if (cmds[nr] == BFK_RUN && seccomp_mode(&task->seccomp) && !allow_seccomp)
		return -EACCES;
	err = copy_struct_from_user(&request, _IOC_SIZE(cmds[nr]), user, user_len);
	if (err)
		return err;
	err = call(file, cmds[nr], &request);
	is_stopped = !err && cmds[nr] == BFK_RUN && request.run.status == BFK_STATUS_SIGNAL;
	return copy_to_user(user, &request, min(_IOC_SIZE(cmds[nr]), user_len)) ? -EFAULT :
	       is_stopped && task != current					? -EINTR :
										  err;
}

static long bfk_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return do_request(file, cmd, (void __user *)arg, current);
}

/* The first try must not sleep: io_uring makes the second on a worker of the process. */
static int bfk_dev_uring_cmd(struct io_uring_cmd *uring, unsigned int issue_flags)
{
	const void *arg = BFK_COMPAT_URING_ARG(uring);

	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	return do_request(uring->file, uring->cmd_op, u64_to_user_ptr(READ_ONCE(*(const u64 *)arg)),
			  cmd_to_io_kiocb(uring)->task);
}

/* Told without the lock, as it is now: numbers that change may be of different moments. */
static __no_kcsan void bfk_dev_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct bfk_instance *instance = file->private_data;
	const struct bfk_run *run = &instance->run;
	const char *state = mutex_is_locked(&instance->lock)	  ? "running" :
			    !run->program.ops			  ? "empty" :
			    run->owner				  ? "stopped" :
			    run->machine.status < BFK_STATUS_FUEL ? "over" :
								    "ready";

	seq_printf(seq, "state:\t%s\nsealed:\t%d\nops:\t%u\ntext:\t%u\ntape:\t%u\n", state,
		   instance->sealed, run->program.n_ops, run->program.text_len, BFK_TAPE_CELLS);
	seq_printf(seq, "runs:\t%llu\nsysops:\t%llu\nfuel:\t%llu\nrefs:\t%ld\n", run->n_runs,
		   run->n_sysops, run->fuel_used, file_count(file) - 1 /* this reading's */);
}

/* A process closes a descriptor, or exits: if it owns the run, the run ends (uapi.h). */
static int bfk_dev_flush(struct file *file, fl_owner_t id)
{
	struct bfk_instance *instance = file->private_data;

	if (id && cmpxchg(&instance->run.owner, id, BFK_OWNER_LEFT) == id &&
	    mutex_trylock(&instance->lock))
		unlock(instance);
	return 0;
}

static int bfk_dev_release(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = file->private_data;

	bfk_run_end(&instance->run, BFK_STATUS_END);
	bfk_program_unload(&instance->run.program);
	vunmap(instance->map);
	vfree(instance->cells); /* pages that users have mapped live until they let go */
	kvfree(instance);
	return 0;
}

static int bfk_dev_open(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = kvzalloc(sizeof(*instance), BFK_GFP);
	int err;

	if (!instance)
		return -ENOMEM;
	file->private_data = instance;
	mutex_init(&instance->lock);
	err = bfk_tape_create(instance);
	if (err)
		bfk_dev_release(inode, file);
	return err;
}

const struct file_operations bfk_dev_fops = {
	.owner = THIS_MODULE,
	.open = bfk_dev_open,
	.flush = bfk_dev_flush,
	.release = bfk_dev_release,
	.unlocked_ioctl = bfk_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = bfk_dev_uring_cmd,
	.mmap = bfk_tape_mmap,
	.show_fdinfo = bfk_dev_show_fdinfo,
};

/* Mode 0600 until the administrator says otherwise. Open files hold the module. */
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bfk",
	.fops = &bfk_dev_fops,
	.mode = 0600,
};

module_misc_device(device);
MODULE_DESCRIPTION("Brainfuck with system calls, compiled and run in the kernel");
MODULE_LICENSE("GPL");
