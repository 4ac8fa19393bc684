// SPDX-License-Identifier: GPL-2.0-only
/*
 * BFK_RUN_STOP_OPS: does a run stop once before each operation, at the same places on every engine,
 * whatever the optimiser does? The rule is in bfk(4), "Stops at operations".
 */
#include "stops.h"

struct place {
	uint32_t source_off, head;
};

/* A program, the cells that are not 0 when it starts, and the places where it stops. */
static const struct traced {
	const char *source;
	uint32_t status;
	uint8_t n_cells;
	struct {
		uint16_t at;
		uint8_t cell;
	} cells[4];
	uint8_t n;
	struct place places[STOPS_MAX];
} traced[] = {
	{ "%i", BFK_STATUS_END, 1, { { 0, 1 } }, 1, { { 0, 0 } } },
	{ "<+%i", BFK_STATUS_END, 0, {}, 1, { { 2, 65535 } } },
	{ "+%q+", BFK_STATUS_QUIT, 0, {}, 1, { { 1, 0 } } },
	/* A skipped operation never stops the run, wherever it is. */
	{ "%i>%i<%i", BFK_STATUS_END, 1, { { 1, 1 } }, 1, { { 3, 1 } } },
	{ "%i%q", BFK_STATUS_END, 0, {}, 0, {} },
	/* A failed operation sets go to 0, so the next one is skipped. */
	{ "+>>>-<<<%i%i>+%i", BFK_STATUS_END, 0, {}, 2, { { 8, 0 }, { 14, 1 } } },
	/* ',' and '.' are not operations. */
	{ ",.>+%i<.,.", BFK_STATUS_END, 0, {}, 1, { { 4, 1 } } },
	{ "+>++[>+%i>[-]+%i<<-]",
	  BFK_STATUS_END,
	  0,
	  {},
	  4,
	  { { 7, 2 }, { 14, 3 }, { 7, 2 }, { 14, 3 } } },
	/* Two bytes at a time: it reads four times, and writes three times. */
	{ "+%r[>>+<<%w>>-<<%r]",
	  BFK_STATUS_END,
	  1,
	  { { 4, 2 } },
	  7,
	  { { 1, 0 }, { 9, 0 }, { 16, 0 }, { 9, 0 }, { 16, 0 }, { 9, 0 }, { 16, 0 } } },
	/* Loops that no operation ends, and fuel spent between operations. */
	{ "+++[>+++[>+%i<-]<-]>>>+++[-]+%i",
	  BFK_STATUS_END,
	  0,
	  {},
	  10,
	  { { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 11, 2 },
	    { 29, 3 } } },
};
#define N_TRACED (sizeof(traced) / sizeof(*traced))

/* The places where a run has stopped, and its results. */
struct trace {
	struct place places[STOPS_MAX];
	unsigned int n;
	uint64_t fuel_used;
	struct bfk_result result;
	uint8_t tape[TAPE_CELLS], out[40];
	ssize_t out_len;
};

static const struct traced *program; /* the program under test */
static uint32_t passes;		     /* of the optimiser */

static struct four make_traced(enum bfk_where where)
{
	struct four four = four_make(where, "");
	struct bfk_result result;
	unsigned int i;

	EQUAL(bfk_load_optimised(four.bfk, program->source, strlen(program->source), 0,
				 BFK_ALLOW_ALL, passes, &result),
	      0);
	for (i = 0; i < program->n_cells; i++)
		four.dev.tape[program->cells[i].at] = program->cells[i].cell;
	return four;
}

static void add_stop(struct trace *trace, const struct bfk_result *run)
{
	CHECK(trace->n < STOPS_MAX);
	trace->places[trace->n++] = (struct place){ run->source_off, run->head };
}

/* Runs the program to its end, @step units of fuel at a time. */
static void take_trace(enum bfk_where where, uint64_t step, uint32_t flags, struct trace *trace)
{
	int fds[2] = { file_make(INPUT, strlen(INPUT)), file_make("", 0) };
	struct four four = make_traced(where);
	unsigned int n_fds = 2;
	uint64_t left = step;

	memset(trace, 0, sizeof(*trace));
	do {
		left = left ? left : step;
		trace->result = run_flags(&four, fds, n_fds, left, flags);
		n_fds = 0;
		trace->fuel_used += left - trace->result.fuel_left;
		left = trace->result.fuel_left;
		if (trace->result.status == BFK_STATUS_OP)
			add_stop(trace, &trace->result);
	} while (trace->result.status >= BFK_STATUS_FUEL);
	memcpy(trace->tape, four.dev.tape, TAPE_CELLS);
	trace->out_len = pread(fds[1], trace->out, sizeof(trace->out), 0);
	bfk_destroy(four.bfk);
	close(fds[0]);
	close(fds[1]);
}

