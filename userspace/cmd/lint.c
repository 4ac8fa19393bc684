// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings about programs that load: what certainly does nothing, or certainly never ends.
 *
 * The ops are walked once from the start of a run on a zeroed tape, with the cells whose value
 * is certain. Where that stops being sure, cells are forgotten: those a loop writes, before
 * its body and behind it; all of them at a loop that moves the head or has an operation in it,
 * and at an operation that may be done.
 *
 * Interface: lint.h
 * Invariants:
 * 1. What is known of a cell when an op is looked at holds each time a run comes to that op.
 *    Inside a loop it does because the cells the loop writes were forgotten at its start.
 * 2. Cells are named from where the head was when all of them were last forgotten, so knowing
 *    them needs no knowledge of the head.
 */
#include "lint.h"
#include "cli.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <stdlib.h>
#include <string.h>
#include "bfk/limits.h"

#define BODY_MAX_OPS 512 /* longer loops make everything unknown: this bounds the time */

/*
 * struct lint - one walk
 * @head: of the cell the head is at
 * @now: a cell is known if its @stamp is this
 * @value: of known cells
 */
struct lint {
	struct cli_source *source;
	const struct bfk_op *ops;
	size_t warnings;
	uint16_t head;
	uint32_t now;
	uint32_t stamp[BFK_TAPE_CELLS];
	uint8_t value[BFK_TAPE_CELLS];
};

static bool is_known(const struct lint *lint, uint16_t cell)
{
	return lint->stamp[cell] == lint->now;
}

static bool is_zero(const struct lint *lint, uint16_t cell)
{
	return is_known(lint, cell) && !lint->value[cell];
}

static void know(struct lint *lint, uint16_t cell, uint8_t value)
{
	lint->stamp[cell] = lint->now;
	lint->value[cell] = value;
}

static void forget(struct lint *lint, uint16_t cell)
{
	lint->stamp[cell] = lint->now - 1;
}

static void forget_all(struct lint *lint)
{
	lint->now++;
}

static bool writes_cell(const struct bfk_op *op)
{
	return op->kind == BFK_OP_ADD || op->kind == BFK_OP_SET || op->kind == BFK_OP_IN;
}

/*
 * Forgets what the body of a loop writes. False if that is not simple: the head moves, an operation
 * is made, or it is too long.
 */
static bool forget_body(struct lint *lint, size_t loop_ix)
{
	size_t end_ix = lint->ops[loop_ix].match, i;

	if (end_ix - loop_ix > BODY_MAX_OPS)
		return false;
	for (i = loop_ix + 1; i < end_ix; i++) {
		const struct bfk_op *op = &lint->ops[i];

		if (op->kind == BFK_OP_SYS || op->kind == BFK_OP_MOVE)
			return false;
		if (writes_cell(op))
			forget(lint, lint->head + op->off);
	}
	return true;
}

static void forget_loop(struct lint *lint, size_t loop_ix)
{
	if (!forget_body(lint, loop_ix))
		forget_all(lint);
}

/* A loop as a comment: at the very start, or right behind another one, whose cell is 0. */
static bool is_comment(const struct lint *lint, size_t loop_ix)
{
	size_t off = lint->ops[loop_ix].source_off;
	const char *text = lint->source->text;

	while (off && !strchr("+-<>[].,%", text[off - 1]))
		off--;
	return !loop_ix || (off && text[off - 1] == ']');
}

/* Returns the op to go on with. */
static size_t walk_loop(struct lint *lint, size_t ix)
{
	const struct bfk_op *op = &lint->ops[ix];
	uint16_t cell = lint->head + op->off;

	if (is_zero(lint, cell)) {
		if (!is_comment(lint, ix)) {
			cli_say_at(lint->source, op->source_off,
				   "warning: this loop is never entered: its cell is certainly 0");
			lint->warnings++;
		}
		return op->match + 1;
	}
	if (op->match == ix + 1 && is_known(lint, cell)) {
		cli_say_at(lint->source, op->source_off,
			   "warning: [] never ends: its cell is certainly %u", lint->value[cell]);
		cli_hint("--fuel, a signal or a time limit has to stop it");
		lint->warnings++;
	}
	forget_loop(lint, ix);
	return ix + 1;
}

static void walk_next(struct lint *lint, const struct bfk_op *op)
{
	forget_loop(lint, op->match);
	know(lint, lint->head + op->off, 0);
}

static void walk_sys(struct lint *lint, const struct bfk_op *op)
{
	if (!is_zero(lint, lint->head + op->off)) {
		forget_all(lint);
		return;
	}
	cli_say_at(lint->source, op->source_off,
		   "warning: %%%c (%s) does nothing: its go cell is certainly 0", op->val,
		   cli_op_name(op->val));
	cli_hint("an operation is done if the cell at the head is not 0, as in +%%%c", op->val);
	lint->warnings++;
}

static size_t walk_op(struct lint *lint, size_t ix)
{
	const struct bfk_op *op = &lint->ops[ix];
	uint16_t cell = lint->head + op->off;

	switch (op->kind) {
	case BFK_OP_IF:
		return walk_loop(lint, ix);
	case BFK_OP_NEXT:
		walk_next(lint, op);
		break;
	case BFK_OP_SYS:
		walk_sys(lint, op);
		break;
	case BFK_OP_MOVE:
		lint->head += op->off;
		break;
	case BFK_OP_SET:
		know(lint, cell, op->val);
		break;
	case BFK_OP_ADD:
		lint->value[cell] += op->val;
		break;
	case BFK_OP_IN:
		forget(lint, cell);
		break;
	}
	return ix + 1;
}

size_t cli_lint(struct cli_source *source, const struct bfk_op *ops, size_t n_ops)
{
	struct lint *lint = calloc(1, sizeof(*lint));
	size_t ix = 0, warnings;

	/* The tape starts as zeros, and known: every stamp is now. */
	if (!lint)
		return 0;
	lint->source = source;
	lint->ops = ops;
	while (ix < n_ops)
		ix = walk_op(lint, ix);
	warnings = lint->warnings;
	free(lint);
	return warnings;
}
