// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: source text of a user in, runnable program out.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. The source is copied once, and only the copy is looked at.
 * 2. A program is whole or not there: on an error everything made on the way is freed.
 */
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "bfk.h"
#include "../jit/parse.h"
#include "../syscall_ops/table.h"

static int parse_source(struct bfk_program *program, struct bfk_load_args *args)
{
	u8 *source = kvmalloc(args->source_len + 1, GFP_KERNEL_ACCOUNT);
	struct bfk_parse parse = {
		.source = source,
		.source_len = args->source_len,
		.plain = args->flags & BFK_LOAD_PLAIN,
		.known = bfk_sysop_known(),
		.allowed = args->allowed,
	};
	int err = -ENOMEM;

	program->ops = kvmalloc_array(args->source_len + 1, sizeof(*parse.ops), GFP_KERNEL_ACCOUNT);
	parse.ops = program->ops;
	if (!source || !parse.ops)
		goto out;
	err = -EFAULT;
	if (copy_from_user(source, u64_to_user_ptr(args->source), args->source_len))
		goto out;
	err = bfk_parse(&parse);
	program->n_ops = parse.n_ops;
	args->error = parse.error;
	args->error_off = parse.error_off;
out:
	kvfree(source);
	return err;
}

/**
 * bfk_program_load - make a program of what the user handed in
 * @program: zeroed; on success the caller unloads it
 * @args: see uapi.h; error and error_off are set whenever the source was looked at
 *
 * Context: sleeps.
 * Return: 0; -EINVAL unknown or contradicting flags, unknown allowed bits; -E2BIG; -ENOMEM;
 * -EFAULT; or what bfk_parse() returns.
 */
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;
	int err;

	if (args->flags & ~BFK_LOAD_FLAGS || (args->flags & eof) == eof ||
	    args->allowed & ~BFK_ALLOW_ALL || args->reserved)
		return -EINVAL;
	args->error = BFK_ERROR_TOO_LONG;
	args->error_off = BFK_SOURCE_MAX_LEN;
	if (args->source_len > BFK_SOURCE_MAX_LEN)
		return -E2BIG;
	args->error = args->error_off = 0;
	program->flags = args->flags;
	err = parse_source(program, args);
	if (!err && !(args->flags & BFK_LOAD_INTERP))
		err = bfk_text_load(program);
	if (err && err != -ENOSPC) {
		bfk_program_unload(program);
		return err;
	}
	args->engine = program->text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text_len;
	return 0;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	bfk_text_unload(program);
	kvfree(program->ops);
	memset(program, 0, sizeof(*program));
}
