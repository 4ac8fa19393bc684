// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a run stop exactly once before an operation, if a signal cuts short the operation or the
 * output before it?
 */
#include "stops.h"

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

static const struct test tests[] = {
	{ "a read (after its stop, cut short by signals) continues without another stop",
	  read_cut_short },
	{ "a write (cut short with or without the flag) stops the run once, and writes nothing twice",
	  write_cut_short },
	{ "output before an operation is written before the stop", output_is_out },
	{ "output before an operation (cut short by a signal) delays the stop", output_cut_short },
	{ "output before an operation (failing) ends the run without a stop", output_fails },
};

FOUR_CASES(tests)
