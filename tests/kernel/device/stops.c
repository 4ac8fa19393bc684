// SPDX-License-Identifier: GPL-2.0-only
/*
 * BFK_RUN_STOP_OPS: a run stops once before each %-operation, at the same places on every engine, and
 * ends like a run without stops. The rule is in bfk(4), "Stops at operations".
 */
#include "four.h"

#define STOP BFK_RUN_STOP_OPS
#define STOPS_MAX 16
#define INPUT "hello"

/* --- one run ---------------------------------------------------------------------------------- */

static struct bfk_result run_flags(struct four *four, const int *fds, unsigned int n_fds,
				   uint64_t fuel, uint32_t flags)
{
	struct bfk_result result;

	EQUAL(bfk_run(four->bfk, fds, n_fds, fuel, flags, &result), 0);
	return result;
}

/*
 * Starts or continues the run, which must stop at the operation at @source_off, with the head at
 * @head.
 */
static struct bfk_result stops_at(struct four *four, const int *fds, unsigned int n_fds,
				  uint32_t source_off, uint32_t head)
{
	struct bfk_result result = run_flags(four, fds, n_fds, UNLIMITED, STOP);

	EQUAL(result.status, BFK_STATUS_OP);
	EQUAL(result.source_off, source_off);
	EQUAL(result.head, head);
	return result;
}

/* Starts or continues the run, until a signal stops it while it sleeps. */
static struct bfk_result signalled(struct four *four, const int *fds, unsigned int n_fds,
				   uint32_t flags)
{
	struct bfk_result result;
	struct waker waker;

	waker_start(&waker);
	result = run_flags(four, fds, n_fds, UNLIMITED, flags);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	return result;
}

static void ends(struct four *four, uint64_t sysops)
{
	struct bfk_result result = run_flags(four, NULL, 0, UNLIMITED, STOP);

	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.sysops, sysops);
	bfk_destroy(four->bfk);
}

/* --- where runs stop -------------------------------------------------------------------------- */

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

/* --- what a stop shows --------------------------------------------------------------------- */

static void frames_of(enum bfk_where where)
{
	struct four four = four_make(where, chain("ii"));

	lay(&four.dev, 0, (struct frame){ .off = 1 }, NULL, 0);
	lay(&four.dev, 1, (struct frame){ .off = 2 }, NULL, 0);
	stops_at(&four, NULL, 0, 0, 0);
	EQUAL(laid(&four.dev, 0).off, 1);
	EQUAL(stops_at(&four, NULL, 0, 2 + STEP, STEP).sysops, 1);
	EQUAL(laid(&four.dev, 0).off, getpid());
	EQUAL(laid(&four.dev, 1).off, 2);
	ends(&four, 2);
}

static void frames(void)
{
	four_each(frames_of);
}

/* --- flags and fuel from RUN to RUN ------------------------------------------------------------ */

static void freely(enum bfk_where where)
{
	struct four four = four_make(where, "+%i>+%i>+%i>+%i");
	struct bfk_result result;

	stops_at(&four, NULL, 0, 1, 0);
	stops_at(&four, NULL, 0, 5, 1);
	result = four_end(&four);
	EQUAL(result.sysops, 4);
	bfk_destroy(four.bfk);

	/* First without the flag, then, from the loop on, with it. */
	four = four_make(where, "+%i>++[->>+<<]+%i>+%i");
	EQUAL(run_flags(&four, NULL, 0, 1, 0).status, BFK_STATUS_FUEL);
	EQUAL(stops_at(&four, NULL, 0, 15, 1).sysops, 1);
	stops_at(&four, NULL, 0, 19, 2);
	ends(&four, 3);
}

static void one_run_only(void)
{
	four_each(freely);
}

static void without_fuel(enum bfk_where where)
{
	struct four four = four_make(where, "+%i>+%i");
	struct bfk_result result;

	EQUAL(run_flags(&four, NULL, 0, 0, STOP).status, BFK_STATUS_FUEL);
	stops_at(&four, NULL, 0, 1, 0);
	result = run_flags(&four, NULL, 0, 0, STOP);
	EQUAL(result.status, BFK_STATUS_FUEL);
	EQUAL(result.source_off, 1);
	EQUAL(result.sysops, 0);
	EQUAL(stops_at(&four, NULL, 0, 5, 1).sysops, 1);
	/* One unit is enough for both RUNs: neither pays any. */
	result = run_flags(&four, NULL, 0, 1, STOP);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.fuel_left, 1);
	bfk_destroy(four.bfk);
}

static void no_fuel(void)
{
	four_each(without_fuel);
}

