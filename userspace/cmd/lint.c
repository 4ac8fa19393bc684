// SPDX-License-Identifier: GPL-2.0-only
/*
 * Warnings about programs that load: what certainly does nothing, or certainly never ends.
 *
 * The ops are walked once, as in a run on a zeroed tape, while the values of cells that are certain
 * are recorded. A cell is forgotten where its value may differ: the cells a loop writes, before its
 * body and after it; all cells at a loop that moves the head or has an operation in it, and at an
 * operation that may be done.
 *
 * Interface: lint.h
 * Invariants:
 * 1. A value that is known when an op is walked is right each time a run reaches that op. Inside a
 *    loop this holds because the cells the loop writes were forgotten at its start.
 * 2. Cells are numbered from where the head was when all of them were last forgotten, so the position
 *    of the head need not be known.
 */
#include "lint.h"
#include "cli.h"
#include "guess.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <stdlib.h>
#include <string.h>
#include "bfk/limits.h"

#define SHOWN_MAX 20	 /* warnings of one kind that are printed */
#define BODY_MAX_OPS 512 /* at a longer loop all cells are forgotten, which bounds the time */

enum kind { NOT_ENTERED, ENDLESS, NOTHING, STOCK, KINDS };

static const char *const kind_names[KINDS] = {
	[NOT_ENTERED] = "loops that are never entered",
	[ENDLESS] = "[] that never end",
	[NOTHING] = "operations that do nothing",
	[STOCK] = "%-operations in words of a comment",
};

/*
 * struct lint - one walk
 * @counts: warnings of each kind
 * @head: number of the cell that the head is at
 * @now: a cell is known if its @stamp is this
 * @value: that of each known cell
 */
struct lint {
	struct cli_source *source;
	const struct bfk_op *ops;
	size_t counts[KINDS];
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

/* Counts a warning. Returns whether to print it. */
static bool is_shown(struct lint *lint, enum kind kind)
{
	return lint->counts[kind]++ < SHOWN_MAX;
}

/*
 * Forgets the cells that the body of a loop writes. Returns false where that is not enough: the head moves,
 * there is an operation, or the body is too long.
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

/* Is a loop a comment: at the very start, or right after another loop, which leaves its cell 0? */
static bool is_comment(const struct lint *lint, size_t loop_ix)
{
	size_t off = lint->ops[loop_ix].source_off;
	const char *text = lint->source->text;

	while (off && !memchr("+-<>[].,%", text[off - 1], 9))
		off--;
	return !loop_ix || (off && text[off - 1] == ']');
}

/* Returns the index of the op to continue with. */
static size_t walk_loop(struct lint *lint, size_t ix)
{
	const struct bfk_op *op = &lint->ops[ix];
	uint16_t cell = lint->head + op->off;

	if (is_zero(lint, cell)) {
		if (!is_comment(lint, ix) && is_shown(lint, NOT_ENTERED))
			cli_say_at(lint->source, op->source_off,
				   "warning: this loop is never entered: its cell is certainly 0");
		return op->match + 1;
	}
	if (op->match == ix + 1 && is_known(lint, cell) && is_shown(lint, ENDLESS)) {
		cli_say_at(lint->source, op->source_off,
			   "warning: [] never ends: its cell is certainly %u", lint->value[cell]);
		cli_hint("--fuel, a signal or a time limit has to stop it");
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
	if (!is_shown(lint, NOTHING))
		return;
	cli_say_at(lint->source, op->source_off,
		   "warning: %%%c (%s) does nothing: its go cell is certainly 0", op->val,
		   cli_op_name(op->val));
	cli_hint("an operation is done if the cell at the head is not 0, as in +%%%c", op->val);
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

/* In stock Brainfuck no operation was meant to be one: warns of each. */
static void walk_stock(struct lint *lint, size_t n_ops)
{
	size_t ix;

	if (!cli_is_stock(lint->source))
		return;
	for (ix = 0; ix < n_ops; ix++) {
		const struct bfk_op *op = &lint->ops[ix];

		if (op->kind != BFK_OP_SYS || !is_shown(lint, STOCK))
			continue;
		cli_say_at(lint->source, op->source_off,
			   "warning: %%%c (%s) in a word of a comment is an operation", op->val,
			   cli_op_name(op->val));
		cli_hint("--plain makes every %% a comment: stock Brainfuck");
	}
}

/* Warns of what the guesses find in a file. Returns how many warnings there were. */
static size_t warn_of_file(struct cli_source *source)
{
	size_t warnings = 0, off;

	if (cli_is_binary(source)) {
		cli_say_of(source->name,
			   "warning: no text has bytes that are 0, and this file does");
		warnings++;
	}
	if (cli_find_data(source, &off)) {
		cli_say_at(source, off,
			   "warning: what follows the '!' is part of the program, not its input");
		warnings++;
	}
	return warnings;
}

/* Returns how many warnings there are, printed or not. */
static size_t sum_up(const struct lint *lint)
{
	size_t warnings = 0, more;
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		warnings += lint->counts[kind];
		if (lint->counts[kind] <= SHOWN_MAX)
			continue;
		more = lint->counts[kind] - SHOWN_MAX;
		cli_say_of(lint->source->name, "warning: and %zu more: %s", more, kind_names[kind]);
	}
	return warnings;
}

size_t cli_lint(struct cli_source *source, const struct bfk_op *ops, size_t n_ops)
{
	struct lint *lint = calloc(1, sizeof(*lint));
	size_t ix = 0, warnings;

	/* At the start every cell is known to be 0: stamps and now are both 0. */
	if (!lint)
		return 0;
	lint->source = source;
	lint->ops = ops;
	warnings = warn_of_file(source);
	while (ix < n_ops)
		ix = walk_op(lint, ix);
	walk_stock(lint, n_ops);
	warnings += sum_up(lint);
	free(lint);
	return warnings;
}