static void same_ends(const struct trace *is, const struct trace *should)
{
	EQUAL(is->fuel_used, should->fuel_used);
	EQUAL(is->result.sysops, should->result.sysops);
	EQUAL(is->result.head, should->result.head);
	EQUAL(is->result.source_off, should->result.source_off);
	EQUAL(is->result.exit_code, should->result.exit_code);
	EQUAL(is->result.fail_errno, should->result.fail_errno);
	EQUAL(is->result.read_len, should->result.read_len);
	EQUAL(is->result.write_len, should->result.write_len);
	CHECK(!memcmp(is->tape, should->tape, TAPE_CELLS));
	EQUAL(is->out_len, should->out_len);
	CHECK(!memcmp(is->out, should->out, sizeof(is->out)));
}

static void trace_program(enum bfk_where where)
{
	static const uint64_t steps[] = { UNLIMITED, 1, 2, 3, 7 };
	static struct trace free_run, trace;
	unsigned int i, j;

	take_trace(where, UNLIMITED, 0, &free_run);
	EQUAL(free_run.result.status, program->status);
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		take_trace(where, steps[i], STOP, &trace);
		EQUAL(trace.result.status, program->status);
		EQUAL(trace.n, program->n);
		EQUAL(trace.n, trace.result.sysops);
		for (j = 0; j < trace.n; j++) {
			EQUAL(trace.places[j].source_off, program->places[j].source_off);
			EQUAL(trace.places[j].head, program->places[j].head);
		}
		same_ends(&trace, &free_run);
	}
}

static void each_traced(void)
{
	for (program = traced; program < traced + N_TRACED; program++)
		four_each(trace_program);
}

static void places(void)
{
	each_traced();
}

static void places_optimised(void)
{
	passes = BFK_LEVEL_2;
	each_traced();
}

/* Starts or continues the run, up to the next stop. */
static void step(struct four *four, bool is_first)
{
	int fds[2] = { file_make(INPUT, strlen(INPUT)), file_make("", 0) };

	run_flags(four, fds, is_first ? 2 : 0, UNLIMITED, STOP);
	close(fds[0]);
	close(fds[1]);
}

/* At each stop, the cells must be those of the program without optimisation. */
static void tapes_of(enum bfk_where where)
{
	struct four plain, optimised;
	int i;

	for (program = traced; program < traced + N_TRACED; program++) {
		passes = 0;
		plain = make_traced(where);
		passes = BFK_LEVEL_2;
		optimised = make_traced(where);
		for (i = 0; i <= program->n; i++) {
			step(&plain, !i);
			step(&optimised, !i);
			CHECK(!memcmp(plain.dev.tape, optimised.dev.tape, TAPE_CELLS));
		}
		bfk_destroy(plain.bfk);
		bfk_destroy(optimised.bfk);
	}
}

static void tapes_optimised(void)
{
	four_each(tapes_of);
}

/* Cells that the optimiser knows may be written at a stop, too: cell 30, which is 3, becomes 5. */
static void written_at_stop(enum bfk_where where)
{
	static const struct traced written = {
		.source = ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>+++<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
			  "+%i>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>[->++<]"
	};
	struct four four;
	int i;

	program = &written;
	for (i = 0; i < 2; i++) {
		passes = i ? BFK_LEVEL_2 | BFK_PASS_ZEROED : 0;
		four = make_traced(where);
		stops_at(&four, NULL, 0, 64, 0);
		EQUAL(four.dev.tape[30], 3);
		four.dev.tape[30] = 5;
		four_end(&four);
		EQUAL(four.dev.tape[31], 10);
		bfk_destroy(four.bfk);
	}
}

static void written_optimised(void)
{
	four_each(written_at_stop);
}

static const struct test tests[] = {
	{ "each operation stops the run once, at its place, with any fuel, and the end is the same",
	  places, 60 },
	{ "each operation of an optimised program stops the run at the same places",
	  places_optimised, 60 },
	{ "cells of an optimised program, at each stop, are those of its source", tapes_optimised,
	  60 },
	{ "cells of an optimised program (written at a stop) are used by the program",
	  written_optimised },
};

FOUR_CASES(tests)