static void unknown(enum bfk_where where)
{
	struct four four = four_make(where, "+%i");
	struct bfk_result result;
	int bit;

	for (bit = 0; bit < 32; bit++)
		if (!(1u << bit & BFK_RUN_STOP_OPS))
			EQUAL(bfk_run(four.bfk, NULL, 0, 1, 1u << bit | STOP, &result), -EINVAL);
	stops_at(&four, NULL, 0, 1, 0);
	EQUAL(bfk_run(four.bfk, NULL, 0, 1, 2, &result), -EINVAL);
	ends(&four, 1);
}

static void unknown_flags(void)
{
	four_each(unknown);
}

/* --- the tape changed at a stop --------------------------------------------------------------- */

/* The second operation stops the run as if the first did not exist. */
static void set_to_skip(enum bfk_where where)
{
	struct four four = four_make(where, chain("ii"));

	lay(&four.dev, 0, (struct frame){}, NULL, 0);
	lay(&four.dev, 1, (struct frame){}, NULL, 0);
	stops_at(&four, NULL, 0, 0, 0);
	four.dev.tape[0] = 0;
	EQUAL(stops_at(&four, NULL, 0, 2 + STEP, STEP).sysops, 0);
	EQUAL(laid(&four.dev, 0).off, 0);
	ends(&four, 1);
}

static void skipped(void)
{
	four_each(set_to_skip);
}

static void other_slot(enum bfk_where where)
{
	int fds[2] = { file_make("first", 5), file_make("other", 5) };
	struct four four = four_make(where, "+%r");

	stops_at(&four, fds, 2, 1, 0);
	four.dev.tape[2] = 1;
	four.dev.tape[4] = 3;
	ends(&four, 1);
	EQUAL(lseek(fds[0], 0, SEEK_CUR), 0);
	EQUAL(lseek(fds[1], 0, SEEK_CUR), 3);
	close(fds[0]);
	close(fds[1]);
}

static void slot_changed(void)
{
	four_each(other_slot);
}

/* --- signals ---------------------------------------------------------------------------------- */

static void reads_on(enum bfk_where where)
{
	struct four four = four_make(where, chain("rr"));
	struct bfk_result result;
	int ends_[2];

	pipe_make(ends_);
	lay(&four.dev, 0, (struct frame){ .cap = 1 }, NULL, 0);
	lay(&four.dev, 1, (struct frame){ .cap = 1 }, NULL, 0);
	stops_at(&four, ends_, 1, 0, 0);
	result = signalled(&four, NULL, 0, STOP);
	EQUAL(result.source_off, 0);
	signalled(&four, NULL, 0, 0);
	EQUAL(run_flags(&four, NULL, 0, 0, STOP).status, BFK_STATUS_FUEL);
	signalled(&four, NULL, 0, STOP);
	EQUAL(write(ends_[1], "xy", 2), 2);
	EQUAL(stops_at(&four, NULL, 0, 2 + STEP, STEP).read_len, 1);
	ends(&four, 2);
	close(ends_[0]);
	close(ends_[1]);
}

static void read_cut_short(void)
{
	four_each(reads_on);
}

#define PIPE_LEN 4096

static void pipe_small(int ends_[2])
{
	pipe_make(ends_);
	EQUAL(fcntl(ends_[1], F_SETPIPE_SZ, PIPE_LEN), PIPE_LEN);
}

static void drain(int fd, size_t len)
{
	static uint8_t bytes[PIPE_LEN];

	EQUAL(read(fd, bytes, len), len);
}

/* A signal has left a part of the operation to do. @flags: of the RUN in which it was cut short. */
static void writes_on(enum bfk_where where, uint32_t flags)
{
	struct four four = four_make(where, "%w");
	struct bfk_result result;
	int ends_[2];

	pipe_small(ends_);
	lay(&four.dev, 0, (struct frame){ .len = PIPE_LEN + 10 }, NULL, 0);
	if (flags)
		stops_at(&four, &ends_[1], 1, 0, 0);
	result = signalled(&four, &ends_[1], !flags, flags);
	EQUAL(result.write_len, PIPE_LEN);
	if (!flags) /* it has not stopped the run yet */
		EQUAL(stops_at(&four, NULL, 0, 0, 0).write_len, PIPE_LEN);
	drain(ends_[0], PIPE_LEN);
	result = run_flags(&four, NULL, 0, UNLIMITED, STOP);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(result.write_len, PIPE_LEN + 10);
	drain(ends_[0], 10);
	bfk_destroy(four.bfk);
	close(ends_[0]);
	close(ends_[1]);
}

static void writes_both(enum bfk_where where)
{
	writes_on(where, STOP);
	writes_on(where, 0);
}

static void write_cut_short(void)
{
	four_each(writes_both);
}

/* --- output that waits ------------------------------------------------------------------------- */

