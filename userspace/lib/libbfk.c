// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The functions of libbfk.h. Each one calls the engine, or needs none.
 *
 * Interface: libbfk.h
 * Invariants:
 * 1. Nothing here or below prints, exits, or keeps state that two instances share.
 */
#include "userspace/engine/engine.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bfk/limits.h"
#include "jit/parse.h"
#include "userspace/engine/kernel.h"
#include "userspace/local/instance.h"
#include "userspace/local/program.h"
#include "userspace/local/sysops.h"
#include "userspace/local/text.h"
#include "userspace/opt/optimise.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* Finds an engine. Returns 0, -EINVAL (unknown @where) or -EOPNOTSUPP (this architecture). */
static int find_engine(enum bfk_where where, const struct bfk_engine_ops **ops)
{
	switch (where) {
	case BFK_WHERE_KERNEL:
	case BFK_WHERE_KERNEL_INTERP:
		*ops = &bfk_engine_kernel;
		return 0;
	case BFK_WHERE_JIT:
	case BFK_WHERE_INTERP:
		*ops = &bfk_engine_local;
		return where == BFK_WHERE_JIT && !local_text_can_load() ? -EOPNOTSUPP : 0;
	default:
		return -EINVAL;
	}
}

int bfk_create(struct bfk **bfk, enum bfk_where where)
{
	const struct bfk_engine_ops *ops;
	int err = find_engine(where, &ops);

	*bfk = NULL;
	return err ? err : ops->create(bfk, where);
}

void bfk_destroy(struct bfk *bfk)
{
	if (!bfk)
		return;
	if (bfk->job)
		bfk->abandon(bfk);
	bfk->ops->destroy(bfk);
}

/* Programs allocate these structs, so their sizes never change: see libbfk.h. */
static_assert(sizeof(struct bfk_result) == 144, "ABI");
static_assert(sizeof(struct bfk_info) == 128, "ABI");
static_assert(sizeof(struct bfk_completion) == 2 * sizeof(void *) + 184, "ABI");
static_assert(sizeof(struct bfk_submission) == 3 * sizeof(void *) + 48, "ABI");
static_assert(sizeof(struct bfk_service) == 3 * sizeof(void *) + 280, "ABI");
static_assert(sizeof(struct bfk_listing) == 4 * sizeof(void *) + 96, "ABI");
static_assert(BFK_ENTRIES <= N_ELEMENTS(((struct bfk_listing *)0)->entry), "ABI");
static_assert(sizeof(struct bfk_op) == 20 && BFK_OPS_VERSION == 1,
	      "another struct, another symbol");

uint32_t bfk_version(void)
{
	return BFK_VERSION;
}

/* The arguments of LOAD. A length that does not fit the field exceeds every limit anyway. */
static struct bfk_load_args load_args(const void *source, size_t source_len, uint32_t flags,
				      uint32_t allowed)
{
	return (struct bfk_load_args){
		.source = (uintptr_t)source,
		.source_len = source_len < UINT32_MAX ? source_len : UINT32_MAX,
		.flags = flags,
		.allowed = allowed,
		.ops_version = flags & BFK_LOAD_OPS ? BFK_OPS_VERSION : 0,
	};
}

/* @ops: the array that @source points to, if the engine is to own and free it; else NULL. */
static int load(struct bfk *bfk, struct bfk_load_args args, struct bfk_op *ops,
		struct bfk_result *result)
{
	int err = -EBUSY;

	if (bfk->where == BFK_WHERE_KERNEL_INTERP || bfk->where == BFK_WHERE_INTERP)
		args.flags |= BFK_LOAD_INTERP;
	if (bfk->job)
		free(ops);
	else
		err = bfk->ops->load(bfk, &args, ops);
	*result = (struct bfk_result){
		.error = args.error,
		.error_off = args.error_off,
		.engine = args.engine,
		.n_ops = args.n_ops,
		.text_len = args.text_len,
	};
	if (!err)
		bfk->last = *result;
	return err;
}

int bfk_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
	     uint32_t allowed, struct bfk_result *result)
{
	return load(bfk, load_args(source, source_len, flags, allowed), NULL, result);
}

int bfk_load_ops(struct bfk *bfk, const struct bfk_op *ops, size_t n_ops, uint32_t flags,
		 uint32_t allowed, struct bfk_result *result)
{
	return bfk_load(bfk, ops, n_ops * sizeof(*ops), flags | BFK_LOAD_OPS, allowed, result);
}

/* The ops of valid source always fit. If the passes made more than can be loaded, skip them. */
static int optimise(struct bfk_parse *parse, uint32_t passes, const struct bfk_load_args *args)
{
	int err = passes ? bfk_optimise(&parse->ops, &parse->n_ops, passes) : 0;

	if (err || parse->n_ops <= BFK_OPS_MAX)
		return err;
	free(parse->ops);
	*parse = (struct bfk_parse){};
	return local_program_parse(parse, args, local_sysop_known());
}

int bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		uint32_t passes, struct bfk_op **ops, size_t *n_ops, struct bfk_result *result)
{
	struct bfk_load_args args = load_args(source, source_len, flags, allowed);
	struct bfk_parse parse = {};
	int err = -EINVAL;

	if (!(passes & ~(BFK_LEVEL_2 | BFK_PASS_ZEROED)) && !(passes && flags & BFK_LOAD_OPS))
		err = local_program_parse(&parse, &args, local_sysop_known());
	if (!err)
		err = optimise(&parse, passes, &args);
	if (err) {
		free(parse.ops);
		parse.ops = NULL;
	}
	*ops = parse.ops;
	*n_ops = err ? 0 : parse.n_ops;
	*result = (struct bfk_result){ .error = parse.error,
				       .error_off = parse.error_off,
				       .n_ops = *n_ops };
	return err;
}

