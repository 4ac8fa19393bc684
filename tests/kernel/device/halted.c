// SPDX-License-Identifier: GPL-2.0-only
/* bfk_interrupt(), called by a signal handler: does each engine stop, lose nothing, and continue? */
#include "four.h"

#define TICK_US 5000
#define TIB (1ull << 40)

static struct bfk *to_interrupt;

static void interrupt(int signo)
{
	(void)signo;
	bfk_interrupt(to_interrupt);
}

/* From now on, until tick(0), a signal handler interrupts the instance again and again. */
static void interrupt_soon(const struct four *four)
{
	const struct sigaction action = { .sa_handler = interrupt };

	to_interrupt = four->bfk;
	tick(TICK_US);
	EQUAL(sigaction(SIGALRM, &action, NULL), 0);
}

/* --- before it begins ---------------------------------------------------------------------------- */

static void begins_later(enum bfk_where where)
{
	struct four four = four_make(where, "+.[]");
	int ends[2];

	pipe_make(ends);
	bfk_interrupt(four.bfk);
	EQUAL(four_run(&four, (int[]){ -1, ends[1] }, 2, 7).status, BFK_STATUS_SIGNAL);
	close(ends[1]);
	EQUAL(four.dev.tape[0], 0);
	CHECK(is_quiet(ends[0])); /* and open: the run holds the other end */
	EQUAL(four_run(&four, NULL, 0, 7).status, BFK_STATUS_FUEL);
	EQUAL(four.dev.tape[0], 1);
	bfk_destroy(four.bfk);
}

static void before(void)
{
	four_each(begins_later);
}

static void keeps_fuel(enum bfk_where where)
{
	struct four four = four_make(where, "+[]");
	struct bfk_result result;

	bfk_interrupt(four.bfk);
	result = four_run(&four, NULL, 0, 7);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	EQUAL(result.fuel_left, 7);
	result = four_run(&four, NULL, 0, 7);
	EQUAL(result.status, BFK_STATUS_FUEL);
	EQUAL(result.fuel_left, 0);
	bfk_destroy(four.bfk);
}

static void fuel(void)
{
	four_each(keeps_fuel);
}

static void is_refused(enum bfk_where where)
{
	struct four four = four_make(where, "+[]");
	struct bfk_result result;

	bfk_interrupt(four.bfk);
	EQUAL(bfk_run(four.bfk, (int[]){ 999 }, 1, 7, 0, &result), -EBADF);
	EQUAL(four_run(&four, NULL, 0, 7).status, BFK_STATUS_FUEL);
	bfk_destroy(four.bfk);
}

static void refused(void)
{
	four_each(is_refused);
}

/* --- while it runs ------------------------------------------------------------------------------- */

static void computes(enum bfk_where where)
{
	struct four four = four_make(where, "+.[]>+");
	struct bfk_result result;
	uint8_t byte = 0;
	int ends[2];

	pipe_make(ends);
	interrupt_soon(&four);
	do { /* the first interrupt may come before the run has begun */
		result = four_run(&four, (int[]){ -1, ends[1] }, four.dev.tape[0] ? 0 : 2,
				  UNLIMITED);
		EQUAL(result.status, BFK_STATUS_SIGNAL);
	} while (!result.write_len && !bfk_reset(four.bfk, 0));
	tick(0);
	EQUAL(read(ends[0], &byte, 1), 1);
	EQUAL(byte, 1);
	four.dev.tape[0] = 0;
	do
		result = four_run(&four, NULL, 0, UNLIMITED);
	while (result.status == BFK_STATUS_SIGNAL);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(four.dev.tape[1], 1);
	bfk_destroy(four.bfk);
}

static void loop(void)
{
	four_each(computes);
}

/* The operations never wait: the file has an answer at once. */
static void asks(enum bfk_where where)
{
	struct four four = four_make(where, "+[[-]+%d[-]+]");
	int ends[2];

	pipe_make(ends);
	interrupt_soon(&four);
	EQUAL(four_run(&four, ends, 1, UNLIMITED).status, BFK_STATUS_SIGNAL);
	tick(0);
	bfk_destroy(four.bfk);
}

static void operations(void)
{
	four_each(asks);
}

static void moves(enum bfk_where where)
{
	struct four four = four_make(where, ">>>+<<<+%x");
	int fds[2] = { file_make("", 0), open("/dev/null", O_WRONLY) };
	unsigned int n_fds = 2;
	struct bfk_result result;

	EQUAL(ftruncate(fds[0], TIB), 0);
	interrupt_soon(&four);
	do { /* the first interrupt may come before the run has begun */
		result = four_run(&four, fds, n_fds, UNLIMITED);
		n_fds = 0;
	} while (result.status == BFK_STATUS_SIGNAL && !result.read_len);
	tick(0);
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	CHECK(result.read_len < TIB);
	EQUAL(result.sysops, 0);
	EQUAL(ftruncate(fds[0], lseek(fds[0], 0, SEEK_CUR) + 1), 0);
	do
		result = four_run(&four, NULL, 0, UNLIMITED);
	while (result.status == BFK_STATUS_SIGNAL);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(four.dev.tape[0], 1);
	EQUAL(frame_get(four.dev.tape, 0).off, lseek(fds[0], 0, SEEK_CUR));
	bfk_destroy(four.bfk);
}

static void move(void)
{
	four_each(moves);
}

/* Runs until all @fuel is used. Returns how often the run was stopped. */
static int stops_in(struct four *four, uint64_t fuel)
{
	struct bfk_result result = { .fuel_left = fuel };
	int n_stops = 0;

	do {
		result = four_run(four, NULL, 0, result.fuel_left);
		n_stops += result.status == BFK_STATUS_SIGNAL;
	} while (result.status == BFK_STATUS_SIGNAL);
	EQUAL(result.status, BFK_STATUS_FUEL);
	EQUAL(result.fuel_left, 0);
	return n_stops;
}

/* However often the run is stopped, the loop iterates once for each unit of fuel. */
static void adds_up(enum bfk_where where)
{
	struct four four = four_make(where, "+[>+<]");
	uint64_t fuel = 10000000, all = 0;
	int n_stops = 0;

	interrupt_soon(&four);
	while (n_stops < 10) {
		n_stops += stops_in(&four, fuel);
		all += fuel;
		EQUAL(four.dev.tape[1], (uint8_t)all);
	}
	tick(0);
	bfk_destroy(four.bfk);
}

static void counts(void)
{
	four_each(adds_up);
}

static const struct test tests[] = {
	{ "interrupt (before the run begins): it returns at once, with its files, and continues",
	  before },
	{ "interrupt (before the run begins) leaves all of its fuel", fuel },
	{ "interrupt (the next run is refused) does not stop the one after it", refused },
	{ "interrupt (in a loop without end) stops it, with its output, and it continues", loop },
	{ "interrupt (in a loop of operations that never wait) stops it", operations },
	{ "interrupt (in %x of a terabyte) stops it, and it continues", move },
	{ "interrupt (again and again) takes no fuel and repeats nothing", counts },
};

FOUR_CASES(tests)
