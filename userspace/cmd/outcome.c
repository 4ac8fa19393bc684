// SPDX-License-Identifier: GPL-2.0-only
/* The result of a run: exit status, message, statistics. Interface: outcome.h */
#include "outcome.h"
#include "cli.h"
#include "engine.h"
#include "explain.h"
#include "guess.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* In the kernel EINVAL may mean a kind of file that only a process can use. */
static void hint_kind(const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;
	bool in_kernel = outcome->where == BFK_WHERE_KERNEL ||
			 outcome->where == BFK_WHERE_KERNEL_INTERP;

	if (in_kernel && run->fail_errno == EINVAL && strchr("rwgp,.", run->fail_letter))
		cli_hint("this may be a kind of file that only a process can use (see LIMITS in "
			 "bfk(7)): try -E %s",
			 cli_own_engine());
}

/* "%r (read) failed", or ". on slot 1 failed" */
static void put_failed(char *text, size_t len, char letter)
{
	if (letter == ',')
		snprintf(text, len, ", on slot 0 failed");
	else if (letter == '.')
		snprintf(text, len, ". on slot 1 failed");
	else
		snprintf(text, len, "%%%c (%s) failed", letter, cli_op_name(letter));
}

static int say_failure(struct cli_source *source, const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;
	char failed[64];

	put_failed(failed, sizeof(failed), run->fail_letter);
	cli_say_at(source, run->fail_off, "%s: %s", failed, strerror(run->fail_errno));
	cli_explain(run, outcome->slots);
	cli_hint_source(source, outcome->is_plain);
	hint_kind(outcome);
	return CLI_FAILED;
}

/* Returns the exit status for a run, as bfk(1) documents it, and prints why it is not 0. */
int cli_outcome(struct cli_source *source, const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;

	switch (outcome->result.status) {
	case BFK_STATUS_QUIT:
		return run->exit_code;
	case BFK_STATUS_FUEL:
		cli_say_at(source, run->source_off,
			   "out of fuel after %" PRIu64 " loop iteration%s", outcome->fuel_given,
			   cli_plural(outcome->fuel_given));
		cli_hint("give more with --fuel, or none at all for no limit");
		return CLI_FAILED;
	default:
		return run->fail_errno ? say_failure(source, outcome) : CLI_OK;
	}
}

/* Returns why the kernel or jit engine interpreted the program; "" if it did not. */
static const char *why_interpreted(const struct cli_outcome *outcome)
{
	struct bfk_info info;

	if (outcome->result.engine != BFK_ENGINE_INTERP ||
	    (outcome->where != BFK_WHERE_KERNEL && outcome->where != BFK_WHERE_JIT))
		return "";
	if (!bfk_info(outcome->where, &info) && !(info.features & BFK_FEATURE_JIT))
		return " (interpreted: no machine code on this architecture)";
	return " (interpreted: no room for machine code)";
}

bool cli_is_stopped(const struct bfk_result *result)
{
	return result->status == BFK_STATUS_SIGNAL || result->status == BFK_STATUS_OP ||
	       (result->status == BFK_STATUS_FUEL && result->fuel_left);
}

static void put_status(const struct cli_outcome *outcome)
{
	if (outcome->signo)
		fprintf(stderr, "status:       signal (%s)\n", strsignal(outcome->signo));
	else if (cli_is_stopped(&outcome->result))
		fputs("status:       running\n", stderr);
	else
		fprintf(stderr, "status:       %s\n", bfk_status_name(outcome->result.status));
}

/* Prints the last operation that is known to have failed, whatever ended the run after it. */
static void put_last_failure(struct cli_source *source, const struct bfk_result *run)
{
	char failed[64];
	struct cli_place place;

	if (!run->fail_errno)
		return;
	put_failed(failed, sizeof(failed), run->fail_letter);
	fprintf(stderr, "last failure: %s: %s, ", failed, strerror(run->fail_errno));
	if (source->ops) {
		fprintf(stderr, "op %" PRIu32 "\n", run->fail_off);
		return;
	}
	place = cli_place(source, run->fail_off);
	fprintf(stderr, "at %zu:%zu\n", place.line, place.col);
}

void cli_say_stats(struct cli_source *source, const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;

	fprintf(stderr, "engine:       %s%s\n", bfk_where_name(outcome->where),
		why_interpreted(outcome));
	put_status(outcome);
	put_last_failure(source, &outcome->failed);
	fprintf(stderr, "ops:          %" PRIu32 "\n", run->n_ops);
	fprintf(stderr, "machine code: %" PRIu32 " byte%s\n", run->text_len,
		cli_plural(run->text_len));
	fprintf(stderr, "time:         %" PRIu64 ".%06" PRIu64 " s\n", outcome->ns / 1000000000,
		outcome->ns % 1000000000 / 1000);
	fprintf(stderr, "%%-operations: %" PRIu64 "\n", run->sysops);
	fprintf(stderr, "read:         %" PRIu64 " byte%s\n", run->read_len,
		cli_plural(run->read_len));
	fprintf(stderr, "written:      %" PRIu64 " byte%s\n", run->write_len,
		cli_plural(run->write_len));
	fprintf(stderr, "fuel used:    %" PRIu64 "\n", outcome->fuel_given - run->fuel_left);
}
