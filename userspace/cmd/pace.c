// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a program to its end, in parts if its output is a terminal: RUN writes the output of '.' when it
 * returns, so with fuel for a moment at a time output is shown a moment later at most.
 *
 * Interface: pace.h
 */
#define _GNU_SOURCE
#include "pace.h"
#include "cli.h"
#include "signals.h"
#include "terminal.h"
#include <string.h>
#include <unistd.h>

#define MOMENT_NS 100000000ull
#define PART_FIRST (1ull << 16) /* jumps back, between which there may be a few hundred ops */
#define PART_MAX (1ull << 23)	/* enough to make a call of RUN cheap, few enough to be over soon */

struct cli_pace cli_pace_for(int fd)
{
	return (struct cli_pace){ .part = fd >= 0 && cli_is_terminal(fd) ? PART_FIRST :
									   UINT64_MAX };
}

uint64_t cli_pace_begin(struct cli_pace *pace, uint64_t fuel)
{
	uint64_t part = fuel < pace->part ? fuel : pace->part;

	pace->held_back = fuel - part;
	if (pace->held_back)
		pace->start_ns = cli_now_ns();
	return part;
}

/* After a part that was used up, adjusts the next so that it takes about a moment. */
static void adapt(struct cli_pace *pace)
{
	uint64_t ns = cli_now_ns() - pace->start_ns;

	if (ns > MOMENT_NS)
		pace->part = 1 + pace->part * MOMENT_NS / ns;
	else if (ns < MOMENT_NS / 2 && pace->part < PART_MAX)
		pace->part *= 2;
}

void cli_pace_end(struct cli_pace *pace, struct bfk_result *result)
{
	if (pace->held_back && result->status == BFK_STATUS_FUEL)
		adapt(pace);
	result->fuel_left += pace->held_back;
	pace->held_back = 0;
}

static bool has_quit(const struct cli_source *source)
{
	size_t i;

	if (!source->ops)
		return memmem(source->text, source->len, "%q", 2);
	for (i = 0; i < source->n_ops; i++)
		if (source->ops[i].kind == BFK_OP_SYS && source->ops[i].val == 'q')
			return true;
	return false;
}

/*
 * An engine reports only the last operation, which is %q in a program that ends with it. A run that stops
 * before each operation shows whether the one before it failed.
 */
static uint32_t flags_for(const struct cli_source *source, const struct cli_outcome *outcome)
{
	return outcome->wants_failed && has_quit(source) ? BFK_RUN_STOP_OPS : 0;
}

/* Writes the output that slot 1 has not taken because a signal came. Without fuel RUN does nothing else. */
static void write_rest(struct bfk *bfk, struct cli_outcome *outcome)
{
	uint64_t start_ns = cli_now_ns();
	struct bfk_result result;
	int err;

	do {
		err = bfk_run(bfk, NULL, 0, 0, 0, &result);
		if (!err)
			outcome->result.write_len = result.write_len;
	} while (!err && result.status == BFK_STATUS_SIGNAL &&
		 cli_now_ns() - start_ns < CLI_GRACE_NS);
}

int cli_run(struct bfk *bfk, struct cli_source *source, const struct cli_slots *slots,
	    struct cli_outcome *outcome)
{
	struct cli_pace pace = cli_pace_for(slots->fds[1]);
	unsigned int n_fds = sizeof(slots->fds) / sizeof(int);
	uint64_t start_ns = cli_now_ns(), fuel;
	struct bfk_result *result = &outcome->result;
	uint32_t flags = flags_for(source, outcome);
	int err;

	cli_signals_watch(bfk);
	result->fuel_left = outcome->fuel_given;
	do {
		fuel = cli_pace_begin(&pace, result->fuel_left);
		err = bfk_run(bfk, slots->fds, n_fds, fuel, flags, result);
		if (err)
			break;
		if (result->fail_errno && (flags || !cli_is_stopped(result)))
			outcome->failed = *result;
		n_fds = 0;
		cli_pace_end(&pace, result);
		outcome->ns = cli_now_ns() - start_ns;
		if (cli_signals_asked() && cli_is_stopped(result))
			cli_say_stats(source, outcome);
		outcome->signo = cli_signals_end();
	} while (!outcome->signo && cli_is_stopped(result));
	if (outcome->signo && result->status == BFK_STATUS_SIGNAL)
		write_rest(bfk, outcome);
	cli_signals_forget();
	return err;
}
