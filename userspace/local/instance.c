// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The engines in this process: an instance, as bfk/dev.c provides it through ioctls.
 *
 * Interface: instance.h, userspace/engine/engine.h
 */
#include "instance.h"
#include "local.h"
#include "run.h"
#include "sysops.h"
#include <errno.h>
#include <stdlib.h>

static struct local_instance *local_of(struct bfk *bfk)
{
	return (struct local_instance *)bfk;
}

static int create(struct bfk **bfk, enum bfk_where where)
{
	struct local_instance *local = calloc(1, sizeof(*local));
	int err, i;

	if (!local)
		return -ENOMEM;
	err = local_tape_create(&local->tape);
	if (err) {
		free(local);
		return err;
	}
	local->base = (struct bfk){ .ops = &bfk_engine_local, .where = where };
	local->host = bfk_host;
	for (i = 0; i < BFK_SLOTS; i++)
		local->slots[i] = -1;
	local_restart(local);
	*bfk = &local->base;
	return 0;
}

static void destroy(struct bfk *bfk)
{
	struct local_instance *local = local_of(bfk);

	local_end(local);
	local_program_unload(&local->program);
	local_tape_destroy(&local->tape);
	free(local);
}

/* An untouched tape is zero already; its pages stay unused until the program needs them. */
static void clear_tape(struct local_instance *local)
{
	if (local->touched)
		memset(local->tape.ring, 0, BFK_TAPE_CELLS);
}

static int load(struct bfk *bfk, struct bfk_load_args *args, struct bfk_op *ops)
{
	struct local_instance *local = local_of(bfk);
	struct local_program program = {};
	int err;

	if (local->sealed) {
		free(ops);
		return -EPERM;
	}
	err = local_program_load(&program, args, ops, local_sysop_known());
	if (err) {
		local_program_unload(&program);
		return err;
	}
	local_restart(local);
	local_program_unload(&local->program);
	local->program = program;
	local->sealed = args->flags & BFK_LOAD_SEAL;
	clear_tape(local);
	return 0;
}

static int reset(struct bfk *bfk, uint32_t flags)
{
	struct local_instance *local = local_of(bfk);

	if (flags & ~BFK_RESET_KEEP_TAPE)
		return -EINVAL;
	local_restart(local);
	if (!(flags & BFK_RESET_KEEP_TAPE))
		clear_tape(local);
	return 0;
}

static int get_tape(struct bfk *bfk, uint8_t **tape)
{
	struct local_instance *local = local_of(bfk);

	local->touched = true;
	*tape = local->tape.ring;
	return 0;
}

static int get_fd(const struct bfk *bfk)
{
	(void)bfk;
	return -ENODEV;
}

static int dump(struct bfk *bfk, struct bfk_listing *listing)
{
	const struct local_program *program = &local_of(bfk)->program;
	int err;

	if (!program->ops)
		return -ENOEXEC;
	if (!program->text.len)
		return -ENODATA;
	err = bfk_listing_alloc(listing, program->text.len, program->n_ops);
	if (err)
		return err;
	memcpy(listing->text, program->text.addr, program->text.len);
	memcpy(listing->ops, program->ops, program->n_ops * sizeof(*program->ops));
	local_text_entries(&program->text, listing->entry);
	return 0;
}

/* There is no arena here, so text_len is 0. */
static int get_info(struct bfk_info_args *info)
{
	*info = (struct bfk_info_args){
		.abi_version = BFK_ABI_VERSION,
		.ops_version = BFK_OPS_VERSION,
		.features = (local_text_can_load() ? BFK_FEATURE_JIT : 0) | BFK_FEATURE_STOP_OPS,
		.sysops = local_sysop_known(),
		.tape_cells = BFK_TAPE_CELLS,
		.slots = BFK_SLOTS,
		.source_max_len = BFK_SOURCE_MAX_LEN,
		.ops_max = BFK_OPS_MAX,
	};
	return 0;
}

const struct bfk_engine_ops bfk_engine_local = {
	.create = create,
	.destroy = destroy,
	.load = load,
	.run = local_run,
	.reset = reset,
	.tape = get_tape,
	.fd = get_fd,
	.dump = dump,
	.info = get_info,
};
