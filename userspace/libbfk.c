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
#include "jit/parse.h"
#include "sysops_local.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct bfk_engine_ops *engine_at(enum bfk_where where)
{
	switch (where) {
	case BFK_WHERE_KERNEL:
	case BFK_WHERE_KERNEL_INTERP: return &bfk_engine_kernel;
	case BFK_WHERE_JIT:
	case BFK_WHERE_INTERP: return &bfk_engine_local;
	default: return NULL;
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
	if (bfk)
		bfk->ops->destroy(bfk);
}

int bfk_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
	     uint32_t allowed, struct bfk_result *result)
{
	memset(result, 0, sizeof(*result));
	return bfk->ops->load(bfk, source, source_len, flags, allowed, result);
}

int bfk_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
	    struct bfk_result *result)
{
	memset(result, 0, sizeof(*result));
	return bfk->ops->run(bfk, fds, n_fds, fuel, result);
}

int bfk_reset(struct bfk *bfk, uint32_t flags)
{
	return bfk->ops->reset(bfk, flags);
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
	return bfk->ops->dump(bfk, listing);
}

int bfk_listing_alloc(struct bfk_listing *listing, size_t text_len, size_t n_ops)
{
	listing->text_len = text_len;
	listing->n_ops = n_ops;
	listing->text = malloc(text_len);
	listing->text_off = calloc(n_ops, sizeof(*listing->text_off));
	if (listing->text && listing->text_off)
		return 0;
	bfk_listing_free(listing);
	return -ENOMEM;
}

void bfk_listing_fill(struct bfk_listing *listing, const struct bfk_op *ops)
{
	size_t i;

	for (i = 0; i < listing->n_ops; i++)
		listing->text_off[i] = ops[i].text_off;
}

void bfk_listing_free(struct bfk_listing *listing)
{
	free(listing->text);
	free(listing->text_off);
	memset(listing, 0, sizeof(*listing));
}

int bfk_info(enum bfk_where where, struct bfk_info_args *info, const struct bfk_sysop_info **sysops,
	     size_t *n_sysops)
{
	const struct bfk_engine_ops *ops = engine_at(where);

	memset(info, 0, sizeof(*info));
	return ops ? ops->info(info, sysops, n_sysops) : -EINVAL;
}

static struct bfk_source_op describe(const struct bfk_op *op)
{
	static const char *const kinds[] = {
		[BFK_OP_END] = "end",	    [BFK_OP_ADD] = "add",   [BFK_OP_SET] = "set",
		[BFK_OP_MOVE] = "move",	    [BFK_OP_LOOP] = "loop", [BFK_OP_NEXT] = "next",
		[BFK_OP_MULADD] = "muladd", [BFK_OP_IN] = "in",	    [BFK_OP_OUT] = "out",
		[BFK_OP_SYS] = "sys",
	};

	return (struct bfk_source_op){
		.kind = kinds[op->kind],
		.letter = op->kind == BFK_OP_SYS ? op->val : 0,
		.val = op->kind == BFK_OP_SYS ? 0 : op->val,
		.off = op->off,
		.src = op->src,
		.match = op->match,
		.source_off = op->source_off,
	};
}

static int describe_all(const struct bfk_parse *parse, struct bfk_source_op **ops, size_t *n_ops)
{
	u32 i;

	*ops = calloc(parse->n_ops, sizeof(**ops));
	if (!*ops)
		return -ENOMEM;
	for (i = 0; i < parse->n_ops; i++)
		(*ops)[i] = describe(&parse->ops[i]);
	*n_ops = parse->n_ops;
	return 0;
}

int bfk_parse_source(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		     struct bfk_source_op **ops, size_t *n_ops, struct bfk_result *result)
{
	struct bfk_parse parse = {
		.source = source,
		.plain = flags & BFK_LOAD_PLAIN,
		.known = bfk_sysop_known(),
		.allowed = allowed,
	};
	int err;

	*ops = NULL;
	*n_ops = 0;
	memset(result, 0, sizeof(*result));
	if (flags & ~BFK_LOAD_FLAGS || allowed & ~BFK_ALLOW_ALL)
		return -EINVAL;
	err = bfk_parse_alloc(&parse, source_len);
	if (!err) {
		err = describe_all(&parse, ops, n_ops);
		free(parse.ops);
	}
	result->error = parse.error;
	result->error_off = parse.error_off;
	result->n_ops = *n_ops;
	return err;
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
		[BFK_ERROR_TOO_DEEP] = "brackets nested too deep",
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
	case BFK_WHERE_KERNEL: return "kernel";
	case BFK_WHERE_KERNEL_INTERP: return "kernel-interp";
	case BFK_WHERE_JIT: return "jit";
	case BFK_WHERE_INTERP: return "interp";
	default: return "unknown engine";
	}
}
