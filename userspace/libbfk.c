// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The functions of libbfk.h: each hands on to the engine, or needs none.
 *
 * Interface: libbfk.h
 * Invariants:
 * 1. Nothing here or below prints, exits, or keeps state that two instances share.
 */
#include "engine.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "optimise.h"
#include "sysops_local.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct bfk_engine_ops *engine_at(enum bfk_where where)
{
	switch (where) {
	case BFK_WHERE_KERNEL:
	case BFK_WHERE_KERNEL_INTERP:
		return &bfk_engine_kernel;
	case BFK_WHERE_JIT:
	case BFK_WHERE_INTERP:
		return &bfk_engine_local;
	default:
		return NULL;
	}
}

int bfk_create(struct bfk **bfk, enum bfk_where where)
{
	const struct bfk_engine_ops *ops = engine_at(where);

	*bfk = NULL;
	return ops ? ops->create(bfk, where) : -EINVAL;
}

void bfk_destroy(struct bfk *bfk)
{
	if (!bfk)
		return;
	if (bfk->job)
		bfk->abandon(bfk);
	bfk->ops->destroy(bfk);
}

/* What the kernel is asked. More bytes than fit the field are too many all the same. */
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

/* @ops is not NULL if @source is an array to take over. */
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
	if (!err)
		bfk->last = (struct bfk_result){};
	*result = (struct bfk_result){
		.error = args.error,
		.error_off = args.error_off,
		.engine = args.engine,
		.n_ops = args.n_ops,
		.text_len = args.text_len,
	};
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

/* Source that fits has ops that fit: if the passes made more than can be loaded, do without. */
static int optimise(struct bfk_parse *parse, uint32_t passes, const struct bfk_load_args *args)
{
	int err = passes ? bfk_optimise(&parse->ops, &parse->n_ops, passes) : 0;

	if (err || parse->n_ops <= BFK_OPS_MAX)
		return err;
	free(parse->ops);
	*parse = (struct bfk_parse){};
	return bfk_program_parse(parse, args);
}

int bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		uint32_t passes, struct bfk_op **ops, size_t *n_ops, struct bfk_result *result)
{
	struct bfk_load_args args = load_args(source, source_len, flags, allowed);
	struct bfk_parse parse = {};
	int err = -EINVAL;

	if (!(passes & ~(BFK_LEVEL_2 | BFK_PASS_ZEROED)) && !(passes && flags & BFK_LOAD_OPS))
		err = bfk_program_parse(&parse, &args);
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

int bfk_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
	    struct bfk_result *result)
{
	int err;

	memset(result, 0, sizeof(*result));
	if (bfk->job)
		return -EBUSY;
	err = bfk->ops->run(bfk, fds, n_fds, fuel, result);
	if (!err)
		bfk->last = *result;
	return err;
}

int bfk_reset(struct bfk *bfk, uint32_t flags)
{
	int err = bfk->job ? -EBUSY : bfk->ops->reset(bfk, flags);

	if (!err)
		bfk->last = (struct bfk_result){};
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
	memset(listing, 0, sizeof(*listing));
	return bfk->job ? -EBUSY : bfk->ops->dump(bfk, listing);
}

int bfk_listing_alloc(struct bfk_listing *listing, size_t text_len, size_t n_ops)
{
	listing->text_len = text_len;
	listing->n_ops = n_ops;
	listing->text = malloc(text_len);
	listing->ops = calloc(n_ops, sizeof(*listing->ops));
	if (listing->text && listing->ops)
		return 0;
	bfk_listing_free(listing);
	return -ENOMEM;
}

void bfk_listing_free(struct bfk_listing *listing)
{
	free(listing->text);
	free(listing->ops);
	memset(listing, 0, sizeof(*listing));
}

int bfk_info(enum bfk_where where, struct bfk_info_args *info)
{
	const struct bfk_engine_ops *ops = engine_at(where);

	memset(info, 0, sizeof(*info));
	return ops ? ops->info(info) : -EINVAL;
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
		[BFK_STATUS_SIGNAL] = "signal",
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
