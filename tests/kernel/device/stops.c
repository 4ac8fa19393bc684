// SPDX-License-Identifier: GPL-2.0-only
/* What may change at a stop (frame, flags, fuel, program), and what happens then? */
#include "stops.h"

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
	{ "a frame is unchanged at its stop, and has its result at the next one", frames },
	{ "RUN (without the flag) continues freely, and a later one (with it) stops", one_run_only },
	{ "RUN (fuel 0) does nothing, and the operation does not stop the run again", no_fuel },
	{ "RUN (unknown flag) is EINVAL, and the run is unchanged", unknown_flags },
	{ "an operation (go set to 0 at its stop) is skipped, and the next one stops", skipped },
	{ "an operation (slot and cap changed at its stop) reads its frame again", slot_changed },
	{ "RESET and LOAD at a stop: the first operation stops the run again", forgotten },
	{ "closing a descriptor at a stop ends the run", closed },
};

FOUR_CASES(tests)
