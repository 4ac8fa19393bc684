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
#include "bfk.h"
#include "jit/parse.h"
#include "syscall_ops/table.h"

static int parse_source(struct bfk_program *program, struct bfk_load_args *args)
{
	u32 len = min(args->source_len, BFK_SOURCE_MAX_LEN);
	u8 *source = kvmalloc(len + 1, BFK_GFP);
	struct bfk_parse parse = {
		.source = source,
		.source_len = args->source_len,
		.plain = args->flags & BFK_LOAD_PLAIN,
		.known = bfk_sysop_known(),
		.allowed = args->allowed,
		.ops = kvmalloc_array(len + 1, sizeof(*parse.ops), BFK_GFP),
	};
	int err = -ENOMEM;

	program->ops = parse.ops;
	if (source && parse.ops)
		err = copy_from_user(source, u64_to_user_ptr(args->source), len) ? -EFAULT : 0;
	err = err ?: bfk_parse(&parse);
	kvfree(source);
	program->n_ops = parse.n_ops;
	args->error = parse.error;
	args->error_off = parse.error_off;
	return err;
}

/**
 * bfk_program_load - make a program of what the user handed in
 * @program: zeroed; the caller unloads it, also after an error
 * @args: see uapi.h
 *
 * Context: sleeps.
 * Return: 0; -EINVAL unknown or contradicting flags, unknown allowed bits; -ENOMEM; -EFAULT;
 * or what bfk_parse() returns.
 */
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;
	int err;

	if (args->flags & ~BFK_LOAD_FLAGS || (args->flags & eof) == eof ||
	    args->allowed & ~BFK_ALLOW_ALL || args->reserved)
		return -EINVAL;
	program->flags = args->flags;
	err = parse_source(program, args);
	if (!err && !(args->flags & BFK_LOAD_INTERP))
		err = bfk_text_load(program);
	args->engine = program->text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text_len;
	return err == -ENOSPC ? 0 : err;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	bfk_text_unload(program);
	kvfree(program->ops);
	memset(program, 0, sizeof(*program));
}
