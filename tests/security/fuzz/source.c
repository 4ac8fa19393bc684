// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: the parser. The first byte chooses whether '%' is a comment, the rest is source.
 *
 * The ops must fit their array (which has exactly the promised size), errors must be where a
 * bracket matcher with a stack finds them, the parsed ops must pass the check, and the ops must do
 * to a tape what the text does.
 */
#include <string.h>
#include "input.h"
#include "bfk/uapi.h"
#include "jit/machine.h"
#include "jit/parse.h"

#define STEPS_MAX 20000
#define LOG_MAX 64

/* The visible part of a run: its host ops, their values, and how it ended. */
struct trace {
	uint8_t tape[65536];
	uint16_t head;
	uint32_t n_hosts;
	uint8_t hosts[LOG_MAX];
};

static struct trace by_text, by_ops;

static void note_host(struct trace *trace, uint8_t value)
{
	if (trace->n_hosts < LOG_MAX)
		trace->hosts[trace->n_hosts] = value;
	trace->n_hosts++;
}

/* Called by the interpreter: each host op stops it, and run_ops() does the rest. */
int bfk_host(struct bfk_machine *machine, uint32_t op_ix)
{
	machine->op_ix = op_ix;
	return 1;
}

/* Finds the bracket without a partner: the first such ']' or else the innermost '['. -1: none. */
static int64_t find_unmatched(const uint8_t *source, size_t start, size_t len, bool plain,
			      uint32_t *error)
{
	uint32_t *stack = malloc((len + 1) * sizeof(*stack));
	size_t n = 0, i;
	int64_t at = -1;

	MUST(stack);
	for (i = start; i < len; i++) {
		if (source[i] == '%' && !plain)
			i++;
		else if (source[i] == '[')
			stack[n++] = i;
		else if (source[i] == ']' && !n)
			break;
		else if (source[i] == ']')
			n--;
	}
	*error = i < len ? BFK_ERROR_UNOPENED : n ? BFK_ERROR_UNCLOSED : BFK_ERROR_NONE;
	at = i < len ? (int64_t)i : n ? (int64_t)stack[n - 1] : -1;
	free(stack);
	return at;
}

static uint32_t partners[4001]; /* of brackets */

static void match(const uint8_t *source, size_t start, size_t len, bool plain)
{
	uint32_t stack[4001];
	size_t n = 0, i;

	for (i = start; i < len; i++) {
		if (source[i] == '%' && !plain) {
			i++;
		} else if (source[i] == '[') {
			stack[n++] = i;
		} else if (source[i] == ']') {
			partners[i] = stack[--n];
			partners[stack[n]] = i;
		}
	}
}

/* Runs the text, for at most STEPS_MAX jumps back. True: it ended. */
static bool run_text(const uint8_t *source, size_t start, size_t len, bool plain)
{
	struct trace *t = &by_text;
	size_t i, steps = 0;

	memset(t, 0, sizeof(*t));
	match(source, start, len, plain);
	for (i = start; i < len; i++) {
		switch (source[i]) {
		case '>':
			t->head++;
			break;
		case '<':
			t->head--;
			break;
		case '+':
			t->tape[t->head]++;
			break;
		case '-':
			t->tape[t->head]--;
			break;
		case '.':
		case ',':
			note_host(t, t->tape[t->head]);
			break;
		case '[':
			if (!t->tape[t->head])
				i = partners[i];
			break;
		case ']':
			if (t->tape[t->head] && ++steps > STEPS_MAX)
				return false;
			if (t->tape[t->head])
				i = partners[i];
			break;
		case '%':
			if (plain)
				break;
			note_host(t, t->tape[t->head]);
			i++;
		}
	}
	return true;
}

/* Runs the ops. Host ops change nothing. */
static bool run_ops(const struct bfk_op *ops)
{
	struct bfk_machine machine = { .tape = by_ops.tape, .fuel = STEPS_MAX + 1 };

	memset(&by_ops, 0, sizeof(by_ops));
	for (;;) {
		machine.status = BFK_STATUS_FUEL;
		bfk_interp(&machine, ops);
		if (!machine.fuel)
			return false;
		if (ops[machine.op_ix].kind == BFK_OP_END)
			break;
		note_host(&by_ops, by_ops.tape[(uint16_t)(machine.head + ops[machine.op_ix].off)]);
		machine.op_ix++;
	}
	by_ops.head = machine.head;
	return true;
}

static void check(struct bfk_parse *parse, size_t start)
{
	uint32_t n_ops = parse->n_ops;

	MUST(n_ops >= 1 && n_ops <= parse->source_len + 1);
	if (bfk_check(parse, ~0u, ~0u))
		MUST(parse->error == BFK_ERROR_UNKNOWN_OP); /* % without a letter from a to z */
	else if (bfk_check(parse, ~0u, 0x155555))
		MUST(parse->error == BFK_ERROR_DENIED_OP && parse->source[parse->error_off] == '%');
	if (parse->source_len > 4000)
		return;
	if (run_text(parse->source, start, parse->source_len, parse->plain) && run_ops(parse->ops)) {
		MUST(by_text.head == by_ops.head && by_text.n_hosts == by_ops.n_hosts);
		MUST(!memcmp(by_text.tape, by_ops.tape, sizeof(by_text.tape)));
		MUST(!memcmp(by_text.hosts, by_ops.hosts, LOG_MAX));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct bfk_parse parse = { .plain = len && *bytes & 1 };
	uint32_t error;
	int64_t at;
	size_t start = 0;
	uint8_t *source;
	int err;

	if (!len || len > 1 << 16)
		return 0;
	/* Copies of the exact size, so that the sanitizer sees an access beyond the end. */
	source = malloc(len - 1 ? len - 1 : 1);
	MUST(source);
	memcpy(source, bytes + 1, len - 1);
	parse.source = source;
	parse.source_len = len - 1;
	parse.ops = malloc(len * sizeof(*parse.ops));
	MUST(parse.ops);
	if (parse.source_len >= 2 && !memcmp(source, "#!", 2))
		while (start < parse.source_len && source[start] != '\n')
			start++;
	at = find_unmatched(source, start, parse.source_len, parse.plain, &error);
	err = bfk_parse(&parse);
	MUST(!err == (at < 0));
	MUST(parse.error == error);
	MUST(at < 0 || parse.error_off == at);
	if (!err)
		check(&parse, start);
	free(parse.ops);
	free(source);
	return 0;
}
