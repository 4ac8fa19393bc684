// SPDX-License-Identifier: GPL-2.0
/*
 * The witness: runs the text of a program, byte by byte, on its own memory. It shares no code
 * with the engines, and optimises nothing. It knows Brainfuck, frames that are skipped, reads of
 * slot 0, writes of slot 1, %k, %f and %q; at anything else it gives up.
 *
 * It pays fuel as the ops of the source do: a unit for each ']' that jumps back, except in a loop
 * of one cell by odd steps, and stops when the last unit is paid. A program that reaches a ']'
 * twice in exactly the same state never ends.
 */
#include <string.h>
#include "equal.h"

#define BYTES_MAX (1 << 21) /* bytes of source to run before it gives up */

/* The state of a run at a ']' that jumps back. */
struct state {
	uint64_t tape, head;
	uint32_t at, input_off;
};

struct witness {
	const struct test_case *c;
	struct outcome *o;
	struct witness_report report;
	uint64_t fuel, bytes, n_jumps;
	uint32_t at, input_off;
	int64_t position; /* of the head, on an endless tape */
	uint64_t tape;	  /* its hash */
	struct state seen;
	bool is_endless, is_over;
};

/* For each bracket: the place of its partner, and whether its loop pays no fuel. */
static uint32_t other[SOURCE_MAX];
static bool is_free[SOURCE_MAX];

uint32_t witness_check_brackets(const struct test_case *c, uint32_t *error_off)
{
	static uint32_t open[SOURCE_MAX];
	uint32_t depth = 0;

	for (*error_off = 0; *error_off < c->source_len; ++*error_off) {
		if (c->source[*error_off] == '[')
			open[depth++] = *error_off;
		else if (c->source[*error_off] == ']' && !depth--)
			return BFK_ERROR_UNOPENED;
	}
	*error_off = depth ? open[depth - 1] : 0;
	return depth ? BFK_ERROR_UNCLOSED : BFK_ERROR_NONE;
}

/* A piece of source without loops and I/O: the sums added to cells, and how far the head moves. */
struct straight {
	struct {
		int64_t cell;
		uint8_t sum;
	} added[SOURCE_MAX];
	uint32_t n;
	int64_t moved;
};

/*
 * Reads the piece from @at to the next other symbol, which it returns. Consecutive additions to
 * one cell count as one, and as none if their sum is 0.
 */
static uint32_t read_straight(const struct test_case *c, uint32_t at, struct straight *piece)
{
	piece->n = piece->moved = 0;
	for (; at < c->source_len && !memchr("[].,%", c->source[at], 5); at++) {
		char command = c->source[at];

		piece->moved += (command == '>') - (command == '<');
		if (command != '+' && command != '-')
			continue;
		if (!piece->n || piece->added[piece->n - 1].cell != piece->moved) {
			piece->added[piece->n].cell = piece->moved;
			piece->added[piece->n++].sum = 0;
		}
		piece->added[piece->n - 1].sum += command == '+' ? 1 : -1;
		piece->n -= !piece->added[piece->n - 1].sum;
	}
	return at;
}

/* Is the loop from '[' at @from to ']' at @to one addition of an odd number to its own cell? */
static bool is_odd_step(const struct test_case *c, uint32_t from, uint32_t to)
{
	static struct straight body;

	return read_straight(c, from + 1, &body) == to && !body.moved && body.n == 1 &&
	       !body.added[0].cell && body.added[0].sum % 2;
}

static void prepare(const struct test_case *c)
{
	static uint32_t open[SOURCE_MAX];
	uint32_t depth = 0, start;

	for (uint32_t at = 0; at < c->source_len; at++) {
		if (c->source[at] == '[')
			open[depth++] = at;
		if (c->source[at] != ']')
			continue;
		start = open[--depth];
		other[start] = at;
		other[at] = start;
		is_free[at] = is_odd_step(c, start, at);
	}
}

