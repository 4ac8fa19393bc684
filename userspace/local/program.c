// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Load in this process: source text or ops in, runnable program out; the twin of bfk/program.c.
 *
 * Interface: program.h
 * Invariants:
 * 1. What the caller passes is copied, parsed, or taken over, and not read again.
 * 2. Only ops that bfk_check() has accepted are emitted or interpreted.
 */
#include "program.h"
#include <errno.h>
#include <stdlib.h>
#include "bfk/limits.h"
#include "jit/parse.h"

/* Takes the caller's ops, or parses its source. The caller frees parse->ops. */
static int get_ops(struct bfk_parse *parse, const struct bfk_load_args *args)
{
	const void *source = (const void *)(uintptr_t)args->source;
	bool is_ops = args->flags & BFK_LOAD_OPS;
	size_t room = args->source_len + 1ul;

	if (is_ops)
		parse->n_ops = args->source_len / sizeof(*parse->ops);
	if (parse->ops)
		return 0;
	parse->ops = malloc(is_ops ? room : room * sizeof(*parse->ops));
	if (!parse->ops)
		return -ENOMEM;
	if (is_ops) {
		memcpy(parse->ops, source, args->source_len);
		return 0;
	}
	parse->source = source;
	parse->source_len = args->source_len;
	parse->plain = args->flags & BFK_LOAD_PLAIN;
	return bfk_parse(parse);
}

static int make_ops(struct bfk_parse *parse, const struct bfk_load_args *args, u32 known)
{
	bool is_ops = args->flags & BFK_LOAD_OPS;
	u32 n = args->source_len / (is_ops ? sizeof(*parse->ops) : 1);
	u32 n_max = is_ops ? BFK_OPS_MAX : BFK_SOURCE_MAX_LEN;
	int err;

	if (n > n_max)
		return bfk_parse_fail(parse, BFK_ERROR_TOO_LONG, n_max, -E2BIG);
	if (is_ops && args->source_len % sizeof(*parse->ops))
		return bfk_parse_fail(parse, BFK_ERROR_BAD_OP, n, -EINVAL);
	err = get_ops(parse, args);
	return err ? err : bfk_check(parse, known, args->allowed);
}

/**
 * local_program_parse - make checked ops of the caller's source or ops
 * @parse: zeroed, or with ops set to the array to use in place; the caller frees ops, also after an
 *	error
 * @args: see uapi.h
 * @known: mask of the operations, bit i: 'a' + i
 *
 * Return: 0; -EINVAL unknown or contradicting flags, unknown allowed bits, another version of
 * ops; -E2BIG too long; -EINVAL ops cut off; -ENOMEM; or what bfk_parse() and bfk_check() return.
 */
int local_program_parse(struct bfk_parse *parse, const struct bfk_load_args *args, u32 known)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP, kind = BFK_LOAD_PLAIN | BFK_LOAD_OPS;

	if (args->flags & ~BFK_LOAD_FLAGS || (args->flags & eof) == eof ||
	    (args->flags & kind) == kind || args->allowed & ~BFK_ALLOW_ALL ||
	    args->ops_version != (args->flags & BFK_LOAD_OPS ? BFK_OPS_VERSION : 0))
		return -EINVAL;
	return make_ops(parse, args, known);
}

/**
 * local_program_load - make a program of the caller's source or ops
 * @program: zeroed; the caller unloads it, also after an error
 * @args: see uapi.h
 * @ops: NULL, or the array that source points to, which the program takes over
 * @known: mask of the operations, bit i: 'a' + i
 *
 * Return: 0, or what local_program_parse() and local_text_load() return.
 */
int local_program_load(struct local_program *program, struct bfk_load_args *args,
		       struct bfk_op *ops, u32 known)
{
	struct bfk_parse parse = { .ops = ops };
	int err = local_program_parse(&parse, args, known);

	*program = (struct local_program){ .ops = parse.ops,
					   .n_ops = parse.n_ops,
					   .flags = args->flags };
	args->error = parse.error;
	args->error_off = parse.error_off;
	if (!err && !(args->flags & BFK_LOAD_INTERP))
		err = local_text_load(&program->text, program->ops, program->n_ops);
	args->engine = program->text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	args->n_ops = program->n_ops;
	args->text_len = program->text.len;
	return err == -EOVERFLOW ? 0 : err;
}

/* Frees what local_program_load() made. */
void local_program_unload(struct local_program *program)
{
	local_text_unload(&program->text);
	free(program->ops);
	memset(program, 0, sizeof(*program));
}
