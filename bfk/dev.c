// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: open, ioctl, close; the only place where request structs are copied.
 *
 * Interface: uapi.h
 * Invariants:
 * 1. A request is copied in once, and the copy is what is checked and used.
 * 2. Calls on one instance exclude each other by its lock, which is never waited for.
 */
#include <linux/capability.h>
#include <linux/fdtable.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include "bfk.h"
#include "syscall_ops/table.h"

union request {
	struct bfk_info_args info;
	struct bfk_load_args load;
	struct bfk_run_args run;
	struct bfk_reset_args reset;
	struct bfk_dump_args dump;
};

/* Copies out at most *room of n elements; *room becomes n. */
static int copy_array(u64 to, u32 *room, const void *from, u32 n, size_t len)
{
	u32 take = to ? min(*room, n) : 0;

	*room = n;
	return copy_to_user(u64_to_user_ptr(to), from, take * len) ? -EFAULT : 0;
}

static int info(struct bfk_info_args *args)
{
	struct bfk_sysop_info table[BFK_SYSOPS_MAX];
	u32 n = 0, i;

	for (i = 0; i < BFK_SYSOPS_MAX; i++)
		if (bfk_sysops[i].fn)
			table[n++] = bfk_sysops[i].info;
	/* clang-format off */
	*args = (struct bfk_info_args){
		.sysops = args->sysops, .n_sysops = args->n_sysops,
		.abi_version = BFK_ABI_VERSION, .features = BFK_FEATURE_JIT,
		.tape_cells = BFK_TAPE_CELLS, .slots = BFK_SLOTS,
		.source_max_len = BFK_SOURCE_MAX_LEN, .depth_max = BFK_DEPTH_MAX,
		.text_len = BFK_TEXT_LEN, .text_free_len = bfk_text_free_len(),
	};
	/* clang-format on */
	return copy_array(args->sysops, &args->n_sysops, table, n, sizeof(*table));
}

/* The tape is taken last: if that faults, the new program stays, on a tape partly filled. */
static int load(struct bfk_instance *instance, struct bfk_load_args *args)
{
	struct bfk_program program = {};
	int err;

	if (instance->sealed)
		return -EPERM;
	if (args->tape_len > BFK_TAPE_CELLS)
		return -EINVAL;
	err = bfk_program_load(&program, args);
	if (!err) {
		bfk_run_reset(&instance->run);
		swap(instance->run.program, program);
		memset(instance->ring, 0, BFK_TAPE_CELLS);
		if (copy_from_user(instance->ring, u64_to_user_ptr(args->tape), args->tape_len))
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
	bfk_run_reset(&instance->run);
	if (!(args->flags & BFK_RESET_KEEP_TAPE))
		memset(instance->ring, 0, BFK_TAPE_CELLS);
	return 0;
}

static int dump(const struct bfk_program *program, struct bfk_dump_args *args)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!program->ops)
		return -ENOEXEC;
	if (!program->text_len)
		return -ENODATA;
	bfk_text_entries(program, args->entry);
	if (copy_array(args->text, &args->text_len, bfk_text_addr(program), program->text_len, 1))
		return -EFAULT;
	return copy_array(args->ops, &args->n_ops, program->ops, program->n_ops,
			  sizeof(*program->ops));
}

/* Ends the run of an owner that let go of it while a call was under way. */
static void end_abandoned(struct bfk_instance *instance)
{
	const void *owner;

	/* Pairs with the unlock in call() and the store in bfk_dev_flush(): one side sees both. */
	smp_mb();
	if (!READ_ONCE(instance->abandoned) || !mutex_trylock(&instance->lock))
		return;
	owner = xchg(&instance->abandoned, NULL);
	if (owner && owner == instance->run.owner)
		bfk_run_end(&instance->run);
	mutex_unlock(&instance->lock);
}

static int is_same(const void *file, struct file *other, unsigned int fd)
{
	return file == other;
}

static int call(struct file *file, unsigned int cmd, union request *request)
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
	if (run->owner == current->files && !iterate_fd(current->files, 0, is_same, file))
		bfk_run_end(run);
	mutex_unlock(&instance->lock);
	end_abandoned(instance);
	return err;
}

static long bfk_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	static const unsigned int cmds[] = { BFK_INFO, BFK_LOAD, BFK_RUN, BFK_RESET, BFK_DUMP };
	unsigned int nr = _IOC_NR(cmd), user_len = _IOC_SIZE(cmd);
	void __user *user = (void __user *)arg;
	union request request;
	int err;

	if (nr >= ARRAY_SIZE(cmds) || (cmd ^ cmds[nr]) & ~IOCSIZE_MASK)
		return -ENOTTY;
	err = copy_struct_from_user(&request, _IOC_SIZE(cmds[nr]), user, user_len);
	if (err)
		return err;
	err = call(file, cmds[nr], &request);
	return copy_to_user(user, &request, min(_IOC_SIZE(cmds[nr]), user_len)) ? -EFAULT : err;
}

/* A process closes a descriptor, or exits: if it owns the run, the run ends (uapi.h). */
static int bfk_dev_flush(struct file *file, fl_owner_t id)
{
	struct bfk_instance *instance = file->private_data;

	if (READ_ONCE(instance->run.owner) == id) {
		WRITE_ONCE(instance->abandoned, id);
		end_abandoned(instance);
	}
	return 0;
}

static int bfk_dev_release(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = file->private_data;

	bfk_run_end(&instance->run);
	bfk_program_unload(&instance->run.program);
	bfk_tape_destroy(instance);
	kvfree(instance);
	return 0;
}

static int bfk_dev_open(struct inode *inode, struct file *file)
{
	struct bfk_instance *instance = kvzalloc(sizeof(*instance), BFK_GFP);

	if (!instance)
		return -ENOMEM;
	file->private_data = instance;
	mutex_init(&instance->lock);
	if (bfk_tape_create(instance)) {
		bfk_dev_release(inode, file);
		return -ENOMEM;
	}
	instance->run.machine.tape = instance->ring;
	return 0;
}

const struct file_operations bfk_dev_fops = {
	.owner = THIS_MODULE,
	.open = bfk_dev_open,
	.flush = bfk_dev_flush,
	.release = bfk_dev_release,
	.unlocked_ioctl = bfk_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = bfk_tape_mmap,
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
