// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Load in this process: source text in, runnable program out; the twin of bfk/program.c.
 *
 * Interface: local.h, sysops_local.h
 * Invariants:
 * 1. A program is whole or not there: on an error everything made on the way is freed.
 */
#include "sysops_local.h"
#include <errno.h>
#include <stdlib.h>

/**
 * bfk_parse_alloc - bfk_parse() with room of its own
 * @parse: source, plain, known and allowed set; on success ops is for the caller to free()
 * @source_len: bytes; here so that more than fits the field can be refused
 *
 * Return: 0, -ENOMEM, or what bfk_parse() returns.
 */
int bfk_parse_alloc(struct bfk_parse *parse, size_t source_len)
{
	struct bfk_op *shorter;
	int err;

	if (source_len > BFK_SOURCE_MAX_LEN) {
		parse->error = BFK_ERROR_TOO_LONG;
		parse->error_off = BFK_SOURCE_MAX_LEN;
		return -E2BIG;
	}
	parse->source_len = source_len;
	parse->ops = malloc((source_len + 1) * sizeof(*parse->ops));
	if (!parse->ops)
		return -ENOMEM;
	err = bfk_parse(parse);
	if (err) {
		free(parse->ops);
		parse->ops = NULL;
		return err;
	}
	shorter = realloc(parse->ops, parse->n_ops * sizeof(*parse->ops));
	parse->ops = shorter ? shorter : parse->ops;
	return 0;
}

/**
 * bfk_program_load - make a program of source text
 * @program: zeroed; on success the caller unloads it
 * @source: the text
 * @source_len: bytes
 * @flags: BFK_LOAD_*
 * @allowed: operations the program may contain
 * @result: error and error_off are set whenever the source was read
 *
 * Return: 0; -EINVAL unknown or contradicting flags, unknown allowed bits; -E2BIG; -ENOMEM; or
 * what bfk_parse() and bfk_text_load() return.
 */
int bfk_program_load(struct bfk_program *program, const void *source, size_t source_len, u32 flags,
		     u32 allowed, struct bfk_result *result)
{
	const u32 eof = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;
	struct bfk_parse parse = {
		.source = source,
		.plain = flags & BFK_LOAD_PLAIN,
		.known = bfk_sysop_known(),
		.allowed = allowed,
	};
	int err;

	if (flags & ~BFK_LOAD_FLAGS || (flags & eof) == eof || allowed & ~BFK_ALLOW_ALL)
		return -EINVAL;
	err = bfk_parse_alloc(&parse, source_len);
	result->error = parse.error;
	result->error_off = parse.error_off;
	if (err)
		return err;
	program->ops = parse.ops;
	program->n_ops = parse.n_ops;
	program->flags = flags;
	if (!(flags & BFK_LOAD_INTERP))
		err = bfk_text_load(&program->text, program->ops, program->n_ops);
	if (err && err != -EOVERFLOW) {
		bfk_program_unload(program);
		return err;
	}
	result->engine = program->text.len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP;
	result->n_ops = program->n_ops;
	result->text_len = program->text.len;
	return 0;
}

/* Frees what bfk_program_load() made. */
void bfk_program_unload(struct bfk_program *program)
{
	bfk_text_unload(&program->text);
	free(program->ops);
	memset(program, 0, sizeof(*program));
}
