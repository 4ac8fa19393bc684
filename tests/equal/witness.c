// SPDX-License-Identifier: GPL-2.0
/*
 * The witness: runs the text of a program, byte by byte, on memory of its own. It shares no code
 * with the engines, and folds nothing. It knows Brainfuck, frames that are skipped, reads of slot
 * 0, writes of slot 1 and %q; at anything else it gives up.
 */
#include <string.h>
#include "equal.h"

#define BYTES_MAX (1 << 15) /* of source to run before it gives up */

struct witness {
	const struct test_case *c;
	struct outcome *o;
	uint32_t input_off;
	uint16_t head;
	bool ended;
};

uint32_t witness_check_brackets(const struct test_case *c, uint32_t *error_off)
{
	uint32_t open[SOURCE_MAX], depth = 0;

	for (*error_off = 0; *error_off < c->source_len; ++*error_off) {
		if (c->source[*error_off] == '[')
			open[depth++] = *error_off;
		else if (c->source[*error_off] == ']' && !depth--)
			return BFK_ERROR_UNOPENED;
	}
	*error_off = depth ? open[depth - 1] : 0;
	return depth ? BFK_ERROR_UNCLOSED : BFK_ERROR_NONE;
}

/* The other bracket: @by is 1 at a '[', and -1 at a ']'. */
static uint32_t other_bracket(const struct test_case *c, uint32_t at, int by)
{
	int depth = 0;

	for (;; at += by) {
		depth += (c->source[at] == '[') - (c->source[at] == ']');
		if (!depth)
			return at;
	}
}

static uint8_t *cell(struct witness *w, uint32_t off)
{
	return &w->o->tape[(w->head + off) % TAPE_CELLS];
}

static void set16(struct witness *w, uint32_t off, uint32_t to)
{
	*cell(w, off) = to;
	*cell(w, off + 1) = to >> 8;
}

static uint32_t get16(struct witness *w, uint32_t off)
{
	return *cell(w, off) + 256 * *cell(w, off + 1);
}

static bool put_output(struct witness *w, uint8_t byte)
{
	if (w->o->output.len == FILE_MAX / 2)
		return false;
	w->o->output.bytes[w->o->output.len++] = byte;
	return true;
}

static void operation_read(struct witness *w)
{
	uint32_t cap = get16(w, 4) ? get16(w, 4) : 32768, len;

	for (len = 0; len < cap && len < 65520 && w->input_off < w->c->input_len; len++)
		*cell(w, 16 + len) = w->c->input[w->input_off++];
	set16(w, 6, len);
	*cell(w, 0) = len != 0;
	*cell(w, 1) = 0;
}

static bool operation_write(struct witness *w)
{
	uint32_t len = get16(w, 6);

	if (len > 65520)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!put_output(w, *cell(w, 16 + i)))
			return false;
	*cell(w, 0) = 1;
	*cell(w, 1) = 0;
	return true;
}

/* Returns whether the operation is one it knows. */
static bool operation(struct witness *w, char letter)
{
	if (!*cell(w, 0))
		return true;
	w->o->values[V_SYSOPS]++;
	if (letter == 'r' && *cell(w, 2) == 0) {
		operation_read(w);
		return true;
	}
	if (letter == 'w' && *cell(w, 2) == 1)
		return operation_write(w);
	if (letter != 'q')
		return false;
	w->o->values[V_STATUS] = BFK_STATUS_QUIT;
	w->o->values[V_EXIT_CODE] = *cell(w, 3);
	*cell(w, 0) = 1;
	*cell(w, 1) = 0;
	w->ended = true;
	return true;
}

static void input(struct witness *w)
{
	if (w->input_off < w->c->input_len)
		*cell(w, 0) = w->c->input[w->input_off++];
	else if (w->c->flags & BFK_LOAD_EOF_255)
		*cell(w, 0) = 255;
	else if (!(w->c->flags & BFK_LOAD_EOF_KEEP))
		*cell(w, 0) = 0;
}

/*
 * Runs a program that loads. V_FUEL is what is left if no rewrite saved any, which is the least
 * the engines can have left. Values other than that, status, exit code, head, sysops are not set.
 */
enum witness_verdict witness_run(const struct test_case *c, struct outcome *outcome)
{
	struct witness w = { .c = c, .o = outcome };
	uint64_t passes = 0, bytes = 0;

	memset(outcome->values, 0, sizeof(outcome->values));
	memset(outcome->tape, 0, TAPE_CELLS);
	outcome->output.len = 0;
	for (uint32_t i = 0; i < c->n_patches; i++)
		for (uint32_t j = 0; j < c->patches[i].len; j++)
			*cell(&w, c->patches[i].at + j) = c->patches[i].cells[j];

	for (uint32_t at = 0; at < c->source_len && !w.ended; at++) {
		char command = c->source[at];

		if (++bytes > BYTES_MAX)
			return WITNESS_GAVE_UP;
		if (command == '>')
			w.head++;
		else if (command == '<')
			w.head--;
		else if (command == '+')
			++*cell(&w, 0);
		else if (command == '-')
			--*cell(&w, 0);
		else if (command == ',')
			input(&w);
		else if (command == '.' && !put_output(&w, *cell(&w, 0)))
			return WITNESS_GAVE_UP;
		else if (command == '[' && !*cell(&w, 0))
			at = other_bracket(c, at, 1);
		else if (command == ']' && ++passes && *cell(&w, 0))
			at = other_bracket(c, at, -1);
		else if (command == '%' && !operation(&w, c->source[++at]))
			return WITNESS_GAVE_UP;
	}
	outcome->values[V_HEAD] = w.head;
	outcome->values[V_FUEL] = passes < c->fuel ? c->fuel - passes : 0;
	return passes <= c->fuel ? WITNESS_ENDED : WITNESS_GAVE_UP;
}
