// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: source text or ops of a user in, runnable program out.
 *
 * Interface: bfk.h
 * Invariants:
 * 1. What the user hands in is copied once, and only the copy is looked at.
 * 2. No op is emitted or interpreted that bfk_check() has not seen.
 * 3. A program is whole or not there: on an error everything made on the way is freed.
 */
#include "bfk.h"
#include "jit/parse.h"
#include "syscall_ops/table.h"

/* Takes the ops of the user, or makes them of its source. What is in parse->ops is to be freed. */
static int get_ops(struct bfk_parse *parse, const struct bfk_load_args *args)
{
	bool is_ops = args->flags & BFK_LOAD_OPS;
	u32 size = is_ops ? sizeof(*parse->ops) : 1, n = args->source_len / size;
	u32 n_max = is_ops ? BFK_OPS_MAX : BFK_SOURCE_MAX_LEN;
	void *source;
	int err;

	if (n > n_max)
		return bfk_parse_fail(parse, BFK_ERROR_TOO_LONG, n_max, -E2BIG);
	if (args->source_len % size)
		return bfk_parse_fail(parse, BFK_ERROR_BAD_OP, n, -EINVAL);
	source = kvmalloc(args->source_len + 1, BFK_GFP);
	parse->source = is_ops ? NULL : source;
	parse->source_len = args->source_len;
	parse->plain = args->flags & BFK_LOAD_PLAIN;
	parse->ops = is_ops ? source : kvmalloc_array(n + 1, sizeof(*parse->ops), BFK_GFP);
	parse->n_ops = is_ops ? n : 0;
	err = !source || !parse->ops						      ? -ENOMEM :
	      copy_from_user(source, u64_to_user_ptr(args->source), args->source_len) ? -EFAULT :
	      is_ops								      ? 0 :
		       bfk_parse(parse);
	kvfree(parse->source);
	return err;
}

/**
 * bfk_program_load - make a program of what the user handed in
 * @program: zeroed; the caller unloads it, also after an error
 * @args: see uapi.h
 *
 * Context: sleeps.
 * Return: 0; -EINVAL unknown or contradicting flags, too much tape, unknown allowed bits, another
 * version of ops; -E2BIG too long; -EINVAL ops cut off; -ENOMEM; -EFAULT; what bfk_parse() and
 * bfk_check() return; -ENOMEM.
 */
int bfk_program_load(struct bfk_program *program, struct bfk_load_args *args)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP, kind = BFK_LOAD_PLAIN | BFK_LOAD_OPS;
	u32 flags = args->flags;
	struct bfk_parse parse = {};
	int err;

	if (flags & ~BFK_LOAD_FLAGS || (flags & eof) == eof || (flags & kind) == kind ||
	    args->tape_len > BFK_TAPE_CELLS || args->allowed & ~BFK_ALLOW_ALL ||
	    args->ops_version != (flags & BFK_LOAD_OPS ? BFK_OPS_VERSION : 0))
		return -EINVAL;
	err = get_ops(&parse, args) ?: bfk_check(&parse, bfk_sysop_known(), args->allowed);
	*program = (struct bfk_program){ .ops = parse.ops, .n_ops = parse.n_ops, .flags = flags };
	args->error = parse.error;
	args->error_off = parse.error_off;
	/* What the check finds it finds in an op: say where that came from. */
	if (!(flags & BFK_LOAD_OPS) && (err == -ENOSYS || err == -EACCES))
		args->error_off = parse.ops[parse.error_off].source_off;
	if (!err && !(flags & BFK_LOAD_INTERP))
		err = bfk_text_load(program);
	args->engine = program->text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text_len;
	return err;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	bfk_text_unload(program);
	kvfree(program->ops);
}