static uint8_t get(const struct witness *w, uint32_t off)
{
	return w->o->tape[(uint16_t)(w->position + off)];
}

static void set(struct witness *w, uint32_t off, uint8_t to)
{
	uint16_t cell = w->position + off;

	w->tape += tape_hash_change(cell, w->o->tape[cell], to);
	w->o->tape[cell] = to;
}

static void set16(struct witness *w, uint32_t off, uint32_t to)
{
	set(w, off, to);
	set(w, off + 1, to >> 8);
}

static uint32_t get16(const struct witness *w, uint32_t off)
{
	return get(w, off) + 256 * get(w, off + 1);
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
		set(w, 16 + len, w->c->input[w->input_off++]);
	set16(w, 6, len);
	set(w, 0, len != 0);
	set(w, 1, 0);
}

static bool operation_write(struct witness *w)
{
	uint32_t len = get16(w, 6);

	if (len > 65520)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!put_output(w, get(w, 16 + i)))
			return false;
	set(w, 0, 1);
	set(w, 1, 0);
	return true;
}

static bool operation_copy(struct witness *w)
{
	uint32_t len = get16(w, 6), to = 16, from = get16(w, 8) - (uint32_t)w->position, i;
	uint8_t frame[16];

	if (len > 65520 || get(w, 3) > 1)
		return false;
	if (get(w, 3)) {
		to = from;
		from = 16;
	}
	for (i = 0; i < 16; i++)
		frame[i] = get(w, i);
	for (i = 0; i < len; i++)
		set(w, to + i, get(w, from + i));
	frame[0] = 1;
	frame[1] = 0;
	for (i = 0; i < 16; i++) /* the frame comes last and overwrites copied bytes */
		set(w, i, frame[i]);
	return true;
}

static void operation_find(struct witness *w)
{
	uint32_t len = get16(w, 6), off = get16(w, 8), i = 0;

	while (i < len && get(w, off - (uint32_t)w->position + i) != get(w, 3))
		i++;
	set(w, 0, i < len);
	set(w, 1, 0);
	if (i == len)
		return;
	set16(w, 6, len - i - 1);
	set16(w, 8, off + i + 1);
	for (uint32_t cell = 10; cell < 16; cell++)
		set(w, cell, 0);
}

static void operation_quit(struct witness *w)
{
	w->o->values[V_STATUS] = BFK_STATUS_QUIT;
	w->o->values[V_EXIT_CODE] = get(w, 3);
	set(w, 0, 1);
	set(w, 1, 0);
	w->is_over = true;
}

/* False: the witness does not know the operation. */
static bool operation(struct witness *w, char letter)
{
	if (!get(w, 0))
		return true;
	w->o->values[V_SYSOPS]++;
	if (letter == 'r' && get(w, 2) == 0) {
		operation_read(w);
		return true;
	}
	if (letter == 'w' && get(w, 2) == 1)
		return operation_write(w);
	if (letter == 'k')
		return operation_copy(w);
	if (letter == 'f') {
		operation_find(w);
		return true;
	}
	if (letter != 'q')
		return false;
	operation_quit(w);
	return true;
}

static void input(struct witness *w)
{
	if (w->input_off < w->c->input_len)
		set(w, 0, w->c->input[w->input_off++]);
	else if (w->c->flags & BFK_LOAD_EOF_255)
		set(w, 0, 255);
	else if (!(w->c->flags & BFK_LOAD_EOF_KEEP))
		set(w, 0, 0);
}

/* Replaces the remembered state each time that twice as many ']' have jumped back. */
static void look_for_end(struct witness *w)
{
	struct state now = { .tape = w->tape,
			     .head = (uint16_t)w->position,
			     .at = w->at,
			     .input_off = w->input_off };

	if (!memcmp(&now, &w->seen, sizeof(now)))
		w->is_endless = true;
	if (!(w->n_jumps & (w->n_jumps + 1)))
		w->seen = now;
	w->n_jumps++;
}

