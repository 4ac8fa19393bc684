// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The engines in this process: an instance, as bfk/dev.c has it behind ioctls.
 *
 * Interface: engine.h
 */
#include "local.h"
#include <errno.h>
#include <stdlib.h>
#include "sysops.h"

static struct bfk_local *local_of(struct bfk *bfk)
{
	return (struct bfk_local *)bfk;
}

static int local_create(struct bfk **bfk, enum bfk_where where)
{
	struct bfk_local *local = calloc(1, sizeof(*local));
	int err, i;

	if (!local)
		return -ENOMEM;
	err = bfk_tape_create(&local->tape);
	if (err) {
		free(local);
		return err;
	}
	local->base = (struct bfk){ .ops = &bfk_engine_local, .where = where };
	local->host = bfk_host;
	for (i = 0; i < BFK_SLOTS; i++)
		local->slots[i] = -1;
	bfk_local_restart(local);
	*bfk = &local->base;
	return 0;
}

static void local_destroy(struct bfk *bfk)
{
	struct bfk_local *local = local_of(bfk);

	bfk_local_end(local);
	bfk_program_unload(&local->program);
	bfk_tape_destroy(&local->tape);
	free(local);
}

/* A tape that nobody has had is zero already: its pages stay unused until the program needs them. */
static void clear_tape(struct bfk_local *local)
{
	if (local->touched)
		memset(local->tape.ring, 0, BFK_TAPE_CELLS);
}

static int local_load(struct bfk *bfk, struct bfk_load_args *args, struct bfk_op *ops)
{
	struct bfk_local *local = local_of(bfk);
	struct bfk_program program = {};
	int err;

	if (local->sealed) {
		free(ops);
		return -EPERM;
	}
	err = bfk_program_load(&program, args, ops);
	if (err) {
		bfk_program_unload(&program);
		return err;
	}
	bfk_local_restart(local);
	bfk_program_unload(&local->program);
	local->program = program;
	local->sealed = args->flags & BFK_LOAD_SEAL;
	clear_tape(local);
	return 0;
}

static int local_reset(struct bfk *bfk, uint32_t flags)
{
	struct bfk_local *local = local_of(bfk);

	if (flags & ~BFK_RESET_KEEP_TAPE)
		return -EINVAL;
	bfk_local_restart(local);
	if (!(flags & BFK_RESET_KEEP_TAPE))
		clear_tape(local);
	return 0;
}

static int local_tape(struct bfk *bfk, uint8_t **tape)
{
	struct bfk_local *local = local_of(bfk);

	local->touched = true;
	*tape = local->tape.ring;
	return 0;
}

static int local_fd(const struct bfk *bfk)
{
	(void)bfk;
	return -ENODEV;
}

static int local_dump(struct bfk *bfk, struct bfk_listing *listing)
{
	const struct bfk_program *program = &local_of(bfk)->program;
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
	bfk_text_entries(&program->text, listing->entry);
	return 0;
}

/* There is no arena here, so text_len is 0. */
static int local_info(struct bfk_info_args *info)
{
	*info = (struct bfk_info_args){
		.abi_version = BFK_ABI_VERSION,
		.ops_version = BFK_OPS_VERSION,
		.features = (bfk_text_can_load() ? BFK_FEATURE_JIT : 0) | BFK_FEATURE_STOP_OPS,
		.sysops = bfk_sysop_known(),
		.tape_cells = BFK_TAPE_CELLS,
		.slots = BFK_SLOTS,
		.source_max_len = BFK_SOURCE_MAX_LEN,
		.ops_max = BFK_OPS_MAX,
	};
	return 0;
}

const struct bfk_engine_ops bfk_engine_local = {
	.create = local_create,
	.destroy = local_destroy,
	.load = local_load,
	.run = bfk_local_run,
	.reset = local_reset,
	.tape = local_tape,
	.fd = local_fd,
	.dump = local_dump,
	.info = local_info,
};