int bfk_load_optimised(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
		       uint32_t allowed, uint32_t passes, struct bfk_result *result)
{
	struct bfk_op *ops;
	size_t n_ops;
	int err;

	if (!passes)
		return bfk_load(bfk, source, source_len, flags, allowed, result);
	err = bfk_compile(source, source_len, flags, allowed, passes, &ops, &n_ops, result);
	if (err)
		return err;
	flags = (flags & ~BFK_LOAD_PLAIN) | BFK_LOAD_OPS;
	return load(bfk, load_args(ops, n_ops * sizeof(*ops), flags, allowed), ops, result);
}

/* An interrupted run that has not begun is given no fuel, with which it only takes its files. */
int bfk_engine_run(struct bfk *bfk, struct bfk_run_args *args)
{
	bool is_over = atomic_load(&bfk->interrupted);
	uint64_t fuel = args->fuel;
	int err;

	if (is_over)
		args->fuel = 0;
	err = bfk->ops->run(bfk, args);
	atomic_store(&bfk->interrupted, false);
	if (err || !is_over || args->status < BFK_STATUS_FUEL)
		return err;
	args->fuel = fuel;
	args->status = BFK_STATUS_SIGNAL;
	return 0;
}

void bfk_interrupt(struct bfk *bfk)
{
	atomic_store(&bfk->interrupted, true);
}

int bfk_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel, uint32_t flags,
	    struct bfk_result *result)
{
	struct bfk_run_args args = {
		.fds = (uintptr_t)fds, .n_fds = n_fds, .fuel = fuel, .flags = flags
	};
	int err = -EBUSY;

	*result = bfk_result_loaded(bfk);
	if (!bfk->job)
		err = bfk_engine_run(bfk, &args);
	if (err)
		return err;
	bfk_result_set_run(result, &args);
	bfk->last = *result;
	return 0;
}

int bfk_reset(struct bfk *bfk, uint32_t flags)
{
	int err = bfk->job ? -EBUSY : bfk->ops->reset(bfk, flags);

	if (!err)
		bfk->last = bfk_result_loaded(bfk);
	return err;
}

int bfk_tape(struct bfk *bfk, uint8_t **tape)
{
	return bfk->ops->tape(bfk, tape);
}

int bfk_fd(const struct bfk *bfk)
{
	return bfk->ops->fd(bfk);
}

int bfk_dump(struct bfk *bfk, struct bfk_listing *listing)
{
	*listing = (struct bfk_listing){};
	return bfk->job ? -EBUSY : bfk->ops->dump(bfk, listing);
}

int bfk_info(enum bfk_where where, struct bfk_info *info)
{
	const struct bfk_engine_ops *ops;
	struct bfk_info_args args = {};
	int err = find_engine(where, &ops);

	*info = (struct bfk_info){};
	if (!err)
		err = ops->info(&args);
	if (err)
		return err;
	*info = (struct bfk_info){
		.abi_version = args.abi_version,
		.ops_version = args.ops_version,
		.features = args.features,
		.sysops = args.sysops,
		.tape_cells = args.tape_cells,
		.slots = args.slots,
		.source_max_len = args.source_max_len,
		.ops_max = args.ops_max,
		.text_len = args.text_len,
		.text_free_len = args.text_free_len,
	};
	return 0;
}

const char *bfk_error_name(uint32_t error)
{
	static const char *const names[] = {
		[BFK_ERROR_NONE] = "no error",
		[BFK_ERROR_UNOPENED] = "unbalanced ]",
		[BFK_ERROR_UNCLOSED] = "unbalanced [",
		[BFK_ERROR_UNKNOWN_OP] = "unknown operation",
		[BFK_ERROR_DENIED_OP] = "operation not allowed",
		[BFK_ERROR_TOO_LONG] = "program too long",
		[BFK_ERROR_BAD_OP] = "bad op",
		[BFK_ERROR_BAD_MATCH] = "bad jump",
	};

	return error < N_ELEMENTS(names) ? names[error] : "unknown error";
}

const char *bfk_status_name(uint32_t status)
{
	static const char *const names[] = {
		[BFK_STATUS_END] = "ended",	[BFK_STATUS_QUIT] = "quit",
		[BFK_STATUS_FAILED] = "failed", [BFK_STATUS_FUEL] = "out of fuel",
		[BFK_STATUS_SIGNAL] = "signal", [BFK_STATUS_OP] = "before an operation",
	};

	return status < N_ELEMENTS(names) ? names[status] : "unknown status";
}

const char *bfk_where_name(enum bfk_where where)
{
	switch (where) {
	case BFK_WHERE_KERNEL:
		return "kernel";
	case BFK_WHERE_KERNEL_INTERP:
		return "kernel-interp";
	case BFK_WHERE_JIT:
		return "jit";
	case BFK_WHERE_INTERP:
		return "interp";
	default:
		return "unknown engine";
	}
}

const char *bfk_op_name(uint8_t kind)
{
	static const char *const names[BFK_OP_KINDS] = {
		[BFK_OP_END] = "end", [BFK_OP_IN] = "in",	[BFK_OP_OUT] = "out",
		[BFK_OP_SYS] = "sys", [BFK_OP_NEXT] = "next",	[BFK_OP_IF] = "if",
		[BFK_OP_IF8] = "if8", [BFK_OP_LABEL] = "label", [BFK_OP_MOVE] = "move",
		[BFK_OP_ADD] = "add", [BFK_OP_SET] = "set",	[BFK_OP_MULADD] = "muladd",
		[BFK_OP_MUL] = "mul",
	};

	return kind < N_ELEMENTS(names) ? names[kind] : "unknown op";
}
