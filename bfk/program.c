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
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "bfk.h"
#include "../jit/parse.h"
#include "../syscall_ops/table.h"

static void *copy_source(const struct bfk_load_args *args)
{
	void *source = kvmalloc(args->source_len ?: 1, GFP_KERNEL_ACCOUNT);

	if (!source)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(source, u64_to_user_ptr(args->source), args->source_len))
		return source;
	kvfree(source);
	return ERR_PTR(-EFAULT);
}

/* Parses into room for the worst case, and keeps a copy of the right size. */
static int parse_source(struct bfk_program *program, struct bfk_load_args *args)
{
	struct bfk_parse parse = {
		.source_len = args->source_len,
		.plain = args->flags & BFK_LOAD_PLAIN,
		.known = bfk_sysop_known(),
		.allowed = args->allowed,
	};
	int err;

	parse.source = copy_source(args);
	if (IS_ERR(parse.source))
		return PTR_ERR(parse.source);
	err = -ENOMEM;
	parse.ops = kvmalloc_array(args->source_len + 1, sizeof(*parse.ops), GFP_KERNEL_ACCOUNT);
	if (!parse.ops)
		goto out_source;
	err = bfk_parse(&parse);
	args->error = parse.error;
	args->error_off = parse.error_off;
	if (err)
		goto out_ops;
	err = -ENOMEM;
	program->n_ops = parse.n_ops;
	program->ops = kvmalloc_array(parse.n_ops, sizeof(*parse.ops), GFP_KERNEL_ACCOUNT);
	if (!program->ops)
		goto out_ops;
	memcpy(program->ops, parse.ops, parse.n_ops * sizeof(*parse.ops));
	err = 0;
out_ops:
	kvfree(parse.ops);
out_source:
	kvfree(parse.source);
	return err;
}

static int compile(struct bfk_program *program)
{
	int err;

	program->text_off = kvcalloc(program->n_ops + 1, sizeof(u32), GFP_KERNEL_ACCOUNT);
	if (!program->text_off)
		return -ENOMEM;
	err = bfk_text_load(&program->text, program->ops, program->n_ops, program->text_off);
	return err == -ENOSPC ? 0 : err;
}

/**
 * bfk_program_load - make a program of what the user handed in
 * @program: zeroed; on success the caller unloads it
 * @args: see uapi.h; error and error_off are set whenever the source was read
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
	if (args->source_len > BFK_SOURCE_MAX_LEN) {
		args->error = BFK_ERROR_TOO_LONG;
		args->error_off = BFK_SOURCE_MAX_LEN;
		return -E2BIG;
	}
	program->flags = args->flags;
	err = parse_source(program, args);
	if (!err && !(args->flags & BFK_LOAD_INTERP))
		err = compile(program);
	if (err) {
		bfk_program_unload(program);
		return err;
	}
	args->engine = program->text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text.len;
	return 0;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	bfk_text_unload(&program->text);
	kvfree(program->text_off);
	kvfree(program->ops);
	memset(program, 0, sizeof(*program));
}
