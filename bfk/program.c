// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: source text or ops of a user in, runnable program out.
 *
 * Interface: program.h
 * Invariants:
 * 1. What the user hands in is copied once, and only the copy is looked at.
 * 2. No op is emitted or interpreted that bfk_check() has not seen.
 * 3. Nothing here needs a lock: the program belongs to the caller alone until dev.c installs it.
 *
 * Who owns what: get_ops() owns the copy of the source and frees it. The ops go to the program,
 * also after an error, and bfk_program_unload() frees them and gives the text back.
 */
#include "program.h"
#include <linux/crc32.h>
#include "jit/parse.h"
#include "syscall_ops/table.h"

/* Copies @len bytes, which may be none, from the user. Sets @copy to the copy, for kvfree(). */
static int copy_user(u8 **copy, u64 from, u32 len)
{
	*copy = kvmalloc(len, BFK_GFP);
	if (!*copy)
		return -ENOMEM;
	return copy_from_user(*copy, u64_to_user_ptr(from), len) ? -EFAULT : 0;
}

/* Takes the user's ops, or parses its source. parse->ops is for the caller to free. */
static int get_ops(struct bfk_parse *parse, const struct bfk_load_args *args)
{
	bool is_ops = args->flags & BFK_LOAD_OPS;
	u32 unit = is_ops ? sizeof(*parse->ops) : 1, n = args->source_len / unit;
	u32 n_max = is_ops ? BFK_OPS_MAX : BFK_SOURCE_MAX_LEN;
	u8 *source;
	int err;

	if (n > n_max)
		return bfk_parse_fail(parse, BFK_ERROR_TOO_LONG, n_max, -E2BIG);
	if (args->source_len % unit)
		return bfk_parse_fail(parse, BFK_ERROR_BAD_OP, n, -EINVAL);
	err = copy_user(&source, args->source, args->source_len);
	if (is_ops) {
		parse->ops = (struct bfk_op *)source;
		parse->n_ops = n;
		return err;
	}
	parse->source = source;
	parse->source_len = n;
	parse->plain = args->flags & BFK_LOAD_PLAIN;
	parse->ops = kvmalloc_array(n + 1, sizeof(*parse->ops), BFK_GFP);
	if (!err)
		err = parse->ops ? bfk_parse(parse) : -ENOMEM;
	kvfree(source);
	return err;
}

static int check_args(const struct bfk_load_args *args)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP, kind = BFK_LOAD_PLAIN | BFK_LOAD_OPS;
	u32 ops_version = args->flags & BFK_LOAD_OPS ? BFK_OPS_VERSION : 0;

	if (args->flags & ~BFK_LOAD_FLAGS || (args->flags & eof) == eof ||
	    (args->flags & kind) == kind)
		return -EINVAL;
	if (args->tape_len > BFK_TAPE_CELLS || args->allowed & ~BFK_ALLOW_ALL)
		return -EINVAL;
	return args->ops_version == ops_version ? 0 : -EINVAL;
}

/**
 * bfk_program_load - make a program of what the user handed in
 * @program: zeroed; the caller unloads it, also after an error
 * @args: see uapi.h; gets its outputs set
 *
 * Context: sleeps, as long as the caller's memory does: never call it with a lock held.
 * Return: 0; -EINVAL unknown or contradicting flags, too much tape, unknown allowed bits, another
 * version of ops; -E2BIG too long; -EINVAL ops cut off; -ENOMEM; -EFAULT; what bfk_parse() and
 * bfk_check() return; -ENOMEM.
 */
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args)
{
	struct bfk_parse parse = {};
	int err = check_args(args);
	u32 i;

	if (err)
		return err;
	err = get_ops(&parse, args) ?: bfk_check(&parse, bfk_sysop_known(), args->allowed);
	program->ops = parse.ops;
	program->n_ops = parse.n_ops;
	program->flags = args->flags;
	program->allowed = args->allowed;
	args->error = parse.error;
	args->error_off = parse.error_off;
	err = err ?: copy_user(&program->tape, args->tape, args->tape_len);
	/* Before bfk_text_load() changes the ops; in long pieces, which takes half the time. */
	for (i = 0; i < parse.n_ops && !err; i += 65536) {
		bfk_env_yield(i);
		program->crc = ~crc32_le(~program->crc, (u8 *)&parse.ops[i],
					 min(parse.n_ops - i, 65536u) * sizeof(*parse.ops));
	}
	if (!err && BFK_HAS_JIT && !(args->flags & BFK_LOAD_INTERP))
		err = bfk_text_load(&program->text, program->ops, program->n_ops);
	args->engine = program->text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text.len;
	return err;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	if (BFK_HAS_JIT)
		bfk_text_unload(&program->text);
	kvfree(program->ops);
	kvfree(program->tape);
}