static void go_back(struct witness *w)
{
	look_for_end(w);
	w->fuel -= !is_free[w->at];
	w->at = other[w->at];
	w->is_over = !w->fuel;
	if (w->is_over)
		w->o->values[V_STATUS] = BFK_STATUS_FUEL;
}

static void note_event(struct witness *w, char symbol, char letter)
{
	event_add(&w->o->log, (struct event){ .tape = w->tape,
					      .source_off = w->at,
					      .cell = w->position,
					      .symbol = symbol,
					      .letter = letter });
}

/* Does an operation, input or output. False: the witness does not know it. */
static bool do_host_command(struct witness *w, char command)
{
	char letter = command == '%' ? w->c->source[w->at + 1] : 0;

	note_event(w, command, letter);
	if (command == ',')
		input(w);
	else if (command == '.')
		return put_output(w, get(w, 0));
	else if (!operation(w, letter))
		return false;
	w->at += command == '%';
	return true;
}

static bool do_command(struct witness *w)
{
	char command = w->c->source[w->at];

	if (command == '>' || command == '<')
		w->position += command == '>' ? 1 : -1;
	else if (command == '+' || command == '-')
		set(w, 0, get(w, 0) + (command == '+' ? 1 : -1));
	else if (command == '[' && !get(w, 0))
		w->at = other[w->at];
	else if (command == ']' && get(w, 0))
		go_back(w);
	else if (command == ',' || command == '.' || command == '%')
		return do_host_command(w, command);
	return true;
}

static void start(struct witness *w)
{
	struct outcome *o = w->o;

	memset(o->values, 0, sizeof(o->values));
	memset(o->tape, 0, TAPE_CELLS);
	case_fill_tape(w->c, o->tape);
	w->tape = tape_hash(o->tape);
	w->fuel = w->c->fuel;
	w->is_over = !w->fuel;
	o->output.len = o->log.n = 0;
	o->log.is_kept = true;
	o->values[V_STATUS] = w->fuel ? BFK_STATUS_END : BFK_STATUS_FUEL;
}

/* At a stop, the head counts as moved if the run would only have called its host next, or ended. */
static uint16_t reported_head(const struct witness *w)
{
	static struct straight piece;
	bool is_stopped = w->o->values[V_STATUS] == BFK_STATUS_FUEL;
	uint32_t at = is_stopped ? read_straight(w->c, w->at, &piece) : 0;

	if (!is_stopped || piece.n ||
	    (at < w->c->source_len && !memchr(".,%", w->c->source[at], 3)))
		return w->position;
	return w->position + piece.moved;
}

static enum witness_verdict verdict(const struct witness *w)
{
	if (w->o->values[V_STATUS] != BFK_STATUS_FUEL)
		return WITNESS_ENDED;
	return w->is_endless ? WITNESS_ENDLESS : WITNESS_STOPPED;
}

/*
 * Runs a program that loads, until it ends or its fuel is used up. Sets these values: status,
 * exit code, head, fuel and sysops.
 */
struct witness_report witness_run(const struct test_case *c, struct outcome *outcome)
{
	struct witness w = { .c = c, .o = outcome };

	prepare(c);
	for (start(&w); w.at < c->source_len && !w.is_over; w.at++) {
		if (++w.bytes > BYTES_MAX || !do_command(&w))
			return w.report;
		if (w.position < w.report.leftmost)
			w.report.leftmost = w.position;
		if (w.position > w.report.rightmost)
			w.report.rightmost = w.position;
	}
	if (outcome->values[V_STATUS] == BFK_STATUS_END)
		note_event(&w, 0, 0);
	outcome->values[V_HEAD] = reported_head(&w);
	outcome->values[V_FUEL] = w.fuel;
	w.report.verdict = verdict(&w);
	return w.report;
}
