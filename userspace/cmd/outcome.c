// SPDX-License-Identifier: GPL-2.0-only
/* What a run came to: exit status, message, statistics. Interface: outcome.h */
#include "outcome.h"
#include "cli.h"
#include "explain.h"
#include "guess.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In the kernel this errno may be about the kind of file, and in a process that kind can be used. */
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

static int say_failure(struct cli_source *source, const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;
	const char *error = strerror(run->fail_errno);
	char letter = run->fail_letter;

	if (letter == ',')
		cli_say_at(source, run->fail_off, ", on slot 0 failed: %s", error);
	else if (letter == '.')
		cli_say_at(source, run->fail_off, ". on slot 1 failed: %s", error);
	else
		cli_say_at(source, run->fail_off, "%%%c (%s) failed: %s", letter,
			   cli_op_name(letter), error);
	cli_explain(run, outcome->slots);
	cli_hint_source(source, outcome->is_plain);
	hint_kind(outcome);
	return CLI_FAILED;
}

/* The exit status a run comes to, as bfk(1) promises it, and what there is to say about it. */
int cli_outcome(struct cli_source *source, const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;

	switch (outcome->result.status) {
	case BFK_STATUS_QUIT:
		return run->exit_code;
	case BFK_STATUS_FUEL:
		cli_say_at(source, run->source_off, "out of fuel after %" PRIu64 " loop iterations",
			   outcome->fuel_given);
		cli_hint("give more with --fuel, or none at all for no limit");
		return CLI_FAILED;
	default:
		return run->fail_errno ? say_failure(source, outcome) : CLI_OK;
	}
}

/* Why an engine that makes machine code has interpreted this program; "" if it has not. */
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

void cli_say_stats(const struct cli_outcome *outcome)
{
	const struct bfk_result *run = &outcome->result;

	fprintf(stderr, "engine:       %s%s\n", bfk_where_name(outcome->where),
		why_interpreted(outcome));
	fprintf(stderr, "status:       %s\n", bfk_status_name(outcome->result.status));
	fprintf(stderr, "ops:          %" PRIu32 "\n", run->n_ops);
	fprintf(stderr, "machine code: %" PRIu32 " bytes\n", run->text_len);
	fprintf(stderr, "time:         %" PRIu64 ".%06" PRIu64 " s\n", outcome->ns / 1000000000,
		outcome->ns % 1000000000 / 1000);
	fprintf(stderr, "%%-operations: %" PRIu64 "\n", run->sysops);
	fprintf(stderr, "read:         %" PRIu64 " bytes\n", run->read_len);
	fprintf(stderr, "written:      %" PRIu64 " bytes\n", run->write_len);
	fprintf(stderr, "fuel used:    %" PRIu64 "\n", outcome->fuel_given - run->fuel_left);
}