static void written_first(enum bfk_where where)
{
	int fds[2] = { -1, file_make("", 0) };
	struct four four = four_make(where, "+..%i");

	EQUAL(stops_at(&four, fds, 2, 3, 0).write_len, 2);
	EQUAL(lseek(fds[1], 0, SEEK_END), 2);
	ends(&four, 1);
	EQUAL(lseek(fds[1], 0, SEEK_END), 2);
	close(fds[1]);
}

static void output_is_out(void)
{
	four_each(written_first);
}

/* The stop comes after the signal, not instead of it. */
static void cut_short_first(enum bfk_where where)
{
	static const uint8_t bytes[PIPE_LEN];
	struct four four = four_make(where, "+.%i");
	int ends_[2], fds[2];

	pipe_small(ends_);
	EQUAL(write(ends_[1], bytes, PIPE_LEN), PIPE_LEN);
	fds[0] = -1;
	fds[1] = ends_[1];
	EQUAL(signalled(&four, fds, 2, STOP).source_off, 2);
	drain(ends_[0], PIPE_LEN);
	EQUAL(stops_at(&four, NULL, 0, 2, 0).write_len, 1);
	ends(&four, 1);
	close(ends_[0]);
	close(ends_[1]);
}

static void output_cut_short(void)
{
	four_each(cut_short_first);
}

static void fails_first(enum bfk_where where)
{
	struct four four = four_make(where, "+.%i");
	struct bfk_result result = run_flags(&four, NULL, 0, UNLIMITED, STOP);

	EQUAL(result.status, BFK_STATUS_FAILED);
	EQUAL(result.fail_letter, '.');
	EQUAL(result.sysops, 0);
	bfk_destroy(four.bfk);
}

static void output_fails(void)
{
	four_each(fails_first);
}

/* --- the end of a stopped run ------------------------------------------------------------------ */

static void starts_anew(enum bfk_where where)
{
	struct four four = four_make(where, "+%i>+%i");
	struct bfk_result result;

	stops_at(&four, NULL, 0, 1, 0);
	EQUAL(bfk_reset(four.bfk, 0), 0);
	stops_at(&four, NULL, 0, 1, 0);
	EQUAL(bfk_reset(four.bfk, BFK_RESET_KEEP_TAPE), 0);
	stops_at(&four, NULL, 0, 1, 0);
	EQUAL(bfk_load(four.bfk, "+%q", 3, 0, BFK_ALLOW_ALL, &result), 0);
	stops_at(&four, NULL, 0, 1, 0);
	EQUAL(run_flags(&four, NULL, 0, UNLIMITED, STOP).status, BFK_STATUS_QUIT);
	EQUAL(bfk_run(four.bfk, NULL, 0, UNLIMITED, STOP, &result), -EBADFD);
	bfk_destroy(four.bfk);
}

static void forgotten(void)
{
	four_each(starts_anew);
}

/* As at any stop; a run in this process has no descriptor to close. */
static void closed_at_stop(enum bfk_where where)
{
	struct four four = four_make(where, "+%r");
	struct bfk_result result;
	char state[20];
	int ends_[2];

	pipe_make(ends_);
	stops_at(&four, ends_, 1, 1, 0);
	close(ends_[0]);
	if (bfk_fd(four.bfk) >= 0) {
		fdinfo_get(bfk_fd(four.bfk), "state", state, sizeof(state));
		CHECK(!strcmp(state, "stopped\n"));
		close(dup(bfk_fd(four.bfk)));
		CHECK(is_broken(ends_[1]));
		EQUAL(bfk_run(four.bfk, NULL, 0, UNLIMITED, STOP, &result), -EBADFD);
	}
	bfk_destroy(four.bfk);
	CHECK(is_broken(ends_[1]));
}

static void closed(void)
{
	four_each(closed_at_stop);
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
	{ "a frame is unchanged at its stop, and has its result at the next one", frames },
	{ "RUN (without the flag) continues freely, and a later one (with it) stops", one_run_only },
	{ "RUN (fuel 0) does nothing, and the operation does not stop the run again", no_fuel },
	{ "RUN (unknown flag) is EINVAL, and the run is unchanged", unknown_flags },
	{ "an operation (go set to 0 at its stop) is skipped, and the next one stops", skipped },
	{ "an operation (slot and cap changed at its stop) reads its frame again", slot_changed },
	{ "a read (after its stop, cut short by signals) continues without another stop",
	  read_cut_short },
	{ "a write (cut short with or without the flag) stops the run once, and writes nothing twice",
	  write_cut_short },
	{ "output before an operation is written before the stop", output_is_out },
	{ "output before an operation (cut short by a signal) delays the stop", output_cut_short },
	{ "output before an operation (failing) ends the run without a stop", output_fails },
	{ "RESET and LOAD at a stop: the first operation stops the run again", forgotten },
	{ "closing a descriptor at a stop ends the run", closed },
};

FOUR_CASES(tests)
