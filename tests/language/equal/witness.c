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
#include "witness.h"

#define BYTES_MAX (1 << 21) /* bytes of source to run before it gives up */

static void input(struct witness *w)
{
	if (w->input_off < w->c->input_len)
		cell_set(w, 0, w->c->input[w->input_off++]);
	else if (w->c->flags & BFK_LOAD_EOF_255)
		cell_set(w, 0, 255);
	else if (!(w->c->flags & BFK_LOAD_EOF_KEEP))
		cell_set(w, 0, 0);
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
	w->fuel -= !witness_is_free[w->at];
	w->at = witness_other[w->at];
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
		return output_put(w, cell_get(w, 0));
	else if (!operation_do(w, letter))
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
		cell_set(w, 0, cell_get(w, 0) + (command == '+' ? 1 : -1));
	else if (command == '[' && !cell_get(w, 0))
		w->at = witness_other[w->at];
	else if (command == ']' && cell_get(w, 0))
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
	uint32_t at = is_stopped ? witness_read_straight(w->c, w->at, &piece) : 0;

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

	witness_prepare(c);
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
